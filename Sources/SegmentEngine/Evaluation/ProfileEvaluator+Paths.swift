import EventModel
import EventStore

/// Reading properties, with the catalogue behind them.
extension ProfileEvaluator {
    /// The value of a path for an event, a visit, or the bound item.
    func read(_ slot: PathSlot, _ place: Occurrence, _ frame: Frame) -> Value {
        let row = Int(place.row)
        switch slot.path.scope {
        case .context:
            return binding.value(slot.column, at: row)
        case .properties:
            if place.visit >= 0, let value = visitProperty(slot.path.parts, Int(place.visit), frame) { return value }
            return read(slot, column: slot.column, at: row, isItem: false)
        case .items:
            if place.item >= 0 { return read(slot, column: slot.column, at: Int(place.item), isItem: true) }
            if place.item == Occurrence.ownItem { return read(slot, column: slot.ownColumn, at: row, isItem: false) }
            return .null
        }
    }

    private func read(_ slot: PathSlot, column: Int, at row: Int, isItem: Bool) -> Value {
        let own = binding.value(column, at: row)
        guard own.isNull, binding.hasCatalogue, slot.usesCatalogue else { return own }
        return binding.catalogueEntry(slot, at: row, isItem: isItem).value
    }

    /// `events` and `duration` of a visit; nil for other names.
    private func visitProperty(_ parts: [Text], _ visit: Int, _ frame: Frame) -> Value? {
        guard parts.count == 1 else { return nil }
        switch parts[0] {
        case "events": return .number(Decimal128(visits.eventCount(of: visit, at: frame.now)))
        case "duration":
            let milliseconds = Decimal128(Int(visits.duration(of: visit, at: frame.now)))
            return .number(Value.seconds(milliseconds))
        default: return nil
        }
    }

    /// Calls `body` with each item of a row that a group shows: an index of the item table, or `Occurrence.ownItem`.
    @inline(__always)
    func forEachItem(of row: Int, in group: GroupContext?, _ body: (Int32) -> Void) {
        let flags = binding.flags[row]
        if flags & HistoryBlock.Flag.ownItem != 0 {
            if group?.showsItem(Occurrence.ownItem, row: row, self) ?? true { body(Occurrence.ownItem) }
            return
        }
        guard flags & HistoryBlock.Flag.storedItems != 0 else { return }
        for item in block.itemOffsets[row]..<block.itemOffsets[row + 1] {
            let item = Int32(truncatingIfNeeded: item)
            if group?.showsItem(item, row: row, self) ?? true { body(item) }
        }
    }
}
