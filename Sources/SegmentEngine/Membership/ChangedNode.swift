import EventModel
import SegmentLanguage

/// `entered segment S [WINDOW]`, `left segment S [WINDOW]`: a change of membership at an instant inside the window.
final class ChangedNode: ConditionNode, @unchecked Sendable {
    let segment: SegmentReference
    /// Whether entering is asked for; else leaving.
    let entering: Bool
    let window: WindowNode?

    init(slot: Int, source: Condition, segment: SegmentReference, entering: Bool, window: WindowNode?) {
        self.segment = segment
        self.entering = entering
        self.window = window
        var oldest = Int64.max
        if case .inLast(let length) = window?.kind { oldest = length }
        super.init(
            slot: slot,
            traits: NodeTraits(
                readsGroup: window?.traits.readsGroup ?? false, clock: .steps,
                ranks: segment.condition.traits.ranks(from: oldest, to: 0)),
            source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let changes = changes(frame)
        guard frame.wantsValidity else { return Truth(!changes.inside.isEmpty) }
        var until = changes.span.until
        if let last = changes.inside.last {
            return Truth(true, until: min(until, changes.span.exit(of: last)))
        }
        if let pending = changes.after.first { until = min(until, changes.span.entry(of: pending)) }
        return Truth(false, until: min(until, changes.next))
    }

    struct Changes {
        var span: Span
        /// Instants of changes inside the window, ascending; only the first when no validity is wanted.
        var inside: [Int64] = []
        /// Instants of changes after the window's end, up to now.
        var after: [Int64] = []
        /// When a change yet unknown can be inside.
        var next = never
    }

    /// Follows membership through the window and, where changes can enter it by the clock, on to now.
    func changes(_ frame: Frame) -> Changes {
        let evaluator = frame.evaluator
        let (first, last, span) = window?.instants(frame) ?? (.min, frame.now, Span(end: .end))
        var changes = Changes(span: span)
        let follows = frame.wantsValidity && (span.hasEntries || last >= frame.now)
        let end = follows ? frame.now : last
        var instant = max(first, evaluator.created)
        if first > last {
            // A window that has not begun yet; one of no length never holds anything.
            if last >= frame.now, span.leavesAfter == nil { changes.next = first }
            return changes
        }
        guard instant <= end else { return changes }
        var isMember =
            instant == evaluator.created
            ? false : segment.membership(at: instant - 1, evaluator, wantsValidity: false).holds
        var pace = Pace()
        while instant <= end {
            let truth = segment.membership(at: instant, evaluator)
            if truth.holds != isMember, truth.holds == entering {
                if instant <= last { changes.inside.append(instant) } else { changes.after.append(instant) }
                if !frame.wantsValidity { return changes }
            }
            isMember = truth.holds
            instant = pace.next(after: instant, until: truth.until)
        }
        changes.next = frame.wantsValidity ? afterwards(instant, last, span, frame) : never
        return changes
    }

    /// When a change at `instant`, after now, would be inside the window.
    private func afterwards(_ instant: Int64, _ last: Int64, _ span: Span, _ frame: Frame) -> Int64 {
        if last >= frame.now { return instant }
        return span.hasEntries ? span.entry(of: instant) : never
    }

    override func explain(_ frame: Frame) -> Explanation { Explanation(changed: self, frame) }
}
