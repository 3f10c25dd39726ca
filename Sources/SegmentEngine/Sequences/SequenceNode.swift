import EventModel
import SegmentLanguage

/// `sequence(A then B then not C, within D, same P) [COUNT] [WINDOW]`.
final class SequenceNode: ConditionNode, @unchecked Sendable {
    struct TrailingNot: Sendable {
        let query: QueryNode
        /// Its own `within`, ms; nil: up to the first event's time + the sequence's `within`.
        let within: Int64?
    }

    /// The positive steps, at least one.
    let steps: [QueryNode]
    /// The `not` steps after each positive step but the last; same count as `steps` less one.
    let gaps: [[QueryNode]]
    let trailing: [TrailingNot]
    /// From the first event to the last positive step, ms.
    let within: Int64?
    let same: PathSlot?
    let window: WindowNode?
    let requirement: CountRequirement

    init(
        slot: Int, source: Condition, steps: [QueryNode], gaps: [[QueryNode]], trailing: [TrailingNot],
        within: Int64?, same: PathSlot?, window: WindowNode?, requirement: CountRequirement
    ) {
        self.steps = steps
        self.gaps = gaps
        self.trailing = trailing
        self.within = within
        self.same = same
        self.window = window
        self.requirement = requirement
        isPlain =
            same == nil && window == nil && trailing.isEmpty && gaps.allSatisfy(\.isEmpty)
            && requirement.unit == .times && steps.allSatisfy { $0.window == nil && !$0.pattern.isVisit }
        let queries = steps + gaps.joined() + trailing.map(\.query)
        var traits = NodeTraits.joined(queries.map(\.traits)).joined(with: window?.traits ?? .constant)
        if !trailing.isEmpty { traits.clock = .steps }
        super.init(slot: slot, traits: traits, source: source)
    }

    /// Whether it has positive steps only, each of events in all of history, and no other ties between them than order.
    let isPlain: Bool

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        if let chains = PlainChains(self, frame) {
            return Truth(requirement.isMet(by: chains.count(upTo: requirement.decidingCount)))
        }
        let found = matches(frame)
        return Truth(requirement.isMet(by: count(found.matches, frame)), until: found.until)
    }

    /// A counted chain: its first and its last positive event.
    struct Match {
        var first: Occurrence
        var firstPosition: Position
        var last: Position
    }

    /// Goes through the first events in order; each chain found ends before the next one begins.
    func matches(_ frame: Frame) -> (matches: [Match], until: Int64) {
        var lists = SequenceLists(self, frame)
        guard let starts = lists.steps.first, !starts.isEmpty else { return ([], lists.until) }
        let span = window?.span(frame) ?? Span(end: Position(afterAllOf: frame.now))
        if frame.wantsValidity { lists.watch(span, self, frame) }
        let ends = lists.chainEnds(self, frame)
        var matches: [Match] = []
        var free = span.start
        for (start, end) in zip(starts, ends) where start.position >= free && start.position < span.end {
            guard let end else { continue }
            matches.append(Match(first: start.place, firstPosition: start.position, last: end))
            free = max(free, end.next)
        }
        return (matches, lists.until)
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        if requirement.isMet(by: 0) { return super.sift(candidates, sweep) }
        // Who lacks a step has no chain.
        var possible = candidates
        for step in steps {
            guard let query = sweep.query(step) else { continue }
            let counts = query.counts(of: possible, upTo: 1)
            possible = possible.filteredByIndex { counts[$0] > 0 }
        }
        guard requirement.unit == .times, var chains = SequenceSweep(self, sweep, for: possible) else {
            return super.sift(possible, sweep)
        }
        let limit = requirement.decidingCount
        return chains.sift(possible, upTo: limit) { requirement.isMet(by: $0) }
    }

    override var siftingCost: Int { 100 }

    func count(_ matches: [Match], _ frame: Frame) -> Int {
        var counter = DistinctCounter(unit: requirement.unit)
        for match in matches { counter.add(match.first, frame) }
        return counter.count
    }

    override var patternsNeeded: [Pattern]? { requirement.isMet(by: 0) ? nil : [steps[0].pattern] }

    override func explain(_ frame: Frame) -> Explanation { Explanation(sequence: self, frame) }
}
