import Columns
import EventModel
import EventStore

/// A plan's names, paths and filters looked up in one block after another.
///
/// Belongs to one evaluator; tables fill as values are met. What was found out about a dictionary or about a part's
/// event names is kept for the next block that has the same.
final class BlockBinding {
    private(set) var block: HistoryBlock
    let plan: Plan
    private(set) var times: [Int64]
    let hasCatalogue: Bool

    private var knownArrivals: [UInt64]?
    private var knownFlags: [UInt8]?
    private var knownRepeatedOrders: Bitmap?
    private var knownOrderCode: UInt32??
    /// The plan's columns, in the plan's order, as far as somebody asked; the inner nil where the block has none.
    private var boundColumns: [Column??]
    private var filledColumns: [Int: Column] = [:]
    /// The plan's columns as numbers, likewise.
    private var numberColumns: [NumberColumn??]
    /// Which of both are known, so that turning to another block costs no more.
    private var known: (columns: [Int], numbers: [Int]) = ([], [])
    private var codesOfPattern: [[UInt32]?]
    /// By slot of a condition; the inner nil for all names.
    private var codesConcerning: [Int: [UInt32]?] = [:]
    private var decisions: [OfDictionary<Decision>]
    private var keyOfIdentity: [Text: Int32] = [:]
    private(set) var identities: [Text] = []
    /// Group key by column and dictionary code; -2 unknown, -1 none.
    private var keysOfCodes: [OfDictionary<Int32>]
    private var catalogueEntries: [OfDictionary<CatalogueEntry?>]

    /// From so many identities on they are forgotten with the next block.
    private static let mostIdentities = 1 << 16

    /// What a filter says of one distinct value.
    enum Decision: UInt8 {
        case unknown, holds, fails
    }

    init(block: HistoryBlock, plan: Plan) {
        self.block = block
        self.plan = plan
        times = block.times
        boundColumns = Array(repeating: nil, count: plan.columnPaths.count)
        numberColumns = Array(repeating: nil, count: plan.columnPaths.count)
        hasCatalogue = !plan.settings.catalogue.isEmpty
        codesOfPattern = Array(repeating: nil, count: plan.patterns.count)
        decisions = Array(repeating: OfDictionary(), count: plan.leafCount * 2)
        keysOfCodes = Array(repeating: OfDictionary(), count: plan.columnPaths.count)
        catalogueEntries = Array(repeating: OfDictionary(), count: plan.slots.count * 2)
    }

    /// Turns to another block. What was known of names and dictionaries stays as far as the block shares them.
    func turn(to next: HistoryBlock) {
        if next.names !== block.names {
            for index in codesOfPattern.indices { codesOfPattern[index] = nil }
            knownOrderCode = nil
            codesConcerning = [:]
        }
        block = next
        times = next.times
        knownArrivals = nil
        knownFlags = nil
        knownRepeatedOrders = nil
        for column in known.columns { boundColumns[column] = nil }
        for column in known.numbers { numberColumns[column] = nil }
        known.columns.removeAll(keepingCapacity: true)
        known.numbers.removeAll(keepingCapacity: true)
        if !filledColumns.isEmpty { filledColumns = [:] }
        guard identities.count >= Self.mostIdentities else { return }
        keyOfIdentity = [:]
        identities = []
        for index in keysOfCodes.indices { keysOfCodes[index] = OfDictionary() }
        for index in catalogueEntries.indices { catalogueEntries[index] = OfDictionary() }
    }

    var arrivals: [UInt64] {
        if let knownArrivals { return knownArrivals }
        let arrivals = block.arrivals
        knownArrivals = arrivals
        return arrivals
    }

    var flags: [UInt8] {
        if let knownFlags { return knownFlags }
        let flags = block.flags
        knownFlags = flags
        return flags
    }

    var orderCode: UInt32? {
        if let knownOrderCode { return knownOrderCode }
        let code = block.code(ofEvent: EventName.orderCompleted)
        knownOrderCode = .some(code)
        return code
    }

    /// The rows of orders that repeat the `order_id` of an earlier one of the same profile.
    var repeatedOrders: Bitmap {
        if let knownRepeatedOrders { return knownRepeatedOrders }
        let rows = RepeatedOrders.rows(in: block, orderCode: orderCode)
        knownRepeatedOrders = rows
        return rows
    }

    var hasRepeatedOrders: Bool { !repeatedOrders.isEmpty }

    /// The codes of the names that a pattern matches in this block; for visits those of the browsing events.
    func codes(of pattern: Pattern) -> [UInt32] {
        if let known = codesOfPattern[pattern.index] { return known }
        let codes: [UInt32]
        if let names = pattern.names {
            codes = names.compactMap { block.code(ofEvent: $0) }.sorted()
        } else {
            let names = block.eventNames
            codes = names.indices.dropFirst().filter { pattern.matches(names[$0]) }.map(UInt32.init)
        }
        codesOfPattern[pattern.index] = codes
        return codes
    }

