import EventModel
import EventStore
import SegmentLanguage

/// One case of `make` per kind of value.
extension PlanBuilder {
    mutating func make(_ source: SegmentLanguage.Value, _ scope: Scope) -> ValueNode {
        if let value = constant(source) {
            return ConstantNode(slot: nextValueSlot(), source: source, value: value)
        }
        switch source.kind {
        case .now: return NowNode(slot: nextValueSlot(), source: source, offset: 0)
        case .ago(let length): return NowNode(slot: nextValueSlot(), source: source, offset: -length.milliseconds)
        case .fromNow(let length): return NowNode(slot: nextValueSlot(), source: source, offset: length.milliseconds)
        case .arithmetic(let left, let operation, let right):
            let leftNode = compile(left, scope)
            let rightNode = compile(right, scope)
            return ArithmeticNode(slot: nextValueSlot(), source: source, leftNode, operation, rightNode)
        case .negated(let operand):
            let node = compile(operand, scope)
            return NegatedNode(slot: nextValueSlot(), source: source, operand: node)
        case .timeFunction(let field, let local, let argument):
            if local { needTimezone() }
            let node = compile(argument, scope)
            return TimeFunctionNode(slot: nextValueSlot(), source: source, field: field, local: local, argument: node)
        case .eventField(let field, let local):
            if local { needTimezone() }
            return EventFieldNode(slot: nextValueSlot(), source: source, field: field, local: local)
        case .eventTime: return EventTimeNode(slot: nextValueSlot(), source: source)
        case .property(let path):
            let slot = slot(path)
            return PropertyNode(slot: nextValueSlot(), source: source, path: slot)
        case .aggregate(let aggregate, let expression, let query):
            return makeAggregate(source, aggregate, expression, query)
        default:
            return makeProfileValue(source)
        }
    }

    private mutating func makeProfileValue(_ source: SegmentLanguage.Value) -> ValueNode {
        switch source.kind {
        case .trait(let parts):
            footprint.interest.traits = true
            let top = column(.trait(Array(parts.prefix(1))))
            return TraitNode(slot: nextValueSlot(), source: source, topColumn: top, column: column(.trait(parts)))
        case .profileCreated: return ProfileCreatedNode(slot: nextValueSlot(), source: source)
        case .cart(let field):
            wellKnown.cart = CartColumns { column($0) }
            footprint.interest.names.formUnion(CartColumns.events)
            return CartNode(slot: nextValueSlot(), source: source, field: field)
        case .metric(let name):
            guard let metric = metric(name) else { break }
            return MetricNode(slot: nextValueSlot(), source: source, metric: metric)
        case .consent(let purpose):
            let lookup = consent(purpose)
            footprint.interest.traits = true
            return ConsentNode(slot: nextValueSlot(), source: source, lookup: lookup)
        case .bucket(let salt): return BucketNode(slot: nextValueSlot(), source: source, salt: salt)
        default: break
        }
        return ConstantNode(slot: nextValueSlot(), source: source, value: .null)
    }

    private mutating func makeAggregate(
        _ source: SegmentLanguage.Value, _ aggregate: Aggregate, _ expression: SegmentLanguage.Value?,
        _ query: EventQuery
    ) -> ValueNode {
        if aggregate == .visits { needVisits() }
        let node = self.query(query, over: expression)
        let x = expression.map { compile($0, Scope(inFilter: true, itemBound: true)) }
        let slot = nextValueSlot()
        switch aggregate {
        case .count: return CountAggregate(slot: slot, source: source, query: node, unit: .times)
        case .days: return CountAggregate(slot: slot, source: source, query: node, unit: .days)
        case .visits: return CountAggregate(slot: slot, source: source, query: node, unit: .visits)
        case .first, .last:
            return EdgeAggregate(
                slot: slot, source: source, query: node, expression: x, edge: aggregate == .first ? .first : .last)
        default: break
        }
        guard let x else { return ConstantNode(slot: slot, source: source, value: .null) }
        switch aggregate {
        case .sum, .average:
            return SumAggregate(
                slot: slot, source: source, query: node, expression: x, isAverage: aggregate == .average)
        case .minimum, .maximum:
            return ExtremeAggregate(
                slot: slot, source: source, query: node, expression: x, isMaximum: aggregate == .maximum)
        case .median: return MedianAggregate(slot: slot, source: source, query: node, expression: x)
        case .distinct, .list:
            return DistinctAggregate(slot: slot, source: source, query: node, expression: x, isList: aggregate == .list)
        case .mostFrequent: return MostFrequentAggregate(slot: slot, source: source, query: node, expression: x)
        case .count, .days, .visits, .first, .last:
            return ConstantNode(slot: slot, source: source, value: .null)
        }
    }

    /// The value of a literal; nil when it is none.
    func constant(_ source: SegmentLanguage.Value) -> Value? {
        switch source.kind {
        case .number(let number): .number(number)
        case .percent(let percent): percent.divided(by: 100).map(Value.number) ?? .null
        case .string(let text): .string(text)
        case .bool(let flag): .bool(flag)
        case .duration(let length): .duration(milliseconds: Decimal128(Int(length.milliseconds)))
        case .time(let literal): .time(literal.instant(in: settings.zone))
        case .weekday(let weekday): .number(Decimal128(weekday.rawValue))
        case .consentState(let state): .string(Text(state.rawValue))
        case .negated(let operand):
            switch operand.kind {
            case .number(let number): .number(number.negated)
            default: nil
            }
        default: nil
        }
    }
}
