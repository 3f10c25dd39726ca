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
        let until = forEachNumber(frame) { sum.add($0) }
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

    /// The direct way for columns of numbers and products of two; nil where it does not apply.
    private func addColumn(to sum: inout Decimal128.ExactSum, _ frame: Frame) -> Int64? {
        if query.pattern.isVisit { return nil }
        if let column = numbers(of: expression, frame) {
            return query.forEachMatch(frame) { place in
                if let number = column.number(at: Int(place.row)) { sum.addScaled(number, exponent: column.exponent) }
            }
        }
        guard let product = expression as? ArithmeticNode, product.operation == .multiply,
            let left = numbers(of: product.left, frame), let right = numbers(of: product.right, frame),
            Decimal128.scaledExponents.contains(left.exponent + right.exponent)
        else { return nil }
        var products = Decimal128.ExactSum()
        var isTooLarge = false
        let until = query.forEachMatch(frame) { place in
            let row = Int(place.row)
            guard let a = left.number(at: row), let b = right.number(at: row) else { return }
            let (number, overflow) = a.multipliedReportingOverflow(by: b)
            isTooLarge = isTooLarge || overflow
            products.addScaled(number, exponent: left.exponent + right.exponent)
        }
        if isTooLarge { return nil }
        sum = products
        return until
    }

    /// The numbers that a property has in events themselves.
    private func numbers(of expression: ValueNode?, _ frame: Frame) -> NumberColumn? {
        let binding = frame.evaluator.binding
        guard let path = (expression as? PropertyNode)?.path, path.path.scope != .items,
            !(binding.hasCatalogue && path.usesCatalogue)
        else { return nil }
        return binding.numbers(ofColumn: path.column)
    }
}
