internal import EventModel

/// What an expression turned out to be: only the tokens behind an opening parenthesis tell.
enum Node {
    case condition(Condition)
    case value(Value)

    var range: SourceRange {
        switch self {
        case .condition(let condition): condition.range
        case .value(let value): value.range
        }
    }
}

extension DefinitionParser {
    // MARK: - Joining

    mutating func readCondition() throws(SyntaxFailure) -> Condition {
        switch try readAlternatives() {
        case .condition(let condition): return condition
        case .value(let value): return requireCondition(.value(value), value)
        }
    }

    /// `A or B or C`
    mutating func readAlternatives() throws(SyntaxFailure) -> Node {
        let first = try readConjunction()
        guard current.isWord("or") else { return first }
        var operands = [operand(first)]
        while takeWord("or") {
            operands.append(operand(try readConjunction()))
        }
        return .condition(Condition(.or(Self.flattened(operands, \.alternatives)), range: Self.range(operands)))
    }

    /// `A and B and C`
    private mutating func readConjunction() throws(SyntaxFailure) -> Node {
        let first = try recoveringTerm()
        guard current.isWord("and") else { return first }
        var operands = [operand(first)]
        while takeWord("and") {
            operands.append(operand(try recoveringTerm()))
        }
        return .condition(Condition(.and(Self.flattened(operands, \.conjuncts)), range: Self.range(operands)))
    }

    private mutating func operand(_ node: Node) -> Condition {
        switch node {
        case .condition(let condition): condition
        case .value(let value): requireCondition(node, value)
        }
    }

    private static func flattened(
        _ operands: [Condition], _ parts: (Condition) -> [Condition]?
    ) -> [Condition] {
        operands.flatMap { parts($0) ?? [$0] }
    }

    private static func range(_ operands: [Condition]) -> SourceRange {
        guard let first = operands.first, let last = operands.last else { return .none }
        return first.range.joined(with: last.range)
    }

    /// A value where a condition must stand is an error; something stands in for it.
    mutating func requireCondition(_ node: Node, _ value: Value) -> Condition {
        var help = "compare it: =, !=, <, <=, >, >=, between, in, exists"
        var suggestion: String?
        switch value.kind {
        case .metric(let name):
            if let word = Spelling.closest(to: name.string, among: Array(Words.historyConditions)) {
                help = "did you mean `\(word)`?"
            }
        case .trait, .property: help = "for a yes or no compare it with true: … = true"
        case .string(let name):
            if place == .profile { suggestion = "did \(StringLiteral.text(name))" }
        default: break
        }
        report(
            .expectedCondition, "expected a condition, and this is a value", at: node.range, suggestion: suggestion,
            help: help)
        return .placeholder(at: node.range)
    }

    // MARK: - One term

    /// `not` binds tighter than `and`; everything else is a single condition, or a value.
    mutating func readTerm() throws(SyntaxFailure) -> Node {
        let start = current.range
        if current.isWord("not"), !(place == .filter && startsOperatorOrPath(peek())) {
            advance()
            let inner = try nested(start) { parser throws(SyntaxFailure) in
                try parser.readTerm()
            }
            let condition = operand(inner)
            let range = SourceRange(start: start.start, end: previousEnd)
            return .condition(Condition(.not(condition), range: range))
        }
        if current.isSymbol(.leftParenthesis) { return try readParenthesized() }
        if let condition = try readKeywordCondition() { return .condition(condition) }
        return try readComparison(of: try readValue())
    }

    /// Whether `not`, standing before this token, is the name of a property.
    private func startsOperatorOrPath(_ token: Token) -> Bool {
        guard case .symbol(let symbol) = token.kind else { return false }
        return symbol != .leftParenthesis && symbol != .minus
    }

    private mutating func readParenthesized() throws(SyntaxFailure) -> Node {
        let start = current.range
        advance()
        let inner = try nested(start) { parser throws(SyntaxFailure) in
            try parser.readAlternatives()
        }
        try expect(.rightParenthesis, "to close the parenthesis")
        switch inner {
        case .condition: return inner
        case .value(let value): return try readComparison(of: try readValue(startingWith: value))
        }
    }

    /// A condition that begins with a word of its own; nil when a value comes.
    private mutating func readKeywordCondition() throws(SyntaxFailure) -> Condition? {
        guard let word = current.word else { return nil }
        switch place {
        case .aggregated: return nil
        case .filter: return try readFilterCondition(word)
        case .profile: break
        }
        switch word {
        case "did": return try readDid()
        case "every": return try readEvery()
        case "sequence": return peek().isSymbol(.leftParenthesis) ? try readSequence() : nil
        case "for": return try readForGroups()
        case "in", "was", "entered", "left": return try readMembership()
        case "can": return try readCanReceive()
        case "any" where peek().isWord("item"):
            throw failure(
                .onlyInFilter, "`any item` speaks of the items of one event",
                help: "it stands in a filter: did \"Order Completed\" where any item (…)")
        default: return nil
        }
    }

    private mutating func readFilterCondition(_ word: String) throws(SyntaxFailure) -> Condition? {
        switch word {
        case "any" where peek().isWord("item"), "every" where peek().isWord("item"):
            return try readItemCondition(any: word == "any")
        case "did", "sequence", "for", "was", "entered", "left", "can", "every", "in":
            let next = peek()
            let startsHistory: Bool =
                switch word {
                case "did", "every": next.word != nil && !isOperatorWord(next) || next.isString
                case "sequence": next.isSymbol(.leftParenthesis)
                case "for": ["some", "at", "every"].contains(next.word ?? "")
                case "can": next.isWord("receive")
                default: next.isWord("segment") || (word == "was" && next.isWord("in"))
                }
            guard startsHistory else { return nil }
            throw failure(
                .notInFilter, "a filter speaks of one event; `\(word)` asks the whole history",
                help: "`where` takes one term and ends before `and`; parentheses end it too")
        default: return nil
        }
    }

    private func isOperatorWord(_ token: Token) -> Bool {
        ["between", "in", "not", "exists", "contains", "starts", "ends", "matches", "anniversary"]
            .contains(token.word ?? "")
    }

    /// `any item (F)`, `every item (F)`
    private mutating func readItemCondition(any: Bool) throws(SyntaxFailure) -> Condition {
        let start = current.range
        index += 2
        try expect(.leftParenthesis, "after `\(any ? "any" : "every") item`")
        let inner = try nested(start) { parser throws(SyntaxFailure) in
            try parser.readCondition()
        }
        try expect(.rightParenthesis, "to close the parenthesis")
        let range = SourceRange(start: start.start, end: previousEnd)
        return Condition(any ? .anyItem(inner) : .everyItem(inner), range: range)
    }
}

extension Condition {
    /// Stands in for what could not be read; never leaves the parser.
    static func placeholder(at range: SourceRange) -> Condition { Condition(.and([]), range: range) }

    var isPlaceholder: Bool { kind == .and([]) }

    /// The operands of an `and`, nil for everything else.
    var conjuncts: [Condition]? {
        if case .and(let operands) = kind, !operands.isEmpty { operands } else { nil }
    }

    /// The operands of an `or`, nil for everything else.
    var alternatives: [Condition]? {
        if case .or(let operands) = kind { operands } else { nil }
    }
}
