internal import EventModel

/// Warns of events, properties and traits the workspace has never seen, and of literals whose type it never has.
struct NameCheck: Check {
    let map: SourceMap
    let workspace: WorkspaceNames
    var spelling: SpellingBudget
    var diagnostics: [Diagnostic] = []

    init(map: SourceMap, workspace: WorkspaceNames, spelling: SpellingBudget) {
        self.map = map
        self.workspace = workspace
        self.spelling = spelling
    }

    // MARK: - Events

    mutating func visit(_ query: EventQuery, _ scope: WalkScope) {
        switch query.events {
        case .named(let name): checkEvent(name, at: query.range)
        case .anyOf(let names):
            for name in names { checkEvent(name, at: query.range) }
        case .like(let pattern):
            guard workspace.events(of: query.events).isEmpty else { return }
            report(
                .unknownEvent, "no event of this workspace is like \(StringLiteral.text(pattern, upTo: 60))",
                at: query.range)
        case .anyEvent, .visit: break
        }
    }

    private mutating func checkEvent(_ name: Text, at range: SourceRange) {
        guard workspace.events[name] == nil, Vocabulary.fromGA4(name) == nil else { return }
        let known = workspace.events.keys.map(\.string)
        let candidates = known + Vocabulary.standardEvents.map(\.string)
        let meant = spelling.closest(to: name.string, among: candidates.filter { $0 != name.string })
        report(
            .unknownEvent, "no event is called \(StringLiteral.text(name, upTo: 60)) in this workspace", at: range,
            suggestion: meant.map { StringLiteral.text(Text($0)) })
    }

    // MARK: - Properties and traits

    mutating func visit(_ value: Value, _ scope: WalkScope) {
        switch value.kind {
        case .property(let path):
            if let query = scope.query { check(path, of: query, at: value.range) }
        case .trait(let parts): checkTrait(parts, at: value.range)
        case .eventField(let field, let local):
            checkEventWord((local ? "local_" : "") + field.rawValue, at: value.range, scope)
        case .eventTime: checkEventWord("time", at: value.range, scope)
        case .aggregate(let aggregate, let of?, let query):
            checkUsefulness(aggregate, of, query, at: value.range)
        default: break
        }
    }

    private mutating func check(
        _ path: PropertyPath, of query: EventQuery, at range: SourceRange
    ) {
        let events = workspace.events(of: query.events)
        guard !events.isEmpty, query.events != .visit, !isKnown(path, in: events) else { return }
        let parts = path.parts
        if path.scope == .properties, events.contains(where: { $0.items[parts] != nil }) {
            report(
                .itemProperty, "the event never has `\(PathText.text(path))`, but its items do", at: range,
                suggestion: PathText.text(PropertyPath(scope: .items, parts: parts)))
            return
        }
        let known = events.flatMap { Self.paths(path.scope, in: $0) }
        let written = Dictionary(
            known.map { (PathText.text(PropertyPath(scope: path.scope, parts: $0)), $0) },
            uniquingKeysWith: { first, _ in first })
        report(
            .unknownProperty, "no \(Self.described(query.events)) has \(PathText.text(path)) in this workspace",
            at: range, suggestion: spelling.closest(to: PathText.text(path), among: Array(written.keys)))
    }

    private func isKnown(_ path: PropertyPath, in events: [WorkspaceNames.Event]) -> Bool {
        if path.scope == .properties, path.parts == ["products"] { return events.contains { !$0.items.isEmpty } }
        return events.contains { event in
            if Self.kinds(of: path, in: event) != nil { return true }
            let hasProduct = event.properties[["product_id"]] != nil
            switch path.scope {
            case .context: return false
            case .properties: return hasProduct && workspace.catalogue.contains(path.parts)
            case .items:
                let hasItems = hasProduct || event.items[["product_id"]] != nil
                return (hasProduct && event.properties[path.parts] != nil)
                    || (hasItems && workspace.catalogue.contains(path.parts))
            }
        }
    }

    private static func kinds(of path: PropertyPath, in event: WorkspaceNames.Event) -> WorkspaceNames.Kinds? {
        switch path.scope {
        case .properties: event.properties[path.parts]
        case .context: event.context[path.parts]
        case .items: event.items[path.parts]
        }
    }

    private static func paths(_ scope: PropertyPath.Scope, in event: WorkspaceNames.Event) -> [[Text]] {
        switch scope {
        case .properties: Array(event.properties.keys)
        case .context: Array(event.context.keys)
        case .items: Array(event.items.keys)
        }
    }

    private static func described(_ pattern: EventPattern) -> String {
        switch pattern {
        case .named(let name): StringLiteral.text(name, upTo: 60)
        default: "such event"
        }
    }

    private mutating func checkTrait(_ parts: [Text], at range: SourceRange) {
        guard workspace.traits[parts] == nil else { return }
        let known = workspace.traits.keys.map(PathText.trait)
        report(
            .unknownProperty, "no profile has \(PathText.trait(parts)) in this workspace", at: range,
            suggestion: spelling.closest(to: PathText.trait(parts), among: known))
    }

