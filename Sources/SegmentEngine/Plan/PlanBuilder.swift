import EventModel
import EventStore
import SegmentLanguage

/// Compiles definitions into shared nodes and notes what they need to read.
struct PlanBuilder {
    /// Where a condition or value stands: it decides what a bare item path means.
    struct Scope: Hashable {
        var inFilter = false
        /// An item is at hand: inside `any item`, `every item`, a comparison with item paths, an aggregate's X.
        var itemBound = false

        static let profile = Scope()
        static let filter = Scope(inFilter: true)
    }

    /// What a node reads, found while it is compiled.
    struct Footprint {
        var interest = Interest()
        /// Patterns that a group around the node must put into groups, and which of their rows.
        var groupPatterns: [Int: GroupRows] = [:]
        /// Places among the plan's columns.
        var columns: Set<Int> = []
        /// Whether it follows memberships through time from within a group.
        var followsFromGroup = false

        mutating func formUnion(_ other: Footprint) {
            interest.formUnion(other.interest)
            groupPatterns.merge(other.groupPatterns) { $0.union($1) }
            columns.formUnion(other.columns)
            followsFromGroup = followsFromGroup || other.followsFromGroup
        }
    }

    private struct Key<Source: Hashable>: Hashable {
        var source: Source
        var scope: Scope
    }

    struct PathKey: Hashable {
        var path: PropertyPath
        var forGroups: Bool
    }

    let program: Program
    let settings: WorkspaceSettings
    var comparing: Comparing { Comparing(zone: settings.zone) }

    var patterns: [Pattern] = []
    var slots: [PathSlot] = []
    private(set) var columnPaths: [PropertyPath] = []
    var ranks: [RankNode] = []
    private(set) var valueSlots = 0
    private(set) var conditionSlots = 0
    var leafCount = 0
    var wellKnown = WellKnownPaths()
    var footprint = Footprint()

    private var conditions: [Key<Condition>: (node: ConditionNode, footprint: Footprint)] = [:]
    /// What messages can change each condition about the profile, in the order in which they were made.
    private(set) var interests: [(node: ConditionNode, interest: Interest)] = []
    private var values: [Key<SegmentLanguage.Value>: (node: ValueNode, footprint: Footprint)] = [:]
    private var bodies: [Text: (body: Plan.Body, footprint: Footprint)] = [:]
    private var builtIns: [Text: NetNode] = [:]
    private var columnOfPath: [PropertyPath: Int] = [:]
    var patternOfSource: [EventPattern: Pattern] = [:]
    var slotOfPath: [PathKey: PathSlot] = [:]

    init(program: Program, settings: WorkspaceSettings) {
        self.program = program
        self.settings = settings
    }

    /// Compiles all definitions; those they refer to come before them.
    mutating func compileAll() -> [Plan.Entry] {
        if !settings.catalogue.isEmpty {
            wellKnown.productID = column(PropertyPath(.properties, ["product_id"]))
            wellKnown.itemProductID = column(PropertyPath(.items, ["product_id"]))
        }
        // Visits are formed by the same pattern everywhere.
        _ = pattern(.visit, asksForRows: false)
        let entries = program.definitions.map { definition in
            footprint = Footprint()
            let body: Plan.Body
            switch definition.body {
            case .segment(let condition): body = .segment(compile(condition, .profile))
            case .metric(let value): body = .metric(compile(value, .profile))
            }
            bodies[definition.name] = (body, footprint)
            return Plan.Entry(
                definition: definition, body: body, interest: footprint.interest, projection: projection(footprint))
        }
        return entries
    }

    /// What batch evaluation must read for what is compiled.
    mutating func projection(_ footprint: Footprint) -> Projection {
        let interest = footprint.interest
        var events: Set<Text>? = interest.names
        for index in interest.patterns { events = patterns[index].names.flatMap { events?.union($0) } }
        if interest.anyContext { events = nil }
        var paths = Set(footprint.columns.map { columnPaths[$0] })
        if !settings.catalogue.isEmpty {
            paths.formUnion([columnPaths[wellKnown.productID], columnPaths[wellKnown.itemProductID]])
        }
        var eventsOfPath: [PropertyPath: Set<Text>] = [:]
        if let events { for path in paths { eventsOfPath[path] = events } }
        // Orders that repeat one are left out.
        if events?.contains(EventName.orderCompleted) ?? true {
            let path = columnPaths[column(RepeatedOrders.orderID)]
            if paths.insert(path).inserted { eventsOfPath[path] = [EventName.orderCompleted] }
        }
        return Projection(
            events: events, paths: paths, eventsOfPath: eventsOfPath,
            traits: interest.traits || interest.anyContext)
    }

    // MARK: - Shared nodes

    mutating func compile(_ condition: Condition, _ scope: Scope) -> ConditionNode {
        let key = Key(source: condition, scope: scope)
        if let known = conditions[key] {
            footprint.formUnion(known.footprint)
            return known.node
        }
        let outer = footprint
        footprint = Footprint()
        let node = make(condition, scope)
        conditions[key] = (node, footprint)
        if !node.traits.readsRow { interests.append((node, footprint.interest)) }
        footprint.formUnion(outer)
        return node
    }

