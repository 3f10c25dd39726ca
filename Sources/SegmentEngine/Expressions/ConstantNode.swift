import EventModel
import SegmentLanguage

/// A literal.
final class ConstantNode: ValueNode, @unchecked Sendable {
    let value: Value

    init(slot: Int, source: SegmentLanguage.Value, value: Value) {
        self.value = value
        super.init(slot: slot, traits: .constant, source: source)
    }

    override func columnKind(_ sweep: BlockSweep) -> ProfileColumn.Kind {
        switch value {
        case .number(let number): number.isInteger ? .count : .decimal(number.exponent)
        case .time: .time
        case .duration: .duration
        default: .any
        }
    }

    override func fill(_ column: ProfileColumn, _ profiles: [Int32], _ sweep: BlockSweep) {
        if let number = column.kind.bound(of: value) {
            column.fill(profiles) { _, _ in number }
        } else {
            for profile in profiles { column.set(value, profile) }
        }
    }

    override var fillingCost: Int { 0 }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue { TimedValue(value) }
}
