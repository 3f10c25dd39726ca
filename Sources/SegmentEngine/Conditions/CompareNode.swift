import EventModel
import SegmentLanguage

/// `V cmp V` between any two values.
final class CompareNode: ConditionNode, @unchecked Sendable {
    let left: ValueNode
    let comparison: Comparison
    let right: ValueNode
    let ignoringCase: Bool

    init(
        slot: Int, source: Condition, _ left: ValueNode, _ comparison: Comparison, _ right: ValueNode,
        ignoringCase: Bool
    ) {
        self.left = left
        self.comparison = comparison
        self.right = right
        self.ignoringCase = ignoringCase
        super.init(slot: slot, traits: left.traits.joined(with: right.traits), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let leftValue = left.evaluate(frame, place)
        let rightValue = right.evaluate(frame, place)
        let holds = frame.evaluator.comparing.holds(
            leftValue.value, comparison, rightValue.value, ignoringCase: ignoringCase)
        guard frame.wantsValidity, traits.clock != .still else { return Truth(holds) }
        if traits.clock == .steps { return Truth(holds, until: min(leftValue.until, rightValue.until)) }
        return Truth(
            holds, until: PairStability.end(left, comparison, right, ignoringCase: ignoringCase, frame, place))
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        if let holding = siftVisits(candidates, sweep) { return holding }
        let first = sweep.column(of: left, for: candidates)
        if let constant = right.swept as? ConstantNode, let bound = first.kind.bound(of: constant.value) {
            return first.filter(candidates) { comparison.holds($0, bound) }
        }
        let rest = candidates.filtered { !first.isNull($0) }
        let second = sweep.column(of: right, for: rest)
        if first.kind == second.kind, first.isWhole {
            let numbers = second.numbers
            return rest.filtered {
                !second.isNull($0) && comparison.holds(first.numbers[Int($0)], numbers[Int($0)])
            }
        }
        let comparing = sweep.evaluator.comparing
        let estimates = first.estimating.flatMap { own in second.estimating.map { (own, $0) } }
        return rest.filtered { profile in
            if let (own, other) = estimates, !second.isNull(profile),
                let order = own(profile).order(other(profile))
            {
                return comparison.holds(order, 0)
            }
            return comparing.holds(
                first.value(profile), comparison, second.value(profile), ignoringCase: ignoringCase)
        }
    }

    /// A count of visits beside a number: visits beyond it need not be found. Nil for other comparisons.
    private func siftVisits(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32]? {
        guard let count = left.swept as? CountAggregate, count.unit == .times, count.query.pattern.isVisit,
            !sweep.hasColumn(of: count), let constant = right.swept as? ConstantNode,
            let bound = ProfileColumn.Kind.count.bound(of: constant.value), bound < Int32.max,
            let counts = sweep.visitCounts(count.query, candidates, upTo: comparison.decidingCount(Int(bound)))
        else { return nil }
        return candidates.filteredByIndex { comparison.holds(Int64(counts[$0]), bound) }
    }

    override var siftingCost: Int { left.swept.fillingCost + right.swept.fillingCost }

    override func explain(_ frame: Frame) -> Explanation { Explanation(comparison: self, frame) }
}

extension Comparison {
    /// The count from which on a larger one compares with a bound alike; at least 1.
    fileprivate func decidingCount(_ bound: Int) -> Int {
        switch self {
        case .greaterOrEqual, .less: max(bound, 1)
        case .equal, .notEqual, .greater, .lessOrEqual: max(bound + 1, 1)
        }
    }
}

/// `V between a and b`: both ends included.
final class BetweenNode: ConditionNode, @unchecked Sendable {
    let low: CompareNode
    let high: CompareNode

    init(slot: Int, source: Condition, low: CompareNode, high: CompareNode) {
        self.low = low
        self.high = high
        super.init(slot: slot, traits: low.traits.joined(with: high.traits), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let first = low.evaluate(frame, place)
        if !first.holds { return first }
        let second = high.evaluate(frame, place)
        return second.holds ? Truth(true, until: min(first.until, second.until)) : second
    }

    override func sift(_ candidates: [Int32], _ sweep: BlockSweep) -> [Int32] {
        high.members(among: low.members(among: candidates, sweep), sweep)
    }

    override var isMadeOfOthers: Bool { true }

    override var siftingCost: Int { low.siftingCost }

    override func explain(_ frame: Frame) -> Explanation { Explanation(between: self, frame) }
}

/// `V in (..)`, `V not in (..)` with elements that are not all literals, or a value of the profile.
final class InNode: ConditionNode, @unchecked Sendable {
    let value: ValueNode
    let elements: [ValueNode]
    let negated: Bool
    let ignoringCase: Bool

    init(slot: Int, source: Condition, value: ValueNode, elements: [ValueNode], negated: Bool, ignoringCase: Bool) {
        self.value = value
        self.elements = elements
        self.negated = negated
        self.ignoringCase = ignoringCase
        super.init(
            slot: slot, traits: value.traits.joined(with: .joined(elements.map(\.traits))), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        let own = value.evaluate(frame, place)
        var found = false
        var until = own.value.isComparable && value.traits.clock == .flows ? never : own.until
        for element in elements {
            let other = element.evaluate(frame, place)
            if frame.evaluator.comparing.equal(own.value, other.value, ignoringCase: ignoringCase) { found = true }
            guard frame.wantsValidity else { continue }
            let flows = max(value.traits.clock, element.traits.clock) == .flows
            let pair =
                flows
                ? PairStability.end(value, .equal, element, ignoringCase: ignoringCase, frame, place)
                : min(own.until, other.until)
            until = min(until, pair)
        }
        return Truth(own.value.isComparable && found != negated, until: until)
    }

    override func explain(_ frame: Frame) -> Explanation { Explanation(value: value, self, frame) }
}
