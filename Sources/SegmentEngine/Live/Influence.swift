import EventModel
import SegmentLanguage

/// Which way one more message can turn a condition's answer, at any instant.
enum Influence {
    case none
    /// Only from failing to holding: as long as it holds, it goes on to hold.
    case grows
    /// Only from holding to failing.
    case shrinks
    case both

    /// Whether an answer stays what it was, with the same instant up to which it is sure.
    func keeps(_ truth: Truth) -> Bool {
        switch self {
        case .none: true
        case .grows: truth.holds
        case .shrinks: !truth.holds
        case .both: false
        }
    }

    fileprivate var opposite: Influence {
        switch self {
        case .grows: .shrinks
        case .shrinks: .grows
        case .none, .both: self
        }
    }

    fileprivate func joined(with other: Influence) -> Influence {
        switch (self, other) {
        case (.none, _): other
        case (_, .none): self
        case (.grows, .grows), (.shrinks, .shrinks): self
        default: .both
        }
    }
}

/// Finds out which way messages of one kind turn the conditions of a plan.
final class Influences {
    let plan: Plan
    let incoming: Incoming
    /// Whether it comes after all that is visible.
    let isInOrder: Bool
    /// By slot: definitions share much.
    private var known: [Int: Influence] = [:]

    init(of incoming: Incoming, isInOrder: Bool, plan: Plan) {
        self.plan = plan
        self.incoming = incoming
        self.isInOrder = isInOrder
    }

    func on(_ body: Plan.Body, _ interest: Interest) -> Influence {
        switch body {
        case .segment(let condition): on(condition)
        case .metric: plan.isAffected(interest, by: incoming) ? .both : .none
        }
    }

    func on(_ condition: ConditionNode) -> Influence {
        if let known = known[condition.slot] { return known }
        let influence = find(condition)
        known[condition.slot] = influence
        return influence
    }

    private func find(_ condition: ConditionNode) -> Influence {
        guard let interest = plan.interestOfSlot[condition.slot] else { return .both }
        guard plan.isAffected(interest, by: incoming) else { return .none }
        // Traits can change what matches.
        guard incoming.kind == .track || incoming.kind == .page || incoming.kind == .screen else { return .both }
        switch condition {
        case let node as AndNode: return on(node.operands)
        case let node as OrNode: return on(node.operands)
        case let node as NotNode: return on(node.operand).opposite
        case let node as InSegmentNode: return on(node.segment.condition)
        case let node as DidNode:
            return countsUp(node.query, node.requirement.unit) ? node.requirement.influence : .both
        case let node as ForGroupsNode: return node.quantifier != .every && on(node.body) == .grows ? .grows : .both
        case let node as CompareNode: return on(node)
        case let node as SequenceNode: return on(node)
        default: return .both
        }
    }

    private func on(_ operands: [ConditionNode]) -> Influence {
        operands.reduce(.none) { $0.joined(with: on($1)) }
    }

    /// More events are never a smaller number of events, days or different values.
    private func on(_ node: CompareNode) -> Influence {
        guard node.right is ConstantNode, countsUp(node.left.swept) else { return .both }
        switch node.comparison {
        case .greater, .greaterOrEqual: return .grows
        case .less, .lessOrEqual: return .shrinks
        case .equal, .notEqual: return .both
        }
    }

    private func countsUp(_ value: ValueNode) -> Bool {
        switch value {
        case let count as CountAggregate: countsUp(count.query, count.unit)
        case let distinct as DistinctAggregate: !distinct.isList && countsUp(distinct.query, .times)
        default: false
        }
    }

    /// Where a chain is enough and nothing forbids one, more events can only make one.
    private func on(_ node: SequenceNode) -> Influence {
        guard let turn = node.requirement.onlyTurn, turn.count == 1, node.requirement.unit == .times,
            node.trailing.isEmpty, node.gaps.allSatisfy(\.isEmpty), node.window?.anchor == nil,
            node.steps.allSatisfy({ countsUp($0, .times) })
        else { return .both }
        return turn.holdsFromThere ? .grows : .shrinks
    }

    /// Whether one more message never takes away an event that matched at some instant.
    ///
    /// A late browsing event can make one visit of two, a late order can take the place of one that repeats it; any can
    /// change the properties of a visit, and move windows with their anchors.
    private func countsUp(_ query: QueryNode, _ unit: CountRequirement.Unit) -> Bool {
        if query.window?.anchor != nil { return false }
        if query.pattern.isVisit || unit == .visits { return isInOrder && query.filter == nil && unit == .times }
        return isInOrder || !query.pattern.matches(EventName.orderCompleted)
    }
}

extension CountRequirement {
    fileprivate var influence: Influence {
        onlyTurn.map { $0.holdsFromThere ? .grows : .shrinks } ?? .both
    }
}
