import EventModel
import SegmentLanguage

/// Reads what reports are asked about: events, measures and properties, in the words of the segment language.
struct ReportWords {
    let zone: Zone
    /// For queries that have no window of their own.
    var window: Window?

    /// Events with their filter: `"Product Viewed" where price > 50`, `any of ("A", "B")`, `any event`. A plain name
    /// needs no quotes.
    func events(_ text: String) throws(CommandError) -> EventQuery {
        guard !text.contains(where: \.isNewline) else { throw Self.unreadable(text) }
        let source = Self.startsLikeEvents(text) ? text : Self.quotingName(in: text)
        let definition = try definition("segment asked: did \(source)", text)
        guard case .did(var query, nil) = definition.condition?.kind else { throw Self.unreadable(text) }
        if query.window == nil { query.window = window }
        return query
    }

    /// `sum(revenue of "Order Completed")`, `average(..)`, `count(..)`; nil for anything else, which may name events.
    func aggregate(_ text: String) throws(CommandError) -> (Aggregate, of: Value?, EventQuery)? {
        let functions = ["sum", "average", "count"]
        guard let open = text.firstIndex(of: "("),
            functions.contains(text[..<open].split(separator: " ").joined(separator: " "))
        else { return nil }
        let definition = try definition("metric asked: \(text)", text)
        guard case .aggregate(let aggregate, let value, var query) = definition.value?.kind else {
            throw Self.unreadable(text)
        }
        if query.window == nil { query.window = window }
        return (aggregate, value, query)
    }

    /// `product_id of "Product Viewed" where price > 50`.
    func values(_ text: String) throws(CommandError) -> (of: Value, EventQuery) {
        let definition = try definition("metric asked: list(\(text))", text)
        guard case .aggregate(.list, let value?, var query) = definition.value?.kind else {
            throw Self.unreadable(text)
        }
        if query.window == nil { query.window = window }
        return (value, query)
    }

    /// A property of events, or arithmetic on such.
    func property(_ text: String) throws(CommandError) -> Value {
        try values("\(text) of any event").of
    }

    /// A property of events, and nothing more.
    func path(_ text: String) throws(CommandError) -> PropertyPath {
        guard case .property(let path) = try property(text).kind else { throw Self.unreadable(text) }
        return path
    }

    /// `7 days`, `24 hours`.
    func duration(_ text: String, option: String) throws(CommandError) -> DurationLiteral {
        let parsed = Parser.parse("metric asked: \(text)")
        guard parsed.definitions.count == 1, case .duration(let length) = parsed.definitions.first?.value?.kind else {
            throw CommandError(
                "invalid-duration", .usage, "\(option) \"\(text)\" is no length of time",
                advice: "write 30 minutes, 24 hours, 7 days or 2 weeks")
        }
        return length
    }

    // MARK: - Reading

    /// The only definition of a text, checked.
    private func definition(_ source: String, _ asked: String) throws(CommandError) -> Definition {
        let parsed = Parser.parse(source)
        let (program, diagnostics) = Binder.bind([parsed], zone: zone)
        if let problem = diagnostics.first(where: \.isError) { throw Self.unreadable(asked, problem, source) }
        guard program.definitions.count == 1, let definition = program.definitions.first else {
            throw Self.unreadable(asked)
        }
        return definition
    }

    private static func unreadable(
        _ text: String, _ problem: Diagnostic? = nil, _ source: String = ""
    ) -> CommandError {
        CommandError(
            "bad-question", .usage, "\"\(text)\" can't be read: \(problem?.message ?? "it names no events")",
            at: problem.map { DiagnosticRenderer.text($0, source: source) },
            advice: "name an event, or write it as in a segment: '\"Product Viewed\" where price > 50'")
    }

    private static func startsLikeEvents(_ text: String) -> Bool {
        let words = text.split { " (".contains($0) }.map(String.init)
        guard let first = words.first else { return false }
        if first.hasPrefix("\"") || text == "visit" { return true }
        let beginnings = ["any event", "any of", "events like", "visit where", "visit in"]
        return words.count > 1 && beginnings.contains("\(first) \(words[1])")
    }

    /// A plain name in quotes, what follows it left as it is.
    private static func quotingName(in text: String) -> String {
        var name = text
        var rest = ""
        if let range = text.firstRange(of: " where ") {
            name = String(text[..<range.lowerBound])
            rest = String(text[range.lowerBound...])
        }
        return JSONWriter.text(of: .string(Text(name))) + rest
    }
}