    /// The codes of the names whose rows can change the answer of a condition about the profile; nil: of any name.
    func codes(concerning condition: ConditionNode) -> [UInt32]? {
        if let known = codesConcerning[condition.slot] { return known }
        var codes: Set<UInt32>?
        if let interest = plan.interestOfSlot[condition.slot], !interest.anyContext {
            var found = Set(interest.names.compactMap { block.code(ofEvent: $0) })
            for index in interest.patterns { found.formUnion(self.codes(of: plan.patterns[index])) }
            if interest.traits { found.insert(HistoryBlock.identifyCode) }
            codes = found
        }
        let sorted = codes?.sorted()
        codesConcerning[condition.slot] = .some(sorted)
        return sorted
    }

    // MARK: - Values

    /// One of the plan's columns; nil where the block has none.
    func column(_ column: Int) -> Column? {
        if let bound = boundColumns[column] { return bound }
        let found = block.column(plan.columnPaths[column])
        boundColumns[column] = .some(found)
        known.columns.append(column)
        return found
    }

    /// One of the plan's columns as numbers; nil where it is none of one exponent.
    func numbers(ofColumn column: Int) -> NumberColumn? {
        if let bound = numberColumns[column] { return bound }
        let found = self.column(column).flatMap { NumberColumn($0) }
        numberColumns[column] = .some(found)
        known.numbers.append(column)
        return found
    }

    /// A column with a place for every row, for those who look at many; nil where the block has none.
    func filledColumn(_ column: Int) -> Column? {
        let source = self.column(column)
        guard let source, case .sparse(let rows, let codes, let values) = source.storage else { return source }
        if let known = filledColumns[column] { return known }
        let first = Int(rows.first ?? 0)
        var filled = [UInt32](repeating: 0, count: rows.last.map { Int($0) + 1 - first } ?? 0)
        for (row, code) in zip(rows, codes) { filled[Int(row) - first] = code }
        let made = source.withCodes(ColumnSlice(filled, first: first), values)
        filledColumns[column] = made
        return made
    }

    func cell(_ column: Int, at row: Int) -> Cell {
        self.column(column)?.cell(at: row) ?? .missing
    }

    /// The value of an event's or item's own column.
    func value(_ column: Int, at row: Int) -> Value { Value(cell(column, at: row)) }

    /// Whether a row has a value of its own, even one without identity.
    func columnHasValue(_ column: Int, at row: Int) -> Bool { !value(column, at: row).isNull }

    /// What a filter leaf says of a dictionary code, deciding it at first sight.
    func decide(_ leaf: LeafNode, table: Int, code: Int, values: [Cell]) -> Bool {
        decisions[table].turn(to: values, unknown: .unknown)
        switch decisions[table].known[code] {
        case .holds: return true
        case .fails: return false
        case .unknown:
            let holds = leaf.test.holds(Value(values[code]))
            decisions[table].known[code] = holds ? .holds : .fails
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
        guard let source = self.column(column) else { return -1 }
        guard let (code, values) = source.code(at: row) else { return key(of: Value(source.cell(at: row))) }
        return key(column, code: code, values)
    }

    /// The key of a value of a column's dictionary.
    func key(_ column: Int, code: Int, _ values: [Cell]) -> Int32 {
        if code == 0 { return -1 }
        keysOfCodes[column].turn(to: values, unknown: -2)
        let known = keysOfCodes[column].known[code]
        if known != -2 { return known }
        let key = key(of: Value(values[code]))
        keysOfCodes[column].known[code] = key
        return key
    }

    // MARK: - What the catalogue knows

    /// What the catalogue says of the product that an event or an item names, remembered by the product's code.
    func catalogueEntry(_ slot: PathSlot, at row: Int, isItem: Bool) -> CatalogueEntry {
        let column = isItem ? plan.wellKnown.itemProductID : plan.wellKnown.productID
        guard let source = self.column(column) else { return .nothing }
        guard let (code, values) = source.code(at: row) else { return lookUp(slot, column, row) }
        let table = slot.index * 2 + (isItem ? 1 : 0)
        catalogueEntries[table].turn(to: values, unknown: nil)
        if let known = catalogueEntries[table].known[code] { return known }
        let entry = lookUp(slot, column, row)
        catalogueEntries[table].known[code] = entry
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
    /// The dictionary code of a row's cell, and the values of the codes; nil for columns without a dictionary.
    @inline(__always)
    fileprivate func code(at row: Int) -> (code: Int, values: [Cell])? {
        switch storage {
        case .decimals: nil
        case .dictionary(let codes, let values): (Int(codes[row]), values)
        case .sparse(let rows, let codes, let values):
            Self.position(of: row, in: rows).map { (Int(codes[$0]), values) }
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
