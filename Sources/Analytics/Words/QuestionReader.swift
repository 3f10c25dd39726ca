package import EventModel
package import SegmentLanguage

/// Reads what reports are asked about: events, measures and properties, in the words of the segment language.
package struct QuestionReader: Sendable {
    /// Why a text can't be read.
    package struct Problem: Error, Sendable {
        /// As it was typed.
        package let text: String
        package let message: String
        /// Where it breaks, and the whole text that it is a place of; nil: it is none of the language's problems.
        package let diagnostic: Diagnostic?
        package let source: String
    }

    package let zone: Zone
    /// For queries that have no window of their own.
    package var window: Window?

    package init(zone: Zone, window: Window? = nil) {
        self.zone = zone
        self.window = window
    }

    /// Events with their filter: `"Product Viewed" where price > 50`, `any of ("A", "B")`, `any event`. A plain name
    /// needs no quotes.
    package func events(_ text: String) throws(Problem) -> EventQuery {
        guard !text.contains(where: \.isNewline) else { throw Self.unreadable(text) }
        let source = Self.startsLikeEvents(text) ? text : Self.quotingName(in: text)
        let definition = try definition("segment asked: did \(source)", text)
        guard case .did(var query, nil) = definition.condition?.kind else { throw Self.unreadable(text) }
        if query.window == nil { query.window = window }
        return query
    }

    /// `sum(revenue of "Order Completed")`, `average(..)`, `count(..)`; nil for anything else, which may name events.
    package func aggregate(_ text: String) throws(Problem) -> (Aggregate, of: Value?, EventQuery)? {
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
    package func values(_ text: String) throws(Problem) -> (of: Value, EventQuery) {
        let definition = try definition("metric asked: list(\(text))", text)
        guard case .aggregate(.list, let value?, var query) = definition.value?.kind else {
            throw Self.unreadable(text)
        }
        if query.window == nil { query.window = window }
        return (value, query)
    }

    /// A property of events, or arithmetic on such.
    package func property(_ text: String) throws(Problem) -> Value {
        try values("\(text) of any event").of
    }

    /// A property of events, and nothing more.
    package func path(_ text: String) throws(Problem) -> PropertyPath {
        guard case .property(let path) = try property(text).kind else { throw Self.unreadable(text) }
        return path
    }

    /// `7 days`, `24 hours`.
    ///
    /// - Returns: nil for what is no length of time.
    package func duration(_ text: String) -> DurationLiteral? {
        let parsed = Parser.parse("metric asked: \(text)")
        guard parsed.definitions.count == 1, case .duration(let length) = parsed.definitions.first?.value?.kind else {
            return nil
        }
        return length
    }

    // MARK: - Reading

    /// The only definition of a text, checked.
    private func definition(_ source: String, _ asked: String) throws(Problem) -> Definition {
        let parsed = Parser.parse(source)
        let (program, diagnostics) = Binder.bind([parsed], zone: zone)
        if let problem = diagnostics.first(where: \.isError) { throw Self.unreadable(asked, problem, source) }
        guard program.definitions.count == 1, let definition = program.definitions.first else {
            throw Self.unreadable(asked)
        }
        return definition
    }

    private static func unreadable(_ text: String, _ problem: Diagnostic? = nil, _ source: String = "") -> Problem {
        Problem(text: text, message: problem?.message ?? "it names no events", diagnostic: problem, source: source)
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
