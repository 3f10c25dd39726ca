import EventModel
import EventStore
import SegmentLanguage

/// `sum(X of E ..)`, `average(X of E ..)`: exact, whatever the order of events, and rounded once.
final class SumAggregate: AggregateNode, @unchecked Sendable {
    let isAverage: Bool

    init(slot: Int, source: SegmentLanguage.Value, query: QueryNode, expression: ValueNode, isAverage: Bool) {
        self.isAverage = isAverage
        super.init(slot: slot, source: source, query: query, expression: expression)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        var sum = Decimal128.ExactSum()
        if let until = addColumn(to: &sum, frame) { return TimedValue(result(sum), until: until) }
        let until = forEachValue(frame) { value, _ in
            if let number = value.numeric { sum.add(number) }
        }
        return TimedValue(result(sum), until: until)
    }

    private func result(_ sum: Decimal128.ExactSum) -> Value {
        if isAverage { return sum.count == 0 ? .null : sum.average().map(Value.number) ?? .null }
        return sum.value().map(Value.number) ?? .null
    }

    /// The direct way for a property that is a column of decimals; nil where it does not apply.
    private func addColumn(to sum: inout Decimal128.ExactSum, _ frame: Frame) -> Int64? {
        let binding = frame.evaluator.binding
        guard let path = (expression as? PropertyNode)?.path, path.path.scope != .items, !binding.hasCatalogue,
            !query.pattern.isVisit, let column = binding.columns[path.column],
            case .decimals(let scaled, let exponent, let present) = column.storage
        else { return nil }
        return query.forEachMatch(frame) { place in
            let row = Int(place.row)
            if present.contains(row) { sum.addScaled(scaled[row], exponent: exponent) }
        }
    }
}
