import Columns
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

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind {
        guard let query = sweep.query(query), let numbers = sweep.numbers(of: expression, query) else { return .any }
        return isAverage ? .estimate : .decimal(numbers.first?.exponent ?? 0)
    }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        guard let query = sweep.query(query), let numbers = sweep.numbers(of: expression, query),
            let totals = RowTotals(query.sources(for: profiles), numbers, profiles)
        else { return super.fill(column, profiles, sweep) }
        let exponent = numbers.first?.exponent ?? 0
        if !isAverage, column.isWhole { return column.fill(profiles) { index, _ in totals.sums[index] } }
        if isAverage, column.kind == .estimate, let scale = Estimate.scale(exponent) {
            let exact: (Int32) -> Value = { [unowned sweep] in self.evaluate(sweep.frame(of: $0), .none).value }
            return column.fillEstimates(profiles, exact: exact) { index, _ in
                let count = Int64(totals.counts[index])
                return count == 0 ? nil : Estimate(totals.sums[index], scale: scale) / Estimate(count, scale: 1)
            }
        }
        for (index, profile) in profiles.enumerated() {
            let total = Decimal128(scaled: totals.sums[index], exponent: exponent)
            if isAverage {
                let count = Decimal128(Int(totals.counts[index]))
                column.set(total.divided(by: count).map(Value.number) ?? .null, profile)
            } else {
                column.set(.number(total), profile)
            }
        }
    }

    override var fillingCost: Int { query.sweepingCost + 4 }

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
