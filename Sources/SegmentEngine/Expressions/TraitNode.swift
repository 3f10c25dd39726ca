import EventModel
import EventStore
import SegmentLanguage

/// `trait.a.b`: the last value set of top-level trait a, then into objects.
final class TraitNode: ValueNode, @unchecked Sendable {
    /// Columns of the top-level trait, and of the path inside it.
    private let topColumn: Int
    private let column: Int

    init(slot: Int, source: SegmentLanguage.Value, topColumn: Int, column: Int) {
        self.topColumn = topColumn
        self.column = column
        super.init(slot: slot, traits: .constant, source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        TimedValue(frame.evaluator.trait(top: topColumn, column: column, frame))
    }
}

extension ProfileEvaluator {
    /// The value of a trait as of the frame's now.
    func trait(top: Int, column: Int, _ frame: Frame) -> Value {
        guard let values = binding.column(top) else { return .null }
        let run = visibleRun(HistoryBlock.identifyCode, frame.root)
        for index in stride(from: run.count - 1, through: 0, by: -1) where values.hasCell(at: run[index]) {
            return binding.value(column, at: run[index])
        }
        return .null
    }

    /// The zone that trait `timezone` names as of the frame's now, else the workspace's.
    ///
    /// In a group too it is the profile's, whose messages the group's own block may lack.
    func profileZone(_ frame: Frame) -> Zone {
        let root = frame.root
        if let known = root.profileZone { return known }
        let owner = root.evaluator
        var zone = settings.zone
        if let column = plan.wellKnown.timezone,
            case .string(let name) = owner.trait(top: column, column: column, root)
        {
            zone = owner.zone(named: name) ?? zone
        }
        root.profileZone = zone
        return zone
    }
}
