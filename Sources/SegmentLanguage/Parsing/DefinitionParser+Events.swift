internal import EventModel

extension DefinitionParser {
    // MARK: - Which events

    /// `"A"`, `any of ("A", "B")`, `any event`, `events like "Email *"`, `visit`
    mutating func readEvents() throws(SyntaxFailure) -> EventPattern {
        switch current.kind {
        case .string(let name):
            advance()
            return .named(Vocabulary.canonicalName(name))
        case .word("any"):
            if takeWords("any", "event") { return .anyEvent }
            if takeWords("any", "of") { return .anyOf(try readNames()) }
        case .word("events"):
            if takeWords("events", "like") { return .like(try readPattern()) }
        case .word("visit"):
            advance()
            return .visit
        case .word("visits"):
            throw failure(.syntax, "expected an event, found `visits`", suggestion: "visit")
        default: break
        }
        throw failure(
            .syntax, "expected an event, found \(current.described)", suggestion: quotedWord(),
            help: "a name in quotes, any of (…), any event, events like \"…\" or visit")
    }

    private func quotedWord() -> String? {
        guard let word = current.word, !Words.reservedForMetrics.contains(word) else { return nil }
        return "\"\(word)\""
    }

    private mutating func readNames() throws(SyntaxFailure) -> [Text] {
        try expect(.leftParenthesis, "after `any of`")
        var names: [Text] = []
        repeat {
            guard case .string(let name) = current.kind else {
                throw failure(.syntax, "expected the name of an event in quotes, found \(current.described)")
            }
            if names.count == LanguageLimits.elements {
                throw failure(.tooManyElements, "a list has at most \(LanguageLimits.elements) elements")
            }
            names.append(Vocabulary.canonicalName(name))
            advance()
        } while takeSymbol(.comma)
        try expect(.rightParenthesis, "to close the list")
        return names
    }

    private mutating func readPattern() throws(SyntaxFailure) -> Text {
        guard case .string(let pattern) = current.kind else {
            throw failure(.syntax, "expected a pattern in quotes, found \(current.described)")
        }
        advance()
        return pattern
    }

    // MARK: - Filter and window

    /// What may follow the events of a query.
    struct Clauses {
        var count: CountClause?
        var filter: Condition?
        var window: Window?
    }

    /// `E [where F] [WINDOW]`, as in functions, `every` and windows.
    mutating func readQuery(allowsWindow: Bool) throws(SyntaxFailure) -> EventQuery {
        let start = current.range
        let events = try readEvents()
        let range = SourceRange(start: start.start, end: previousEnd)
        let clauses = try readClauses(of: range.start, allowsCount: false, allowsWindow: allowsWindow)
        return EventQuery(events, where: clauses.filter, window: clauses.window, range: range)
    }

    /// COUNT, `where` and WINDOW, each at most once, in any order; the printer has one.
    mutating func readClauses(
        of node: SourcePosition, allowsCount: Bool, allowsWindow: Bool
    ) throws(SyntaxFailure) -> Clauses {
        var clauses = Clauses()
        while true {
            let start = current.range
            if current.isWord("where"), clauses.filter == nil {
                advance()
                clauses.filter = try readFilterTerm()
            } else if allowsCount, clauses.count == nil, let count = try readCount() {
                clauses.count = count
                map.note(.count, of: node, at: SourceRange(start: start.start, end: previousEnd))
            } else if allowsWindow, clauses.window == nil, let window = try readWindow() {
                clauses.window = window
                map.note(.window, of: node, at: SourceRange(start: start.start, end: previousEnd))
            } else {
                return clauses
            }
        }
    }

    /// What `where` takes: exactly one term.
    mutating func readFilterTerm() throws(SyntaxFailure) -> Condition {
        try reading(in: .filter) { parser throws(SyntaxFailure) in
            switch try parser.readTerm() {
            case .condition(let condition): return condition
            case .value(let value): return parser.requireCondition(.value(value), value)
            }
        }
    }

    // MARK: - did, every

    /// `did E [COUNT] [where F] [WINDOW]`, `did not E [where F] [WINDOW]`
    mutating func readDid() throws(SyntaxFailure) -> Condition {
        let start = current.range
        advance()
        let negated = takeWord("not")
        let eventStart = current.range
        let events = try readEvents()
        let eventRange = SourceRange(start: eventStart.start, end: previousEnd)
        let clauses = try readClauses(of: eventRange.start, allowsCount: true, allowsWindow: true)
        let query = EventQuery(events, where: clauses.filter, window: clauses.window, range: eventRange)
        let range = SourceRange(start: start.start, end: previousEnd)
        let countRange = map.range(of: .count, in: eventRange)
        switch clauses.count {
        case .periods(let needed, let total, let unit):
            if negated { reportCountOfNothing(at: countRange) }
            if query.window != nil {
                report(
                    .misplacedPart, "`of last … \(unit.rawValue)` is the window already",
                    at: map.range(of: .window, in: eventRange), help: "leave the second window out")
            }
            return Condition(.didInPeriods(query, atLeast: needed, of: total, period: unit), range: range)
        case .requirement(let count):
            if negated { reportCountOfNothing(at: countRange) }
            return Condition(.did(query, count: count), range: range)
        case nil:
            return Condition(negated ? .didNot(query) : .did(query, count: nil), range: range)
        }
    }

    private mutating func reportCountOfNothing(at range: SourceRange) {
        report(
            .misplacedPart, "`did not` takes no count", at: range,
            help: "write `not did … at least …`, or `did … fewer than …`")
    }

    /// `every E [where F] [WINDOW] has (G)`
    mutating func readEvery() throws(SyntaxFailure) -> Condition {
        let start = current.range
        advance()
        if current.isWord("item") {
            throw failure(
                .onlyInFilter, "`every item` speaks of the items of one event", at: start,
                help: "it stands in a filter: did \"Order Completed\" where every item (…)")
        }
        let query = try readQuery(allowsWindow: true)
        try expectWord("has", "after the events of `every`")
        try expect(.leftParenthesis, "after `has`")
        let filter = try reading(in: .filter) { parser throws(SyntaxFailure) in
            try parser.readCondition()
        }
        try expect(.rightParenthesis, "to close `has (`")
        return Condition(.every(query, has: filter), range: SourceRange(start: start.start, end: previousEnd))
    }
}
