import EventModel
import SegmentLanguage

/// `count(E ..)`, `days(E ..)`, `visits(E ..)`
final class CountAggregate: AggregateNode, @unchecked Sendable {
    let unit: CountRequirement.Unit

    init(slot: Int, source: SegmentLanguage.Value, query: QueryNode, unit: CountRequirement.Unit) {
        self.unit = unit
        super.init(slot: slot, source: source, query: query, expression: nil)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        if unit == .times, !frame.wantsValidity || traits.clock == .still {
            return TimedValue(.number(Decimal128(query.count(frame, upTo: .max))))
        }
        if unit == .times, let found = query.countOfUnfiltered(frame) {
            return TimedValue(.number(Decimal128(found.count)), until: found.until)
        }
        var counter = DistinctCounter(unit: unit)
        let until = query.forEachMatch(frame) { counter.add($0, frame) }
        return TimedValue(.number(Decimal128(counter.count)), until: until)
    }

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind { .count }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        guard unit == .times,
            let counts = sweep.visitCounts(query, profiles) ?? sweep.query(query)?.counts(of: profiles)
        else { return super.fill(column, profiles, sweep) }
        column.fill(profiles) { index, _ in Int64(counts[index]) }
    }

    override var fillingCost: Int { unit == .times ? query.sweepingCost : 30 + query.sweepingCost }
}
