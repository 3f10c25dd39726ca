internal import EventModel

extension DefinitionParser {
    /// A function by its name, standing before `(`; nil when there is none of that name.
    mutating func readFunction(_ word: String) throws(SyntaxFailure) -> Value.Kind? {
        if let (field, local) = Words.timeFields[word] {
            guard place != .aggregated else { throw notInAggregate(word) }
            return try readTimeFunction(field, local: local)
        }
        if let aggregate = Words.aggregates[word] {
            guard place == .profile else {
                throw place == .filter
                    ? failure(
                        .notInFilter, "a filter speaks of one event; `\(word)(…)` asks the whole history",
                        help: "`where` takes one term and ends before `and`")
                    : notInAggregate(word)
            }
            return try readAggregate(aggregate, words: 1)
        }
        guard word == "bucket" else { return nil }
        guard place == .profile else {
            throw failure(.notInFilter, "`bucket` speaks of the profile and cannot stand in a filter")
        }
        index += 2
        guard case .string(let salt) = current.kind else {
            throw failure(.syntax, "expected a string in bucket(…), found \(current.described)")
        }
        advance()
        try expect(.rightParenthesis, "to close the parenthesis")
        return .bucket(salt)
    }

    private mutating func notInAggregate(_ word: String) -> SyntaxFailure {
        failure(
            .notInFilter, "`\(word)(…)` cannot stand inside an aggregate",
            help: "an aggregate takes a property of the event or arithmetic on such")
    }

    private mutating func readTimeFunction(_ field: TimeField, local: Bool) throws(SyntaxFailure) -> Value.Kind {
        let start = current.range
        index += 2
        let argument = try nested(start) { parser throws(SyntaxFailure) in
            try parser.readValue()
        }
        try expect(.rightParenthesis, "to close the parenthesis")
        return .timeFunction(field, local: local, argument)
    }

    // MARK: - Aggregates

    /// `count(E where F WINDOW)`, `sum(X of E where F WINDOW)`
    mutating func readAggregate(_ aggregate: Aggregate, words: Int) throws(SyntaxFailure) -> Value.Kind {
        let name = aggregate.rawValue
        index += words
        try expect(.leftParenthesis, "after `\(name)`")
        let takesEventsAlone = [.count, .days, .visits].contains(aggregate)
        let mayTakeEventsAlone = takesEventsAlone || aggregate == .first || aggregate == .last
        var value: Value?
        let isQuotedProperty = peek().isWord("of") && current.isString
        if !(mayTakeEventsAlone && startsEvents()) || isQuotedProperty {
            if takesEventsAlone { throw countOfProperty(name) }
            if startsEvents(), case .string(let event) = current.kind {
                if peek().isWord("of") {
                    throw failure(
                        .syntax, "a property name in quotes has a word before it",
                        suggestion: "properties.\(StringLiteral.text(event))")
                }
                throw failure(
                    .syntax, "`\(name)` needs a property: \(name)(… of \(StringLiteral.text(event, upTo: 40)))")
            }
            value = try reading(in: .aggregated) { parser throws(SyntaxFailure) in
                try parser.readValue()
            }
            try expectWord("of", "after the property")
        }
        let query = try readQuery(allowsWindow: true)
        try expect(.rightParenthesis, "to close `\(name)(`")
        return .aggregate(aggregate, of: value, query)
    }

    private mutating func countOfProperty(_ name: String) -> SyntaxFailure {
        failure(
            .syntax, "`\(name)` counts events; expected an event, found \(current.described)",
            help: "\(name)(\"Order Completed\"); distinct(… of \"…\") counts different values")
    }

    /// Whether an event pattern comes, and not a property.
    func startsEvents() -> Bool {
        switch current.kind {
        case .string: return true
        case .word("any"): return peek().isWord("event") || (peek().isWord("of") && peek(2).isSymbol(.leftParenthesis))
        case .word("events"): return peek().isWord("like")
        case .word("visit"):
            if peek().isWord("of") { return false }
            if case .symbol(let symbol) = peek().kind { return symbol == .rightParenthesis }
            return true
        default: return false
        }
    }
}
