import EventModel
import SegmentLanguage

extension Scope {
    /// An aggregate over the matching events.
    func aggregate(_ aggregate: Aggregate, of operand: Value?, _ query: EventQuery) -> ReferenceValue {
        let found = matches(query)
        guard let operand else { return aggregateOfEvents(aggregate, found) }
        let perEvent = found.map { operandValues(operand, of: $0) }
        let values = perEvent.flatMap { $0 }
        switch aggregate {
        case .first: return perEvent.first?.first ?? .null
        case .last: return perEvent.last?.first ?? .null
        case .distinct: return .number(Decimal128(Set(values.compactMap(\.identity)).count))
        case .list: return set(of: values)
        case .mostFrequent: return mostFrequent(of: values)
        default: return statistic(aggregate, values.compactMap(\.asNumber)).map { .number($0) } ?? .null
        }
    }

    private func aggregateOfEvents(_ aggregate: Aggregate, _ found: [Event]) -> ReferenceValue {
        switch aggregate {
        case .count: .number(Decimal128(number(of: found, .times)))
        case .days: .number(Decimal128(number(of: found, .days)))
        case .visits: .number(Decimal128(number(of: found, .visits)))
        case .first: found.first.map { .time(Timestamp(milliseconds: $0.time)) } ?? .null
        case .last: found.last.map { .time(Timestamp(milliseconds: $0.time)) } ?? .null
        default: .null
        }
    }

    /// What X is worth in one event, nulls left out: once, or with item paths once for each item.
    private func operandValues(_ operand: Value, of event: Event) -> [ReferenceValue] {
        let scopes =
            operand.mentionsItems
            ? event.items.map { speaking(of: event, item: $0) } : [speaking(of: event)]
        return scopes.map { $0.value(operand) }.filter { !$0.isNull }
    }

    private func statistic(_ aggregate: Aggregate, _ numbers: [Decimal128]) -> Decimal128? {
        switch aggregate {
        case .sum: return exactSum(numbers).value()
        case .average: return exactSum(numbers).average()
        case .minimum: return numbers.min()
        case .maximum: return numbers.max()
        case .median:
            let sorted = numbers.sorted()
            let middle = sorted.count / 2
            if sorted.isEmpty { return nil }
            return sorted.count % 2 == 1 ? sorted[middle] : exactSum(Array(sorted[middle - 1...middle])).average()
        default: return nil
        }
    }

    private func exactSum(_ numbers: [Decimal128]) -> ExactSum {
        var sum = ExactSum()
        for number in numbers { sum.add(number) }
        return sum
    }

    /// Each entity once, in the form seen last, ordered by text; null of nothing.
    private func set(of values: [ReferenceValue]) -> ReferenceValue {
        var forms: [Text: ReferenceValue] = [:]
        for value in values { if let identity = value.identity { forms[identity] = value } }
        if forms.isEmpty { return .null }
        return .list(forms.sorted { $0.key < $1.key }.map(\.value))
    }

    /// The entity seen most often, of several the one seen last; in the form seen last.
    private func mostFrequent(of values: [ReferenceValue]) -> ReferenceValue {
        var seen: [Text: (count: Int, last: Int)] = [:]
        for (index, value) in values.enumerated() {
            if let identity = value.identity { seen[identity] = ((seen[identity]?.count ?? 0) + 1, index) }
        }
        let winner = seen.values.max { ($0.count, $0.last) < ($1.count, $1.last) }
        return winner.map { values[$0.last] } ?? .null
    }
}
