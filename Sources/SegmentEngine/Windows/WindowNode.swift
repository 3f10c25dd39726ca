import EventModel
import SegmentLanguage

/// WINDOW of the language, resolved against an instant; no window is all history.
final class WindowNode: Sendable {
    enum Kind: Sendable {
        case inLast(Int64)
        /// (now - from, now - to].
        case fromAgo(Int64, to: Int64)
        case beforeAgo(Int64)
        /// [from, to), either end open.
        case absolute(from: Int64?, to: Int64?)
        case calendar(CalendarPeriod)
        case since(AnchorNode)
        case beforeEvent(AnchorNode)
        case withinAfter(Int64, AnchorNode)
    }

    let kind: Kind
    let traits: NodeTraits

    init(_ kind: Kind) {
        self.kind = kind
        switch kind {
        case .absolute: traits = .constant
        case .inLast, .fromAgo, .beforeAgo, .calendar: traits = NodeTraits(clock: .steps)
        case .since(let anchor), .beforeEvent(let anchor), .withinAfter(_, let anchor): traits = anchor.traits
        }
    }

    /// The event that a window starts from or ends at.
    var anchor: AnchorNode? {
        switch kind {
        case .since(let anchor), .beforeEvent(let anchor), .withinAfter(_, let anchor): anchor
        default: nil
        }
    }

    /// The stretch of history at the frame's now.
    func span(_ frame: Frame) -> Span {
        let now = frame.now
        let afterNow = Position(afterAllOf: now)
        switch kind {
        case .inLast(let length):
            var span = Span(start: Position(afterAllOf: now.subtractingSaturating(length)), end: afterNow)
            span.leavesAfter = length
            return span
        case .fromAgo(let from, let to):
            var span = Span(
                start: Position(afterAllOf: now.subtractingSaturating(from)),
                end: Position(afterAllOf: now.subtractingSaturating(to)))
            span.leavesAfter = from
            span.entersAfter = to
            return span
        case .beforeAgo(let length):
            var span = Span(end: Position(afterAllOf: now.subtractingSaturating(length)))
            span.entersAfter = length
            return span
        case .absolute(let from, let to):
            return Span(
                start: from.map { Position(atStartOf: $0) } ?? .start,
                end: min(to.map { Position(atStartOf: $0) } ?? .end, afterNow))
        case .calendar(let period):
            let bounds = CalendarBounds(period, now: now, zone: frame.evaluator.settings.zone)
            var span = Span(
                start: Position(atStartOf: bounds.start), end: min(Position(atStartOf: bounds.end), afterNow))
            span.boundary = bounds.next
            return span
        case .since(let anchor):
            let found = anchor.find(frame)
            var span = Span(start: found.position?.next ?? .start, end: afterNow)
            span.until = found.until
            return span
        case .beforeEvent(let anchor):
            let found = anchor.find(frame)
            var span = Span(end: found.position ?? afterNow)
            span.until = found.until
            return span
        case .withinAfter(let length, let anchor):
            let found = anchor.find(frame)
            var span = Span.empty
            if let position = found.position {
                span = Span(
                    start: position.next,
                    end: min(Position(afterAllOf: position.time.addingSaturating(length)), afterNow))
            }
            span.until = found.until
            return span
        }
    }

    /// The window as instants, for changes of membership: the first inside, the last inside (at most now).
    ///
    /// Changes count by time: after an event means strictly after its time.
    func instants(_ frame: Frame) -> (first: Int64, last: Int64, span: Span) {
        let span = span(frame)
        var first = span.start.time
        var last = span.end.time.subtractingSaturating(1)
        switch kind {
        case .since, .withinAfter: if span.start.arrival > 0 { first = first.addingSaturating(1) }
        default: break
        }
        last = min(last, frame.now)
        return (first, last, span)
    }
}
