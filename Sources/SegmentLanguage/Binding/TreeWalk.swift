internal import EventModel

/// Where in a definition a visitor stands.
struct WalkScope {
    enum Place {
        case profile, filter, aggregated
    }

    var place = Place.profile
    /// In filters and aggregates: whose events they speak of.
    var query: EventQuery?
    /// In an aggregate's X: which aggregate.
    var aggregate: Aggregate?
    /// The properties of the `for` conditions around, outermost first.
    var groups: [PropertyPath] = []
    /// An odd number of `not` stands around.
    var isNegated = false
}

/// Sees every node of a definition once, parents before children.
protocol TreeVisitor {
    mutating func visit(_ condition: Condition, _ scope: WalkScope)
    mutating func visit(_ value: Value, _ scope: WalkScope)
    mutating func visit(_ query: EventQuery, _ scope: WalkScope)
    /// `node` is the range of the query or condition the window belongs to.
    mutating func visit(_ window: Window, of node: SourceRange, _ scope: WalkScope)
}

extension TreeVisitor {
    mutating func visit(_ condition: Condition, _ scope: WalkScope) {}
    mutating func visit(_ value: Value, _ scope: WalkScope) {}
    mutating func visit(_ query: EventQuery, _ scope: WalkScope) {}
    mutating func visit(_ window: Window, of node: SourceRange, _ scope: WalkScope) {}

    mutating func walk(_ definition: Definition) {
        switch definition.body {
        case .segment(let condition): walk(condition, WalkScope())
        case .metric(let value): walk(value, WalkScope())
        }
    }

    // MARK: - Conditions

    mutating func walk(_ condition: Condition, _ scope: WalkScope) {
        visit(condition, scope)
        switch condition.kind {
        case .and(let operands), .or(let operands):
            for operand in operands { walk(operand, scope) }
        case .not(let inner):
            var negated = scope
            negated.isNegated.toggle()
            walk(inner, negated)
        case .did(let query, _), .didNot(let query), .didInPeriods(let query, _, _, _): walk(query, scope)
        case .every(let query, let filter):
            walk(query, scope)
            walk(filter, Self.filterScope(of: query, in: scope))
        case .sequence(let sequence, _, let window):
            for step in sequence.steps { walk(step.query, scope) }
            walk(window, of: condition.range, scope)
        case .forGroups(_, let path, let inner):
            var grouped = scope
            grouped.groups.append(path)
            walk(inner, grouped)
        case .compare(let left, _, let right, _), .text(let left, _, let right, _):
            walk(left, scope)
            walk(right, scope)
        case .between(let value, let low, let high):
            for value in [value, low, high] { walk(value, scope) }
        case .isIn(let value, let elements, _, _):
            walk(value, scope)
            for element in elements { walk(element, scope) }
        case .exists(let value, _), .anniversary(let value, _): walk(value, scope)
        case .entered(_, let window), .left(_, let window): walk(window, of: condition.range, scope)
        case .anyItem(let inner), .everyItem(let inner): walk(inner, scope)
        case .rank, .inSegment, .inSegmentForAtLeast, .wasInSegment, .canReceive: break
        }
    }

    // MARK: - Queries and windows

    mutating func walk(_ query: EventQuery, _ scope: WalkScope) {
        visit(query, scope)
        if let filter = query.filter { walk(filter, Self.filterScope(of: query, in: scope)) }
        walk(query.window, of: query.range, scope)
    }

    mutating func walk(_ window: Window?, of node: SourceRange, _ scope: WalkScope) {
        guard let window else { return }
        visit(window, of: node, scope)
        if let query = window.query { walk(query, scope) }
    }

    private static func filterScope(of query: EventQuery, in scope: WalkScope) -> WalkScope {
        WalkScope(place: .filter, query: query, groups: scope.groups, isNegated: scope.isNegated)
    }

    // MARK: - Values

    mutating func walk(_ value: Value, _ scope: WalkScope) {
        visit(value, scope)
        switch value.kind {
        case .aggregate(let aggregate, let of, let query):
            if let of {
                walk(of, WalkScope(place: .aggregated, query: query, aggregate: aggregate, groups: scope.groups))
            }
            walk(query, scope)
        case .timeFunction(_, _, let inner), .negated(let inner): walk(inner, scope)
        case .arithmetic(let left, _, let right):
            walk(left, scope)
            walk(right, scope)
        default: break
        }
    }
}

extension Window {
    /// The events an event window speaks of.
    package var query: EventQuery? {
        switch self {
        case .since(_, let query), .beforeEvent(_, let query), .withinAfter(_, _, let query): query
        default: nil
        }
    }
}

/// A check: a visitor that reports.
protocol Check: TreeVisitor {
    var map: SourceMap { get }
    var diagnostics: [Diagnostic] { get set }
}

extension Check {
    mutating func report(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange, suggestion: String? = nil,
        help: String? = nil
    ) {
        diagnostics.append(Diagnostic(code, message, at: range, suggestion: suggestion, help: help))
    }
}
