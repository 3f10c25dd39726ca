import SegmentLanguage

/// `every E [where F] [WINDOW] has (G)`: at least one matching event, and all of them satisfy G.
final class EveryNode: ConditionNode, @unchecked Sendable {
    let query: QueryNode
    let requirement: ConditionNode

    init(slot: Int, source: Condition, query: QueryNode, requirement: ConditionNode) {
        self.query = query
        self.requirement = requirement
        let clock = max(query.traits.clock, requirement.traits.clock == .still ? .still : .steps)
        super.init(slot: slot, traits: NodeTraits(readsGroup: true, clock: clock), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let (count, failing, until) = observed(frame)
        return Truth(count > 0 && failing == 0, until: until)
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        guard let query = sweep.query(query) else { return super.sift(candidates, sweep) }
        let filter = RowFilter.make(requirement, sweep)
        let sources = query.sources(for: candidates)
        let satisfying = sources.map { filter.mask($0.stretches.rows) }
        return candidates.filter { profile in
            var hasAny = false
            for (source, satisfying) in zip(sources, satisfying) {
                var isSatisfied = true
                source.forEachRow(of: profile) { row in
                    hasAny = true
                    if isSatisfied { isSatisfied = satisfying?.contains(row) ?? filter.holds(row, profile) }
                }
                if !isSatisfied { return false }
            }
            return hasAny
        }
    }

    override var siftingCost: Int { query.sweepingCost + 3 }

    /// How many events match, how many of them fail G.
    func observed(_ frame: Frame) -> (count: Int, failing: Int, until: Int64) {
        var count = 0
        var failing = 0
        var inner = never
        let until = query.forEachMatch(frame) { place in
            let truth = requirement.evaluate(frame, place)
            count += 1
            if !truth.holds { failing += 1 }
            inner = min(inner, truth.until)
        }
        return (count, failing, min(inner, until))
    }

    override var patternsNeeded: [Pattern]? { [query.pattern] }

    override func explain(_ frame: Frame) -> Explanation { Explanation(every: self, frame) }
}
