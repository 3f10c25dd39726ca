import EventModel
import SegmentLanguage

/// `median(X of E ..)`: the middle number; of an even number of them the mean of the two in the middle.
final class MedianAggregate: AggregateNode, @unchecked Sendable {
    init(slot: Int, source: SegmentLanguage.Value, query: QueryNode, expression: ValueNode) {
        super.init(slot: slot, source: source, query: query, expression: expression)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        var numbers: [Decimal128] = []
        let until = forEachNumber(frame) { numbers.append($0) }
        return TimedValue(Self.median(of: numbers).map(Value.number) ?? .null, until: until)
    }

    static func median(of numbers: [Decimal128]) -> Decimal128? {
        guard !numbers.isEmpty else { return nil }
        let sorted = numbers.sorted()
        let middle = sorted.count / 2
        if sorted.count % 2 == 1 { return sorted[middle] }
        var sum = Decimal128.ExactSum()
        sum.add(sorted[middle - 1])
        sum.add(sorted[middle])
        return sum.average()
    }
}
