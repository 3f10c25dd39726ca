import Columns
import EventModel
import EventStore

/// A plan's names, paths and filters looked up in one block.
///
/// Belongs to one evaluator; tables fill as values are met.
final class BlockBinding {
    let block: HistoryBlock
    let plan: Plan
    let times: [Int64]
    private(set) lazy var arrivals = block.arrivals
    private(set) lazy var flags = block.flags
    /// The plan's columns, in the plan's order; nil where the block has none.
    let columns: [Column?]
    /// The rows of orders that repeat the `order_id` of an earlier one of the same profile.
    let repeatedOrders: Bitmap
    let hasRepeatedOrders: Bool
    let orderCode: UInt32?
    let hasCatalogue: Bool

    private var filledColumns: [Int: Column] = [:]
    private var codesOfPattern: [[UInt32]?]
    private var decided: [[Decision]]
    private var keyOfIdentity: [Text: Int32] = [:]
    private(set) var identities: [Text] = []
    /// Group key + 1 by column and dictionary code; 0 unknown, -1 none.
    private var keysOfCodes: [[Int32]]
    private var catalogueEntries: [[CatalogueEntry?]]

    /// What a filter says of one distinct value.
    enum Decision: UInt8 {
        case unknown, holds, fails
    }

    init(block: HistoryBlock, plan: Plan) {
        self.block = block
        self.plan = plan
        times = block.times
        columns = plan.columnPaths.map { block.column($0) }
        hasCatalogue = !plan.settings.catalogue.isEmpty
        orderCode = block.code(ofEvent: EventName.orderCompleted)
        codesOfPattern = Array(repeating: nil, count: plan.patterns.count)
        decided = Array(repeating: [], count: plan.leafCount * 2)
        keysOfCodes = Array(repeating: [], count: plan.columnPaths.count)
        catalogueEntries = Array(repeating: [], count: plan.slots.count * 2)
        repeatedOrders = RepeatedOrders.rows(in: block, orderCode: orderCode)
        hasRepeatedOrders = !repeatedOrders.isEmpty
    }

    /// The codes of the names that a pattern matches in this block; for visits those of the browsing events.
    func codes(of pattern: Pattern) -> [UInt32] {
        if let known = codesOfPattern[pattern.index] { return known }
        let browsing = pattern.isVisit ? Vocabulary.browsingEvents : []
        let codes = block.eventNames.indices.dropFirst().filter { code in
            let name = block.eventNames[code]
            return pattern.isVisit ? browsing.contains(name) : pattern.matches(name)
        }.map { UInt32($0) }
        codesOfPattern[pattern.index] = codes
        return codes
    }

    // MARK: - Values

    /// A column with a place for every row, for those who look at many; nil where the block has none.
    func filledColumn(_ column: Int) -> Column? {
        guard let source = columns[column], case .sparse(let rows, let codes, let values) = source.storage else {
            return columns[column]
        }
        if let known = filledColumns[column] { return known }
        let first = Int(rows.first ?? 0)
        var filled = [UInt32](repeating: 0, count: rows.last.map { Int($0) + 1 - first } ?? 0)
        for (row, code) in zip(rows, codes) { filled[Int(row) - first] = code }
        let made = source.withCodes(ColumnSlice(filled, first: first), values)
        filledColumns[column] = made
        return made
    }

    func cell(_ column: Int, at row: Int) -> Cell {
        columns[column]?.cell(at: row) ?? .missing
    }

    /// The value of an event's or item's own column.
    func value(_ column: Int, at row: Int) -> Value { Value(cell(column, at: row)) }

    /// Whether a row has a value of its own, even one without identity.
    func columnHasValue(_ column: Int, at row: Int) -> Bool { !value(column, at: row).isNull }

    /// What a filter leaf says of a dictionary code, deciding it at first sight.
    func decide(_ leaf: LeafNode, table: Int, code: Int, values: [Cell]) -> Bool {
        if decided[table].isEmpty { decided[table] = Array(repeating: .unknown, count: values.count) }
        switch decided[table][code] {
        case .holds: return true
        case .fails: return false
        case .unknown:
            let holds = leaf.test.holds(Value(values[code]))
            decided[table][code] = holds ? .holds : .fails
            return holds
        }
    }

    // MARK: - Group keys

    /// A small number for the identity of a value; -1 when it has none.
    func key(of value: Value) -> Int32 {
        guard let identity = value.identity else { return -1 }
        return key(ofIdentity: identity)
    }

    func key(ofIdentity identity: Text) -> Int32 {
        if let known = keyOfIdentity[identity] { return known }
        let key = Int32(truncatingIfNeeded: identities.count)
        identities.append(identity)
        keyOfIdentity[identity] = key
        return key
    }

    /// The key of a column's own value, remembered by dictionary code.
    func key(_ column: Int, at row: Int) -> Int32 {
        guard let source = columns[column] else { return -1 }
        guard let (code, count) = source.code(at: row) else { return key(of: Value(source.cell(at: row))) }
        if keysOfCodes[column].isEmpty { keysOfCodes[column] = Array(repeating: -2, count: count) }
        let known = keysOfCodes[column][code]
        if known != -2 { return known }
        let key = key(of: value(column, at: row))
        keysOfCodes[column][code] = key
        return key
    }

    // MARK: - What the catalogue knows

    /// What the catalogue says of the product that an event or an item names, remembered by the product's code.
    func catalogueEntry(_ slot: PathSlot, at row: Int, isItem: Bool) -> CatalogueEntry {
        let column = isItem ? plan.wellKnown.itemProductID : plan.wellKnown.productID
        guard let source = columns[column] else { return .nothing }
        guard let (code, count) = source.code(at: row) else { return lookUp(slot, column, row) }
        let table = slot.index * 2 + (isItem ? 1 : 0)
        if catalogueEntries[table].isEmpty { catalogueEntries[table] = Array(repeating: nil, count: count) }
        if let known = catalogueEntries[table][code] { return known }
        let entry = lookUp(slot, column, row)
        catalogueEntries[table][code] = entry
        return entry
    }

    private func lookUp(_ slot: PathSlot, _ column: Int, _ row: Int) -> CatalogueEntry {
        guard let product = value(column, at: row).identity,
            let found = plan.settings.catalogue.value(productID: product, path: slot.path.parts)
        else { return .nothing }
        let value = Value(found)
        return CatalogueEntry(value: value, key: key(of: value))
    }

    struct CatalogueEntry {
        let value: Value
        /// The key of the value's identity; -1 when it has none.
        let key: Int32

        static let nothing = CatalogueEntry(value: .null, key: -1)
    }
}

extension Column {
    /// The dictionary code of a row's cell, and how many codes there are; nil for columns without a dictionary.
    @inline(__always)
    fileprivate func code(at row: Int) -> (code: Int, count: Int)? {
        switch storage {
        case .decimals: nil
        case .dictionary(let codes, let values): (Int(codes[row]), values.count)
        case .sparse(let rows, let codes, let values):
            Self.position(of: row, in: rows).map { (Int(codes[$0]), values.count) }
        }
    }
}

extension Value {
    init(_ cell: Cell) {
        switch cell {
        case .missing, .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .list(let elements): self = .list(elements.map(Value.init))
        case .object: self = .object
        }
    }
}
