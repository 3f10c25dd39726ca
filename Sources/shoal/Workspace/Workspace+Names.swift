import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension Workspace {
    /// The names and kinds of values that the data has for some events, and for traits.
    ///
    /// - Parameter events: canonical names; nil: of all events. The names themselves are always all collected.
    /// - Complexity: O(values of those events).
    func names(of events: Set<Text>?) throws -> WorkspaceNames {
        var names = WorkspaceNames()
        for product in settings.catalogue.all { names.observe(product: product) }
        let nothing = Projection(events: nil, paths: [], traits: false)
        let wanted = Projection(events: events, paths: nil, traits: true)
        for index in 0..<snapshot.blockCount {
            if events != nil { names.observeEvents(of: try snapshot.block(index, projection: nothing)) }
            names.observe(try snapshot.block(index, projection: wanted))
        }
        return names
    }
}

extension WorkspaceNames {
    /// Takes note of the names of events alone.
    fileprivate mutating func observeEvents(of block: HistoryBlock) {
        for section in block.sections where section.name != HistoryBlock.identifyCode {
            let name = block.eventNames[Int(section.name)]
            if events[name] == nil { events[name] = Event() }
        }
    }

    /// Takes note of every value of a block.
    fileprivate mutating func observe(_ block: HistoryBlock) {
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

extension [Definition] {
    /// The names of events that definitions speak of, perhaps with other words among them; nil: any event at all.
    var mentionedEvents: Set<Text>? {
        var words: Set<Text> = []
        var isAny = false
        func walk(_ value: JSONValue) {
            switch value {
            case .string(let text): words.insert(text)
            case .array(let elements): for element in elements { walk(element) }
            case .object(let object):
                if let type = object["type"]?.text, ["any-event", "like", "visit"].contains(type) { isAny = true }
                for member in object.members { walk(member.value) }
            case .null, .bool, .number: break
            }
        }
        for definition in self { walk(JSONForm.encode(definition)) }
        return isAny ? nil : words
    }

    /// The metrics by which definitions rank everybody.
    fileprivate var metricsRankingEverybody: Set<Text> {
        var found: Set<Text> = []
        func walk(_ condition: Condition) {
            switch condition.kind {
            case .and(let parts), .or(let parts): for part in parts { walk(part) }
            case .not(let part), .forGroups(_, _, let part): walk(part)
            case .rank(let metric, _, nil): found.insert(metric)
            default: break
            }
        }
        for definition in self { definition.condition.map(walk) }
        return found
    }
}

extension Workspace {
    /// Metrics that definitions rank everybody by although they are 0 for more than half of all who have them.
    func mostlyZeroMetrics(ranksIn definitions: [Definition], _ console: Console) async throws -> Set<Text> {
        let ranking = definitions.metricsRankingEverybody
        let builtIn: [Text: OwnMetric] = ["net_orders": .netOrders, "net_revenue": .netRevenue]
        let known = ranking.filter { library.program[$0] != nil }
        let own = ranking.compactMap { builtIn[$0] }
        guard !known.isEmpty || !own.isEmpty else { return [] }
        let evaluation = Evaluation(self, Array(known), and: own, console)
        let result = try await evaluation.run(at: Shoal.clock.now())
        evaluation.end()
        return ranking.filter { name in
            let values = result.metrics[builtIn[name]?.name ?? name] ?? [:]
            return values.count { $0.value == .number(0) } * 2 > values.count && !values.isEmpty
        }
    }
}
