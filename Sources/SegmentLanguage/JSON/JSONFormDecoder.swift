internal import EventModel

/// Makes trees of the JSON form.
enum JSONFormDecoder {
    static func definition(_ cursor: JSONCursor) throws(JSONFormError) -> Definition {
        let isMetric = try cursor.optional("metric") != nil
        let kind: Text = isMetric ? "metric" : "segment"
        let body: Text = isMetric ? "value" : "condition"
        try cursor.allow([kind, "title", body])
        let name = try name(try cursor.member(kind))
        let title = try text(try cursor.optional("title"))
        if isMetric {
            return Definition(name: name, title: title, body: .metric(try value(try cursor.member(body))))
        }
        return Definition(name: name, title: title, body: .segment(try condition(try cursor.member(body))))
    }

    // MARK: - Names and literals

    private static func text(_ cursor: JSONCursor?) throws(JSONFormError) -> Text? {
        guard let cursor else { return nil }
        return try cursor.string()
    }

    static func name(_ cursor: JSONCursor) throws(JSONFormError) -> Text {
        let name = try cursor.string()
        guard DefinitionParser.isName(name.string) else {
            throw cursor.error(
                .invalidName, "a name has small letters, digits and `_`, and starts with a letter")
        }
        return name
    }

    static func duration(_ cursor: JSONCursor) throws(JSONFormError) -> DurationLiteral {
        try cursor.allow(["amount", "unit"])
        let amount = try cursor.member("amount").decimal()
        let unit = try cursor.member("unit").word(DurationLiteral.Unit.self)
        guard let duration = DurationLiteral(amount, unit) else {
            throw cursor.error(
                .invalidDuration,
                "a length of time is not negative, a whole number of milliseconds, and at most 100,000 years")
        }
        return duration
    }

    static func optionalDuration(_ cursor: JSONCursor, _ key: Text) throws(JSONFormError) -> DurationLiteral? {
        guard let found = try cursor.optional(key) else { return nil }
        return try duration(found)
    }

    /// A date or time in exactly the forms the text form has.
    static func time(_ cursor: JSONCursor) throws(JSONFormError) -> TimeLiteral {
        let text = try cursor.string()
        var lexer = Lexer(text.string)
        lexer.run()
        guard lexer.diagnostics.isEmpty, lexer.comments.isEmpty, lexer.tokens.count == 1,
            case .time(let time) = lexer.tokens[0].kind, time.text == text
        else {
            throw cursor.error(.invalidTime, "expected a date or a time such as 2026-11-27T10:00:00Z")
        }
        return time
    }

    static func path(_ cursor: JSONCursor) throws(JSONFormError) -> PropertyPath {
        try cursor.allow(["scope", "path"])
        var scope = PropertyPath.Scope.properties
        if let found = try cursor.optional("scope") { scope = try found.word(PropertyPath.Scope.self) }
        return PropertyPath(scope: scope, parts: try parts(try cursor.member("path")))
    }

    static func parts(_ cursor: JSONCursor) throws(JSONFormError) -> [Text] {
        var parts: [Text] = []
        for element in try cursor.elements() { parts.append(try element.string()) }
        guard !parts.isEmpty else { throw cursor.error("a path has at least one part") }
        return parts
    }

    // MARK: - Events

    static func events(_ cursor: JSONCursor) throws(JSONFormError) -> EventPattern {
        if case .string(let name) = cursor.value { return .named(Vocabulary.canonicalName(name)) }
        switch try cursor.type() {
        case "any-event":
            try cursor.allow(["type"])
            return .anyEvent
        case "visit":
            try cursor.allow(["type"])
            return .visit
        case "like":
            try cursor.allow(["type", "pattern"])
            return .like(try cursor.member("pattern").string())
        case "any-of":
            try cursor.allow(["type", "names"])
            let list = try cursor.member("names")
            var names: [Text] = []
            for name in try list.elements() { names.append(Vocabulary.canonicalName(try name.string())) }
            guard !names.isEmpty else { throw list.error("the list is empty") }
            guard names.count <= LanguageLimits.elements else {
                throw list.error(.tooManyElements, "a list has at most \(LanguageLimits.elements) elements")
            }
            return .anyOf(names)
        default:
            throw try cursor.member("type").error(
                "expected the name of an event, or one of `any-event`, `any-of`, `like`, `visit`")
        }
    }

    /// The members of a query: `events`, `where` and, where one may stand, `window`; and no members besides `more`.
    static func query(
        _ cursor: JSONCursor, hasWindow: Bool = true, _ more: Set<Text> = []
    ) throws(JSONFormError) -> EventQuery {
        try cursor.allow(more.union(["type", "events", "where"]).union(hasWindow ? ["window"] : []))
        var query = EventQuery(try events(try cursor.member("events")))
        if let filter = try cursor.optional("where") { query.filter = try condition(filter) }
        if hasWindow { query.window = try optionalWindow(cursor) }
        return query
    }

    // MARK: - Windows

    static func optionalWindow(_ cursor: JSONCursor) throws(JSONFormError) -> Window? {
        guard let found = try cursor.optional("window") else { return nil }
        return try window(found)
    }

    private static func window(_ cursor: JSONCursor) throws(JSONFormError) -> Window {
        switch try cursor.type() {
        case "in-last":
            try cursor.allow(["type", "duration"])
            return .inLast(try duration(try cursor.member("duration")))
        case "from-ago":
            try cursor.allow(["type", "from", "to"])
            return .fromAgo(try duration(try cursor.member("from")), to: try optionalDuration(cursor, "to"))
        case "before-ago":
            try cursor.allow(["type", "duration"])
            return .beforeAgo(try duration(try cursor.member("duration")))
        case "from":
            try cursor.allow(["type", "from", "to"])
            return .from(try time(try cursor.member("from")), to: try time(try cursor.member("to")))
        case "before":
            try cursor.allow(["type", "time"])
            return .before(try time(try cursor.member("time")))
        case "on-or-after":
            try cursor.allow(["type", "time"])
            return .onOrAfter(try time(try cursor.member("time")))
        case "since":
            let query = try query(cursor, hasWindow: false, ["edge"])
            return .since(try edge(cursor), query)
        case "before-event":
            let query = try query(cursor, hasWindow: false, ["edge"])
            return .beforeEvent(try edge(cursor), query)
        case "within-after":
            let query = try query(cursor, hasWindow: false, ["edge", "duration"])
            return .withinAfter(try duration(try cursor.member("duration")), try edge(cursor), query)
        case "calendar":
            try cursor.allow(["type", "period"])
            return .calendar(try cursor.member("period").word(CalendarPeriod.self))
        default: throw try cursor.member("type").error("there is no such window")
        }
    }

    private static func edge(_ cursor: JSONCursor) throws(JSONFormError) -> Window.Edge {
        try cursor.member("edge").word(Window.Edge.self)
    }
}
