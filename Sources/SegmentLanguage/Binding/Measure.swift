internal import EventModel

/// Sizes of definitions.
enum Measure {
    /// How many conditions a definition has: those that hold no others inside count one.
    static func conditions(of definition: Definition) -> Int {
        switch definition.body {
        case .segment(let condition): conditions(in: condition)
        case .metric(let value): conditions(in: value)
        }
    }

    private static func conditions(in condition: Condition) -> Int {
        switch condition.kind {
        case .and(let operands), .or(let operands): operands.reduce(0) { $0 + conditions(in: $1) }
        case .not(let inner), .forGroups(_, _, let inner), .anyItem(let inner), .everyItem(let inner):
            conditions(in: inner)
        case .did(let query, _), .didNot(let query), .didInPeriods(let query, _, _, _):
            max(1, conditions(in: query))
        case .every(let query, let filter): conditions(in: query) + conditions(in: filter)
        case .sequence(let sequence, _, let window):
            max(1, sequence.steps.reduce(window?.query.map(conditions(in:)) ?? 0) { $0 + conditions(in: $1.query) })
        case .compare(let left, _, let right, _), .text(let left, _, let right, _):
            max(1, conditions(in: left) + conditions(in: right))
        case .between(let value, let low, let high):
            max(1, conditions(in: value) + conditions(in: low) + conditions(in: high))
        case .isIn(let value, _, _, _), .exists(let value, _), .anniversary(let value, _):
            max(1, conditions(in: value))
        case .rank, .inSegment, .inSegmentForAtLeast, .wasInSegment, .entered, .left, .canReceive: 1
        }
    }

    private static func conditions(in query: EventQuery) -> Int {
        (query.filter.map(conditions(in:)) ?? 0) + (query.window?.query.map(conditions(in:)) ?? 0)
    }

    private static func conditions(in value: Value) -> Int {
        switch value.kind {
        case .aggregate(_, _, let query): conditions(in: query)
        case .arithmetic(let left, _, let right): conditions(in: left) + conditions(in: right)
        case .negated(let inner), .timeFunction(_, _, let inner): conditions(in: inner)
        default: 0
        }
    }

    // MARK: - Operators

    /// How many arithmetic operators a definition has.
    static func operators(in definition: Definition) -> Int {
        var counter = OperatorCounter()
        counter.walk(definition)
        return counter.count
    }

    private struct OperatorCounter: TreeVisitor {
        var count = 0

        mutating func visit(_ value: Value, _ scope: WalkScope) {
            if case .arithmetic = value.kind { count += 1 }
        }
    }

    // MARK: - Paths

    /// Whether something in a filter speaks of items.
    static func mentionsItems(_ condition: Condition) -> Bool {
        var search = PathSearch()
        search.walk(condition, WalkScope(place: .filter))
        return search.paths.contains { $0.scope == .items }
    }

    /// Whether a value of an event has a property in it.
    static func mentionsProperty(_ value: Value) -> Bool {
        var search = PathSearch()
        search.walk(value, WalkScope(place: .filter))
        return !search.paths.isEmpty
    }

    /// The properties a value of an event is made of.
    static func paths(in value: Value) -> [PropertyPath] {
        var search = PathSearch()
        search.walk(value, WalkScope(place: .filter))
        return search.paths
    }

    private struct PathSearch: TreeVisitor {
        var paths: [PropertyPath] = []

        mutating func visit(_ value: Value, _ scope: WalkScope) {
            if case .property(let path) = value.kind { paths.append(path) }
        }
    }
}
