import EventModel
import SegmentLanguage

/// One case of `make` per kind of condition.
extension PlanBuilder {
    mutating func make(_ source: Condition, _ scope: Scope) -> ConditionNode {
        if scope.inFilter, !scope.itemBound, source.isComparisonOfItems {
            // A bare item path in a comparison means any item, and all of them the same one.
            let inner = compile(source, Scope(inFilter: true, itemBound: true))
            return AnyItemNode(slot: nextConditionSlot(), source: source, filter: inner)
        }
        if scope.inFilter, let leaf = leaf(source, scope) { return leaf }
        switch source.kind {
        case .and(let operands):
            let nodes = operands.map { compile($0, scope) }
            return AndNode(slot: nextConditionSlot(), source: source, operands: nodes)
        case .or(let operands):
            let nodes = operands.map { compile($0, scope) }
            return OrNode(slot: nextConditionSlot(), source: source, operands: nodes)
        case .not(let operand):
            let node = compile(operand, scope)
            return NotNode(slot: nextConditionSlot(), source: source, operand: node)
        case .anyItem(let filter):
            let node = compile(filter, Scope(inFilter: true, itemBound: true))
            return AnyItemNode(slot: nextConditionSlot(), source: source, filter: node)
        case .everyItem(let filter):
            let node = compile(filter, Scope(inFilter: true, itemBound: true))
            return EveryItemNode(slot: nextConditionSlot(), source: source, filter: node)
        case .compare, .between, .isIn, .exists, .text, .anniversary:
            return makeComparison(source, scope)
        case .did, .didNot, .didInPeriods, .every, .sequence, .forGroups:
            return makeEventCondition(source)
        case .rank, .inSegment, .inSegmentForAtLeast, .wasInSegment, .entered, .left, .canReceive:
            return makeProfileCondition(source)
        }
    }

    // MARK: - Comparisons

    private mutating func makeComparison(_ source: Condition, _ scope: Scope) -> ConditionNode {
        switch source.kind {
        case .compare(let left, let comparison, let right, let ignoringCase):
            return compare(source, left, comparison, right, ignoringCase, scope)
        case .between(let value, let low, let high):
            let first = compare(source, value, .greaterOrEqual, low, false, scope)
            let second = compare(source, value, .lessOrEqual, high, false, scope)
            return BetweenNode(slot: nextConditionSlot(), source: source, low: first, high: second)
        case .isIn(let value, let elements, let negated, let ignoringCase):
            let node = compile(value, scope)
            let others = elements.map { compile($0, scope) }
            return InNode(
                slot: nextConditionSlot(), source: source, value: node, elements: others, negated: negated,
                ignoringCase: ignoringCase)
        case .exists(let value, let negated):
            let node = compile(value, scope)
            return ExistsNode(slot: nextConditionSlot(), source: source, value: node, negated: negated)
        case .text(let value, let textOperator, let wanted, let ignoringCase):
            let node = compile(value, scope)
            let other = compile(wanted, scope)
            return TextNode(
                slot: nextConditionSlot(), source: source, value: node, textOperator: textOperator, wanted: other,
                ignoringCase: ignoringCase)
        case .anniversary(let value, let window):
            needTimezone()
            let node = compile(value, scope)
            return AnniversaryNode(slot: nextConditionSlot(), source: source, value: node, window: window)
        default:
            return ConditionNode(slot: nextConditionSlot(), traits: .constant, source: source)
        }
    }

    private mutating func compare(
        _ source: Condition, _ left: SegmentLanguage.Value, _ comparison: Comparison,
        _ right: SegmentLanguage.Value, _ ignoringCase: Bool, _ scope: Scope
    ) -> CompareNode {
        let leftNode = compile(left, scope)
        let rightNode = compile(right, scope)
        return CompareNode(
            slot: nextConditionSlot(), source: source, leftNode, comparison, rightNode, ignoringCase: ignoringCase)
    }

    /// A comparison of one property with literals; nil when it is another.
    private mutating func leaf(_ source: Condition, _ scope: Scope) -> LeafNode? {
        guard let (path, kind) = leafTest(source) else { return nil }
        let slot = slot(path)
        defer { leafCount += 1 }
        return LeafNode(
            slot: nextConditionSlot(), source: source, path: slot,
            test: ValueTest(kind: kind, comparing: comparing), leaf: leafCount)
    }

    private func leafTest(_ source: Condition) -> (PropertyPath, ValueTest.Kind)? {
        switch source.kind {
        case .compare(let left, let comparison, let right, let ignoringCase):
            if let path = left.path, let other = constant(right) {
                return (path, .compare(comparison, other, ignoringCase: ignoringCase))
            }
            if let path = right.path, let other = constant(left) {
                return (path, .compare(comparison.mirrored, other, ignoringCase: ignoringCase))
            }
        case .between(let value, let low, let high):
            if let path = value.path, let low = constant(low), let high = constant(high) {
                return (path, .between(low, high))
            }
        case .isIn(let value, let elements, let negated, let ignoringCase):
            let others = elements.compactMap { constant($0) }
            if let path = value.path, others.count == elements.count {
                return (path, ValueTest.isIn(others, negated: negated, ignoringCase: ignoringCase))
            }
        case .exists(let value, let negated):
            if let path = value.path { return (path, .exists(negated: negated)) }
        case .text(let value, let textOperator, let wanted, let ignoringCase):
            if let path = value.path, let wanted = constant(wanted) {
                return (path, .text(TextTest(textOperator, wanted, ignoringCase: ignoringCase)))
            }
        default: break
        }
        return nil
    }
}

extension Comparison {
    /// The comparison with its sides exchanged.
    fileprivate var mirrored: Comparison {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

extension Condition {
    /// Whether this is a comparison, `exists` included, that names a path into the items.
    fileprivate var isComparisonOfItems: Bool {
        switch kind {
        case .compare(let left, _, let right, _): left.readsItems || right.readsItems
        case .between(let value, let low, let high): value.readsItems || low.readsItems || high.readsItems
        case .isIn(let value, let elements, _, _): value.readsItems || elements.contains { $0.readsItems }
        case .exists(let value, _): value.readsItems
        case .text(let value, _, let wanted, _): value.readsItems || wanted.readsItems
        case .anniversary(let value, _): value.readsItems
        default: false
        }
    }
}

extension SegmentLanguage.Value {
    fileprivate var path: PropertyPath? {
        if case .property(let path) = kind { path } else { nil }
    }

    /// Whether it names a path into the items, outside aggregates.
    var readsItems: Bool {
        switch kind {
        case .property(let path): path.scope == .items
        case .arithmetic(let left, _, let right): left.readsItems || right.readsItems
        case .negated(let value), .timeFunction(_, _, let value): value.readsItems
        default: false
        }
    }
}
