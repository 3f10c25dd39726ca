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
        var matching = [Int32](repeating: 0, count: candidates.count)
        var failing = matching
        for source in query.sources(for: candidates) {
            var rest = source.mask ?? RowMask(source.stretches)
            var satisfying = rest
            if source.filter == nil, filter.refine(&satisfying) {
                rest.subtract(satisfying)
                source.countRows(of: candidates, upTo: 1, &matching)
                source.masked(rest).countRows(of: candidates, upTo: 1, &failing)
            } else {
                source.forEachRow(of: candidates) { index, row in
                    matching[index] &+= 1
                    if failing[index] == 0, !filter.holds(row, candidates[index]) { failing[index] = 1 }
                }
            }
        }
        return candidates.filteredByIndex { matching[$0] > 0 && failing[$0] == 0 }
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
