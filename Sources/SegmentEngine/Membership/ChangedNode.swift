import EventModel
import EventStore
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
        var isMember = false
        var pace = Pace()
        if instant > evaluator.created {
            let before = segment.membership(at: instant - 1, evaluator)
            isMember = before.holds
            instant = pace.next(after: instant - 1, until: before.until)
        }
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

    /// Who is a member at one end of the window only has changed. The others are followed, from one event that concerns
    /// the segment, or instant at which it changes by the clock, to the next.
    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        guard window?.anchor == nil, sweep.around == nil else { return super.sift(candidates, sweep) }
        let frame = sweep.evaluator.frame(at: sweep.now, wantsValidity: false)
        let (first, last, _) = window?.instants(frame) ?? (.min, sweep.now, Span(end: .end))
        sweep.evaluator.release(frame)
        if first > last { return [] }
        let firstTimes = sweep.block.firstTimes
        let existing = candidates.filtered { firstTimes[Int($0)] <= last }
        var wasMember = [Bool](repeating: false, count: firstTimes.count)
        if first > .min {
            let before = existing.filtered { firstTimes[Int($0)] < first }
            for profile in segment.condition.members(among: before, sweep.at(first - 1)) {
                wasMember[Int(profile)] = true
            }
        }
        var isMember = [Bool](repeating: false, count: firstTimes.count)
        for profile in segment.condition.members(among: existing, sweep.at(last)) { isMember[Int(profile)] = true }
        return existing.filter { profile in
            let isIn = isMember[Int(profile)]
            if isIn == entering, wasMember[Int(profile)] != isIn { return true }
            return evaluate(sweep.frame(of: profile), .none).holds
        }
    }

    override var siftingCost: Int { 100 + segment.condition.siftingCost }

    override func explain(_ frame: Frame) -> Explanation { Explanation(changed: self, frame) }
}
