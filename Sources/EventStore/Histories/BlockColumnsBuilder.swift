import EventModel

/// Collects the columns, flags and items of rows that come in block order.
struct BlockColumnsBuilder {
    private let projection: Projection
    private let wantedProperties: [PropertyPath]?
    private let wantedContext: [PropertyPath]
    private let wantedItems: [PropertyPath]
    private var columns: [PropertyPath: ColumnBuilder] = [:]
    private var flags: [UInt8] = []
    private var itemOffsets: [UInt32] = [0]
    private var itemCount = 0

    init(projection: Projection) {
        self.projection = projection
        wantedProperties = projection.paths.map { $0.filter { $0.scope == .properties } }.map(Array.init)
        wantedContext = projection.paths.map { $0.filter { $0.scope == .context } }.map(Array.init) ?? []
        wantedItems = projection.paths.map { $0.filter { $0.scope == .items } }.map(Array.init) ?? []
    }

    mutating func addRow(_ message: Message) {
        let row = flags.count
        if message.kind == .identify {
            add(message.traits, scope: .properties, wanted: wantedProperties, at: row, isTraits: true)
            finishRow(flags: 0, items: [])
        } else {
            add(message.properties, scope: .properties, wanted: wantedProperties, at: row)
            addItems(of: message)
        }
        add(message.context, scope: .context, wanted: wantedProperties == nil ? nil : wantedContext, at: row)
    }

    private mutating func addItems(of message: Message) {
        var bits: UInt8 = 0
        if case .array = message.properties["products"] { bits |= HistoryBlock.Flag.productsList }
        if message.isOwnItem {
            finishRow(flags: bits | HistoryBlock.Flag.ownItem, items: [])
        } else {
            let items = message.items
            finishRow(flags: items.isEmpty ? bits : bits | HistoryBlock.Flag.storedItems, items: items)
        }
    }

    private mutating func finishRow(flags bits: UInt8, items: [JSONObject]) {
        for item in items {
            add(item, scope: .items, wanted: wantedProperties == nil ? nil : wantedItems, at: itemCount)
            itemCount += 1
        }
        itemOffsets.append(UInt32(itemCount))
        flags.append(bits)
    }

    /// Adds the cells of an object: those wanted, or all of its leaves and objects.
    private mutating func add(
        _ object: JSONObject, scope: PropertyPath.Scope, wanted: [PropertyPath]?, at row: Int, isTraits: Bool = false
    ) {
        guard let wanted else {
            return flatten(object, scope: scope, parts: [], at: row, isTraits: isTraits)
        }
        for path in wanted {
            guard let value = value(at: path.parts, in: object) else { continue }
            if value == .null && !(isTraits && path.parts.count == 1) { continue }
            columns[path, default: ColumnBuilder()].append(Cell(value), at: row)
        }
    }

    private func value(at parts: [Text], in object: JSONObject) -> JSONValue? {
        var value = JSONValue.object(object)
        for part in parts.first == PropertyPath.productsTrait ? ["products"] + parts.dropFirst() : parts {
            guard case .object(let members) = value, let next = members[part] else { return nil }
            value = next
        }
        return value
    }

    /// Objects nest at most as deep as the JSON reader allows.
    private mutating func flatten(
        _ object: JSONObject, scope: PropertyPath.Scope, parts: [Text], at row: Int, isTraits: Bool
    ) {
        for member in object.effectiveMembers {
            let value = member.value
            if value == .null && !(isTraits && parts.isEmpty) { continue }
            let inner = parts + [member.key]
            let path = isTraits ? PropertyPath.trait(inner) : PropertyPath(scope: scope, parts: inner)
            // Inside `products` of an event there is nothing but items, and an object there gives none.
            guard path.scope == scope else { continue }
            columns[path, default: ColumnBuilder()].append(Cell(value), at: row)
            if case .object(let object) = value {
                flatten(object, scope: scope, parts: inner, at: row, isTraits: isTraits)
            }
        }
    }

    consuming func finish() -> (flags: [UInt8], itemOffsets: [UInt32], columns: [PropertyPath: Column]) {
        let rowCount = flags.count
        let itemCount = itemCount
        var finished: [PropertyPath: Column] = [:]
        for (path, builder) in columns {
            finished[path] = builder.finish(rowCount: path.scope == .items ? itemCount : rowCount)
        }
        return (flags, itemOffsets, finished)
    }
}
