package import EventModel
package import EventStore
package import SegmentLanguage

extension WorkspaceNames {
    /// The names and kinds of values that a store has for some events, and for traits.
    ///
    /// - Parameter events: canonical names; nil: of all events. The names themselves are always all collected.
    /// - Complexity: O(values of those events).
    package init(of snapshot: Snapshot, events: Set<Text>?) throws {
        self.init()
        for product in snapshot.settings.catalogue.all { observe(product: product) }
        let nothing = Projection(events: nil, paths: [], traits: false)
        let wanted = Projection(events: events, paths: nil, traits: true)
        for index in 0..<snapshot.blockCount {
            if events != nil { observeEvents(of: try snapshot.block(index, projection: nothing)) }
            observe(try snapshot.block(index, projection: wanted))
        }
    }

    /// Takes note of the names of events alone.
    private mutating func observeEvents(of block: HistoryBlock) {
        for section in block.sections where section.name != HistoryBlock.identifyCode {
            let name = block.eventNames[Int(section.name)]
            if events[name] == nil { events[name] = Event() }
        }
    }

    /// Takes note of every value of a block.
    private mutating func observe(_ block: HistoryBlock) {
        for section in block.sections {
            let reader = EventReader(block: block, rows: section.rows)
            if section.name == HistoryBlock.identifyCode {
                for (path, kinds) in reader.kinds(.properties) {
                    traits[path, default: [:]].merge(kinds, uniquingKeysWith: +)
                }
            } else {
                let name = block.eventNames[Int(section.name)]
                var event = events[name] ?? Event()
                for (path, kinds) in reader.kinds(.properties) {
                    event.properties[path, default: [:]].merge(kinds, uniquingKeysWith: +)
                }
                for (path, kinds) in reader.kinds(.context) {
                    event.context[path, default: [:]].merge(kinds, uniquingKeysWith: +)
                }
                for (path, kinds) in reader.kinds(.items) {
                    event.items[path, default: [:]].merge(kinds, uniquingKeysWith: +)
                }
                events[name] = event
            }
        }
    }
}

/// Reads the kinds of values that the rows of one event have.
private struct EventReader {
    let block: HistoryBlock
    let rows: Range<Int>

    func kinds(_ scope: PropertyPath.Scope) -> [[Text]: WorkspaceNames.Kinds] {
        var found: [[Text]: WorkspaceNames.Kinds] = [:]
        for (path, column) in block.allColumns where path.scope == scope {
            var kinds: WorkspaceNames.Kinds = [:]
            for place in scope == .items ? items : rows where column.hasCell(at: place) {
                note(column.cell(at: place), &kinds)
            }
            if !kinds.isEmpty { found[path.parts] = kinds }
        }
        if scope == .items { addOwnItems(&found) }
        return found
    }

    private var items: Range<Int> {
        Int(block.itemOffsets[rows.lowerBound])..<Int(block.itemOffsets[rows.upperBound])
    }

    /// Events that are their own single item: the item's fields are theirs.
    private func addOwnItems(_ found: inout [[Text]: WorkspaceNames.Kinds]) {
        let flags = block.flags
        let own = rows.filter { flags[$0] & HistoryBlock.Flag.ownItem != 0 }
        guard !own.isEmpty else { return }
        for (path, column) in block.allColumns where path.scope == .properties {
            for row in own where column.hasCell(at: row) {
                note(column.cell(at: row), &found[path.parts, default: [:]])
            }
        }
    }

    private func note(_ cell: Cell, _ kinds: inout WorkspaceNames.Kinds) {
        let value: JSONValue = if cell == .object { .object(JSONObject()) } else { cell.json }
        if let kind = WorkspaceNames.Kind(value) { kinds[kind, default: 0] += 1 }
    }
}

extension Cell {
    fileprivate var json: JSONValue {
        switch self {
        case .missing, .null, .object: .null
        case .bool(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .list(let elements): .array(elements)
        }
    }
}