    mutating func compile(_ value: SegmentLanguage.Value, _ scope: Scope) -> ValueNode {
        let key = Key(source: value, scope: scope)
        if let known = values[key] {
            footprint.formUnion(known.footprint)
            return known.node
        }
        let outer = footprint
        footprint = Footprint()
        let node = make(value, scope)
        values[key] = (node, footprint)
        footprint.formUnion(outer)
        return node
    }

    mutating func nextConditionSlot() -> Int {
        conditionSlots += 1
        return conditionSlots - 1
    }

    mutating func nextValueSlot() -> Int {
        valueSlots += 1
        return valueSlots - 1
    }

    // MARK: - References

    /// A segment compiled before; one that is none never holds.
    mutating func segment(_ name: Text) -> SegmentReference {
        if let known = bodies[name], case .segment(let condition) = known.body {
            take(known.footprint)
            return SegmentReference(name: name, condition: condition)
        }
        let nothing = ConditionNode(
            slot: nextConditionSlot(), traits: .constant, source: Condition(.inSegment(name)))
        return SegmentReference(name: name, condition: nothing)
    }

    /// A metric compiled before, or a built-in one; nil for names that are none.
    mutating func metric(_ name: Text) -> ValueNode? {
        if let known = bodies[name], case .metric(let value) = known.body {
            take(known.footprint)
            return value
        }
        let field: NetNode.Field
        switch name {
        case "net_orders": field = .orders
        case "net_revenue": field = .revenue
        default: return nil
        }
        wellKnown.orders = OrderColumns { column($0) }
        footprint.interest.names.formUnion(OrderColumns.events)
        if let known = builtIns[name] { return known }
        let node = NetNode(slot: nextValueSlot(), source: SegmentLanguage.Value(.metric(name)), field: field)
        builtIns[name] = node
        return node
    }

    /// Notes what a definition reads that is referred to; it speaks of the profile, also from within a group.
    private mutating func take(_ other: Footprint) {
        footprint.interest.formUnion(other.interest)
        footprint.columns.formUnion(other.columns)
    }

    // MARK: - What is read

    /// The place of a path among the plan's columns.
    mutating func column(_ path: PropertyPath) -> Int {
        let column = columnOfPath[path] ?? columnPaths.count
        if column == columnPaths.count {
            columnPaths.append(path)
            columnOfPath[path] = column
        }
        footprint.columns.insert(column)
        return column
    }

    /// The slot of a path; those of groups look for the items' values too.
    mutating func slot(_ path: PropertyPath, forGroups: Bool = false) -> PathSlot {
        let key = PathKey(path: path, forGroups: forGroups)
        if let known = slotOfPath[key] {
            footprint.columns.formUnion([known.column, known.ownColumn])
            if let column = known.itemColumn { footprint.columns.insert(column) }
            return known
        }
        let own = column(path)
        // An event that is its own item has the item's fields among its properties.
        let ownColumn = path.scope == .items ? column(.trait(path.parts)) : own
        let itemColumn = path.scope == .properties && forGroups ? column(PropertyPath(.items, path.parts)) : nil
        let slot = PathSlot(index: slots.count, path: path, column: own, ownColumn: ownColumn, itemColumn: itemColumn)
        slots.append(slot)
        slotOfPath[key] = slot
        return slot
    }

    /// The shared pattern of an E; `asksForRows`: whether a definition wants its events.
    mutating func pattern(_ source: EventPattern, asksForRows: Bool = true) -> Pattern {
        let pattern: Pattern
        if let known = patternOfSource[source] {
            pattern = known
        } else {
            pattern = Pattern(index: patterns.count, source: source)
            patterns.append(pattern)
            patternOfSource[source] = pattern
        }
        if asksForRows {
            footprint.interest.patterns.insert(pattern.index)
        }
        return pattern
    }

    /// - Parameter expression: an aggregate's X over the query.
    mutating func query(_ source: EventQuery, over expression: SegmentLanguage.Value? = nil) -> QueryNode {
        let paths = (source.filter?.mentionedPaths ?? []) + (expression?.mentionedPaths ?? [])
        var mentioned: [PathSlot] = []
        for path in paths {
            let slot = slot(path)
            if !mentioned.contains(where: { $0 === slot }) { mentioned.append(slot) }
        }
        let node = QueryNode(
            pattern: pattern(source.events), filter: source.filter.map { compile($0, .filter) },
            window: source.window.map { window($0) }, mentioned: mentioned)
        let rows = node.window.map { GroupRows.inside($0) } ?? .all
        footprint.groupPatterns[node.pattern.index] = footprint.groupPatterns[node.pattern.index]?.union(rows) ?? rows
        return node
    }

    /// The profile's zone is asked for: its trait counts.
    mutating func needTimezone() {
        wellKnown.timezone = column(.trait(["timezone"]))
        footprint.interest.traits = true
    }

    /// Visits are asked for without being the events counted.
    mutating func needVisits() {
        footprint.interest.patterns.insert(pattern(.visit, asksForRows: false).index)
    }
}
