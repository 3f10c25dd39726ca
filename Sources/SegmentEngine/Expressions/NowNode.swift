import EventModel
import SegmentLanguage

/// `now`, `D ago`, `D from now`.
final class NowNode: ValueNode, @unchecked Sendable {
    /// Added to now, ms.
    let offset: Int64

    init(slot: Int, source: SegmentLanguage.Value, offset: Int64) {
        self.offset = offset
        super.init(slot: slot, traits: NodeTraits(clock: .flows), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        TimedValue(
            .time(Timestamp(milliseconds: frame.now.addingSaturating(offset))), until: frame.now.addingSaturating(1))
    }

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind { .time }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        for profile in profiles { column.set(sweep.now.addingSaturating(offset), profile) }
    }

    override var fillingCost: Int { 1 }

    override func bounds(_ frame: Frame, _ place: Occurrence, horizon: Int64) -> Bounds {
        let start = frame.now.addingSaturating(offset)
        return .range(.time, Decimal128(Int(start)), Decimal128(Int(start.addingSaturating(horizon))))
    }

    override func rational(_ frame: Frame, _ place: Occurrence) -> Rational? {
        Rational(kind: .time, numerator: Polynomial([Decimal128(Int(frame.now.addingSaturating(offset))), 1]))
    }

    override var slope: Int? { 1 }

    override func untilApartFromSlope(_ frame: Frame, _ place: Occurrence) -> Int64 { never }
}
