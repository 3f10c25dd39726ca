import EventModel
import EventStore

/// One profile's history as a list of things that happened, oldest first.
struct ProfileHistory: Sendable {
    struct Entry: Sendable {
        let time: Timestamp
        /// Canonical event name; nil for an identify message.
        let event: Text?
        /// Top-level properties, or traits, in the order of their names.
        let properties: [(name: Text, value: Cell)]
        let items: [Item]
    }

    /// A product of an event, with what the catalogue knows of it.
    struct Item: Sendable {
        let product: Text?
        let name: Text?
        let category: Text?
        let brand: Text?
        let quantity: Text?
    }

    let entries: [Entry]

    /// - Parameters:
    ///   - block: everything of one profile.
    ///   - until: what happened later is left out.
    init(_ block: HistoryBlock, catalogue: Catalogue, until: Timestamp) {
        let reader = BlockReader(block: block, catalogue: catalogue)
        let rows = block.runs.flatMap { run in run.rows.map { (row: $0, name: run.name) } }
            .filter { block.times[$0.row] <= until.milliseconds }
            .sorted { (block.times[$0.row], block.arrivals[$0.row]) < (block.times[$1.row], block.arrivals[$1.row]) }
        entries = rows.map { reader.entry(row: $0.row, name: $0.name) }
    }

    /// Traits as of the end of the history: each message replaces whole top-level traits, null unsets.
    var traits: [(name: Text, value: Cell)] {
        var current: [Text: Cell] = [:]
        for entry in entries where entry.event == nil {
            for (name, value) in entry.properties { current[name] = value == .null ? nil : value }
        }
        return current.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}

/// Reads rows of a block that holds one profile.
private struct BlockReader {
    let block: HistoryBlock
    let catalogue: Catalogue
    private let properties: [(name: Text, column: Column)]

    init(block: HistoryBlock, catalogue: Catalogue) {
        self.block = block
        self.catalogue = catalogue
        properties = block.allColumns.filter { $0.key.scope == .properties && $0.key.parts.count == 1 }
            .map { (name: $0.key.parts[0], column: $0.value) }
            .sorted { $0.name < $1.name }
    }

    func entry(row: Int, name: UInt32) -> ProfileHistory.Entry {
        let values = properties.compactMap { property -> (name: Text, value: Cell)? in
            let cell = property.column.cell(at: row)
            return cell == .missing ? nil : (property.name, cell)
        }
        let isIdentify = name == HistoryBlock.identifyCode
        return ProfileHistory.Entry(
            time: Timestamp(milliseconds: block.times[row]), event: isIdentify ? nil : block.eventNames[Int(name)],
            properties: values, items: isIdentify ? [] : items(row))
    }

    private func items(_ row: Int) -> [ProfileHistory.Item] {
        if block.flags[row] & HistoryBlock.Flag.ownItem != 0 { return [item(row, .properties)] }
        return (Int(block.itemOffsets[row])..<Int(block.itemOffsets[row + 1])).map { item($0, .items) }
    }

    private func item(_ index: Int, _ scope: PropertyPath.Scope) -> ProfileHistory.Item {
        let product = text("product_id", scope, index)
        func known(_ name: Text) -> Text? {
            text(name, scope, index) ?? product.flatMap { catalogue.value(productID: $0, path: [name])?.identity }
        }
        return ProfileHistory.Item(
            product: product, name: known("name"), category: known("category"), brand: known("brand"),
            quantity: text("quantity", scope, index))
    }

    private func text(_ name: Text, _ scope: PropertyPath.Scope, _ index: Int) -> Text? {
        block.column(PropertyPath(scope, [name]))?.cell(at: index).identity
    }
}

extension Cell {
    /// The text by which the value is the same entity; nil where it has none.
    var identity: Text? {
        switch self {
        case .string(let text): text
        case .number(let number): Text(number.description)
        case .bool(let flag): flag ? "true" : "false"
        case .missing, .null, .list, .object: nil
        }
    }

    /// As people read it.
    var spoken: String {
        switch self {
        case .list(let elements): "[\(elements.map(\.description).joined(separator: ", "))]"
        case .object: "{…}"
        case .null: "null"
        case .missing: ""
        default: identity?.string ?? ""
        }
    }

    var json: JSONValue {
        switch self {
        case .missing, .null, .object: .null
        case .bool(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .list(let elements): .array(elements)
        }
    }
}
