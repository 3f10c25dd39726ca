import EventModel
import SegmentLanguage

/// `minimum(X of E ..)`, `maximum(X of E ..)`
final class ExtremeAggregate: AggregateNode, @unchecked Sendable {
    let isMaximum: Bool

    init(slot: Int, source: SegmentLanguage.Value, query: QueryNode, expression: ValueNode, isMaximum: Bool) {
        self.isMaximum = isMaximum
        super.init(slot: slot, source: source, query: query, expression: expression)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        var best: Decimal128?
        let until = forEachNumber(frame) { number in
            best = best.map { isMaximum ? max($0, number) : min($0, number) } ?? number
        }
        return TimedValue(best.map(Value.number) ?? .null, until: until)
    }
}
