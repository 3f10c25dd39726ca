import EventModel
import EventStore

/// One group of `for P`: the events that share a value of P, seen from inside.
///
/// Groups inside groups narrow further; each keeps the one around it.
final class GroupContext {
    let slot: PathSlot
    /// The shared value, as the block's key of its identity.
    private(set) var key: Int32
    let parent: GroupContext?
    private let table: GroupTable
    private var number: Int

    /// - Parameter number: the group's place in the table.
    init(slot: PathSlot, parent: GroupContext?, table: GroupTable, number: Int) {
        self.slot = slot
        self.parent = parent
        self.table = table
        self.number = number
        key = table.keys[number]
    }

    /// Turns to another group of the table, for who looks at one after another.
    func turn(to number: Int) {
        self.number = number
        key = table.keys[number]
    }

    /// The group's rows under a name code, in history order.
    func rows(_ name: UInt32) -> RowRun { table.rows(of: number, name) }

    /// Whether an item of an event shows: its own value is the group's, or it has none and the event's is.
    func showsItem(_ item: Int32, row: Int, _ evaluator: ProfileEvaluator) -> Bool {
        if let parent, !parent.showsItem(item, row: row, evaluator) { return false }
        let keys = GroupKeys(evaluator: evaluator, slot: slot)
        let own = keys.ofItem(item, row: row)
        return own == -1 ? keys.ofEvent(row) == key : own == key
    }

    /// Whether a visit shows: the own value of its first event is the group's.
    func showsVisit(row: Int, _ evaluator: ProfileEvaluator) -> Bool {
        if let parent, !parent.showsVisit(row: row, evaluator) { return false }
        return GroupKeys(evaluator: evaluator, slot: slot).ofEvent(row) == key
    }
}

/// The values of a path P by which events belong together, as keys of their identities.
struct GroupKeys {
    let evaluator: ProfileEvaluator
    let slot: PathSlot

    /// The event's own value; -1 when it has none, and always for a path of items.
    func ofEvent(_ row: Int) -> Int32 {
        if slot.path.scope == .items { return -1 }
        return key(slot.column, at: row, productRow: row, isItem: false)
    }

    /// The same for many events, where their own values are all there is to know and stand in a dictionary.
    var coded: CodedKeys? {
        guard slot.path.scope != .items, !(evaluator.binding.hasCatalogue && slot.usesCatalogue),
            case .dictionary(let codes, let values)? = evaluator.binding.column(slot.column)?.storage
        else { return nil }
        return CodedKeys(binding: evaluator.binding, column: slot.column, codes: codes, values: values)
    }

    /// An item's value; -1 when it has none. Items have nothing of the context.
    func ofItem(_ item: Int32, row: Int) -> Int32 {
        switch slot.path.scope {
        case .context: return -1
        case .properties:
            guard item >= 0, let column = slot.itemColumn else {
                return key(slot.column, at: row, productRow: row, isItem: false)
            }
            return key(column, at: Int(item), productRow: Int(item), isItem: true)
        case .items:
            guard item >= 0 else { return key(slot.ownColumn, at: row, productRow: row, isItem: false) }
            return key(slot.column, at: Int(item), productRow: Int(item), isItem: true)
        }
    }

    /// All keys of an event as the frame's group shows it, each once.
    func ofAll(_ row: Int, in group: GroupContext?, _ body: (Int32) -> Void) {
        let own = ofEvent(row)
        if own != -1 { body(own) }
        // An event that is its own item has the value that the event has.
        if slot.path.scope != .items, evaluator.block.itemCount == 0 { return }
        var seen: [Int32] = []
        evaluator.forEachItem(of: row, in: group) { item in
            let key = ofItem(item, row: row)
            guard key != -1, key != own, !seen.contains(key) else { return }
            seen.append(key)
            body(key)
        }
    }

    private func key(_ column: Int, at row: Int, productRow: Int, isItem: Bool) -> Int32 {
        let binding = evaluator.binding
        let own = binding.key(column, at: row)
        guard own == -1, binding.hasCatalogue, slot.usesCatalogue else { return own }
        guard !binding.columnHasValue(column, at: row) else { return -1 }
        return binding.catalogueEntry(slot, at: productRow, isItem: isItem).key
    }
}

/// The keys of a column with a dictionary.
struct CodedKeys {
    fileprivate let binding: BlockBinding
    fileprivate let column: Int
    fileprivate let codes: ColumnSlice<UInt32>
    fileprivate let values: [Cell]

    /// The key of an event's own value; -1 when it has none.
    @inline(__always)
    func ofEvent(_ row: Int) -> Int32 { binding.key(column, code: Int(codes[row]), values) }
}
