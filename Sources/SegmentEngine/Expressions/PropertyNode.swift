import EventModel
import SegmentLanguage

/// In filters and aggregates: a property of the event, of its context, or of the item at hand.
final class PropertyNode: ValueNode, @unchecked Sendable {
    let path: PathSlot

    init(slot: Int, source: SegmentLanguage.Value, path: PathSlot) {
        self.path = path
        super.init(
            slot: slot, traits: NodeTraits(readsRow: true, readsItem: path.path.scope == .items), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> TimedValue {
        TimedValue(frame.evaluator.read(path, place, frame))
    }
}
