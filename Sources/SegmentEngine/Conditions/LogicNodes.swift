import SegmentLanguage

/// `A and B and ..`
final class AndNode: ConditionNode, @unchecked Sendable {
    let operands: [ConditionNode]
    /// The same in the order in which they are asked.
    private let cheapestFirst: [ConditionNode]

    init(slot: Int, source: Condition, operands: [ConditionNode]) {
        self.operands = operands
        cheapestFirst = operands.sorted { $0.siftingCost < $1.siftingCost }
        super.init(slot: slot, traits: .joined(operands.map(\.traits)), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        if !traits.readsRow {
            for operand in cheapestFirst {
                if let truth = operand.known(frame), !truth.holds { return truth }
            }
        }
        var until = never
        for operand in cheapestFirst {
            let truth = operand.evaluate(frame, place)
            // As long as one fails, all do.
            if !truth.holds { return truth }
            until = min(until, truth.until)
        }
        return Truth(true, until: until)
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        var rest = candidates
        for operand in cheapestFirst where !rest.isEmpty { rest = operand.members(among: rest, sweep) }
        return rest
    }

    override var isMadeOfOthers: Bool { true }

    override var isOfRowAlone: Bool { operands.allSatisfy(\.isOfRowAlone) }

    override var siftingCost: Int { cheapestFirst.first?.siftingCost ?? 0 }

    override func siftForGroups(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        operands.reduce(candidates) { $1.siftForGroups($0, sweep) }
    }

    override func failsInGroups(_ frame: Frame) -> Int64? {
        for operand in cheapestFirst {
            if let until = operand.failsInGroups(frame) { return until }
        }
        return nil
    }

    override func explain(_ frame: Frame) -> Explanation {
        Explanation(self, evaluate(frame, .none), children: operands.map { $0.explain(frame) })
    }

    override var patternsNeeded: [Pattern]? {
        for operand in operands {
            if let needed = operand.patternsNeeded { return needed }
        }
        return nil
    }
}

/// `A or B or ..`
final class OrNode: ConditionNode, @unchecked Sendable {
    let operands: [ConditionNode]

    init(slot: Int, source: Condition, operands: [ConditionNode]) {
        self.operands = operands
        super.init(slot: slot, traits: .joined(operands.map(\.traits)), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        if !traits.readsRow {
            for operand in operands {
                if let truth = operand.known(frame), truth.holds { return truth }
            }
        }
        var until = never
        for operand in operands {
            let truth = operand.evaluate(frame, place)
            // As long as one holds, that is enough.
            if truth.holds { return truth }
            until = min(until, truth.until)
        }
        return Truth(false, until: until)
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        var rest = candidates
        var holding: [Int32] = []
        for operand in operands where !rest.isEmpty {
            let found = operand.members(among: rest, sweep)
            rest = rest.subtracting(found)
            holding = holding.merged(with: found)
        }
        return holding
    }

    override var isMadeOfOthers: Bool { true }

    override var isOfRowAlone: Bool { operands.allSatisfy(\.isOfRowAlone) }

    override var siftingCost: Int { operands.map(\.siftingCost).max() ?? 0 }

    override func explain(_ frame: Frame) -> Explanation {
        Explanation(self, evaluate(frame, .none), children: operands.map { $0.explain(frame) })
    }

    override var patternsNeeded: [Pattern]? {
        var all: [Pattern] = []
        for operand in operands {
            guard let needed = operand.patternsNeeded else { return nil }
            all += needed
        }
        return all
    }
}

/// `not A`
final class NotNode: ConditionNode, @unchecked Sendable {
    let operand: ConditionNode

    init(slot: Int, source: Condition, operand: ConditionNode) {
        self.operand = operand
        super.init(slot: slot, traits: operand.traits, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let truth = operand.evaluate(frame, place)
        return Truth(!truth.holds, until: truth.until)
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        candidates.subtracting(operand.members(among: candidates, sweep))
    }

    override var isMadeOfOthers: Bool { true }

    override var isOfRowAlone: Bool { operand.isOfRowAlone }

    override var siftingCost: Int { operand.siftingCost }

    override func explain(_ frame: Frame) -> Explanation {
        Explanation(self, evaluate(frame, .none), children: [operand.explain(frame)])
    }
}
