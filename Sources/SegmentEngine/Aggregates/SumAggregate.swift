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
        guard !isAverage, sweep.query(query) != nil, let numbers = sweep.numbers(of: expression) else { return .any }
        return .decimal(numbers.exponent)
    }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        guard let query = sweep.query(query), let numbers = sweep.numbers(of: expression) else {
            return super.fill(column, profiles, sweep)
        }
        for profile in profiles {
            var (sum, count, overflow) = (Int64(0), 0, false)
            query.forEachRow(of: profile) { row in
                guard let number = numbers.read(row, &overflow) else { return }
                let (next, isTooLarge) = sum.addingReportingOverflow(number)
                if isTooLarge { overflow = true }
                sum = next
                count += 1
            }
            if overflow {
                column.set(evaluate(sweep.frame(of: profile), .none).value, profile)
            } else if isAverage {
                let total = Decimal128(scaled: sum, exponent: numbers.exponent)
                column.set(total.divided(by: Decimal128(count)).map(Value.number) ?? .null, profile)
            } else if case .decimal = column.kind {
                column.set(sum, profile)
            } else {
                column.set(.number(Decimal128(scaled: sum, exponent: numbers.exponent)), profile)
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