    private mutating func checkEventWord(
        _ word: String, at range: SourceRange, _ scope: WalkScope
    ) {
        guard let query = scope.query,
            workspace.events(of: query.events).contains(where: { $0.properties[[Text(word)]] != nil })
        else { return }
        report(
            .eventWord, "`\(word)` is the event's own \(word == "time" ? "time" : "clock"), not its property",
            at: range,
            help: "the property is written properties.\(word)")
    }

    private mutating func checkUsefulness(
        _ aggregate: Aggregate, _ of: Value, _ query: EventQuery, at range: SourceRange
    ) {
        guard [.sum, .average, .minimum, .maximum, .median].contains(aggregate), case .property(let path) = of.kind
        else { return }
        var useful = 0
        var useless = 0
        for event in workspace.events(of: query.events) {
            for (kind, count) in Self.kinds(of: path, in: event) ?? [:] {
                if kind == .number || kind == .numericString { useful += count } else { useless += count }
            }
        }
        guard useless > 0 else { return }
        report(
            .unusableValues,
            "\(useless) of \(useful + useless) values of \(PathText.text(path)) are no numbers and are passed over",
            at: range)
    }

    // MARK: - Groups, ranks, literals

    mutating func visit(_ condition: Condition, _ scope: WalkScope) {
        switch condition.kind {
        case .forGroups(_, let path, _): checkGroup(path, in: condition.range)
        case .sequence(let sequence, _, _):
            if let path = sequence.same { checkGroup(path, in: condition.range) }
        case .rank(let metric, _, nil) where workspace.mostlyZeroMetrics.contains(metric):
            report(
                .rankOfMostlyZero, "`\(metric)` is 0 for most profiles, so most of this rank is chance",
                at: condition.range, help: "rank a part of the profiles: … of segment buyers")
        case .compare(let left, _, let right, _):
            checkLiteral(right, against: left, scope)
            checkLiteral(left, against: right, scope)
        case .between(let value, let low, let high):
            checkLiteral(low, against: value, scope)
            checkLiteral(high, against: value, scope)
        case .isIn(let value, let elements, _, _):
            for element in elements { checkLiteral(element, against: value, scope) }
        default: break
        }
    }

    private mutating func checkGroup(_ path: PropertyPath, in node: SourceRange) {
        let isSeen = workspace.events.values.contains { event in
            if path.scope == .context { return event.context[path.parts] != nil }
            return event.items[path.parts] != nil || event.properties[path.parts] != nil
        }
        guard !isSeen, !workspace.catalogue.contains(path.parts) else { return }
        let known = workspace.events.values.flatMap { event in
            Self.paths(path.scope, in: event).map { PathText.text(PropertyPath(scope: path.scope, parts: $0)) }
        }
        report(
            .unknownProperty, "no event has \(PathText.text(path)) in this workspace",
            at: map.range(of: .path, in: node), suggestion: spelling.closest(to: PathText.text(path), among: known))
    }

    private mutating func checkLiteral(
        _ literal: Value, against value: Value, _ scope: WalkScope
    ) {
        guard let wanted = Self.kindsEqual(to: literal), let seen = kindsSeen(of: value, scope) else { return }
        let all = seen.reduce(into: WorkspaceNames.Kinds()) { $0.merge($1, uniquingKeysWith: +) }
        guard !all.isEmpty, all.keys.allSatisfy({ !wanted.contains($0) }) else { return }
        let most = all.max { ($0.value, "\($0.key)") < ($1.value, "\($1.key)") }?.key ?? .string
        report(
            .typeNeverSeen, "the data never has such a value here; it has \(Self.described(most))", at: literal.range)
    }

    private func kindsSeen(
        of value: Value, _ scope: WalkScope
    ) -> [WorkspaceNames.Kinds]? {
        switch value.kind {
        case .trait(let parts): workspace.traits[parts].map { [$0] }
        case .property(let path):
            scope.query.flatMap { query in
                query.events == .visit
                    ? nil : workspace.events(of: query.events).compactMap { Self.kinds(of: path, in: $0) }
            }
        default: nil
        }
    }

    /// The kinds of data a literal can equal; nil for what is no literal.
    private static func kindsEqual(to literal: Value) -> Set<WorkspaceNames.Kind>? {
        switch literal.kind {
        case .number, .percent, .weekday: [.number, .numericString]
        case .bool: [.bool, .boolString]
        case .time, .ago, .fromNow, .now: [.timeString]
        case .string(let text):
            switch WorkspaceNames.Kind(.string(text)) {
            case .numericString: [.number, .numericString, .string, .boolString, .timeString]
            case .boolString: [.bool, .numericString, .string, .boolString, .timeString]
            default: [.numericString, .string, .boolString, .timeString]
            }
        default: nil
        }
    }

    private static func described(_ kind: WorkspaceNames.Kind) -> String {
        switch kind {
        case .number: "numbers"
        case .bool: "true and false"
        case .string: "strings"
        case .numericString: "strings that are numbers"
        case .boolString: "the strings \"true\" and \"false\""
        case .timeString: "dates and times"
        case .list: "lists"
        case .object: "objects"
        }
    }
}
