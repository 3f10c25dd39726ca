internal import EventModel

extension DefinitionParser {
    /// What may follow a value and make a condition of it; nothing: the value itself.
    mutating func readComparison(of value: Value) throws(SyntaxFailure) -> Node {
        guard place != .aggregated else { return .value(value) }
        let kind: Condition.Kind?
        switch current.kind {
        case .symbol(let symbol):
            guard let comparison = Comparison(rawValue: symbol.rawValue) else { return .value(value) }
            advance()
            kind = .compare(value, comparison, try readOperand(), ignoringCase: try takeIgnoringCase())
            try refuseChain()
        case .word(let word): kind = try readWordComparison(of: value, word)
        default: kind = nil
        }
        guard let kind else { return .value(value) }
        let range = SourceRange(start: value.range.start, end: previousEnd)
        let condition = Condition(kind, range: range)
        return .condition(condition)
    }

    private mutating func readWordComparison(
        of value: Value, _ word: String
    ) throws(SyntaxFailure) -> Condition.Kind? {
        switch word {
        case "between":
            advance()
            let low = try readOperand()
            try expectWord("and", "between the two bounds")
            return .between(value, low, try readOperand())
        case "in": return try readIn(value, negated: false)
        case "exists":
            advance()
            return .exists(value, negated: false)
        case "not": return try readNegatedComparison(of: value)
        case "contains", "starts", "ends", "matches": return try readTextComparison(of: value, word)
        case "anniversary": return try readAnniversary(of: value)
        case "is", "equals":
            throw failure(.syntax, "`\(word)` is no comparison", suggestion: "=")
        case "like":
            throw failure(
                .syntax, "`like` is for names of events",
                help: "compare with contains, starts with, ends with or matches")
        default: return nil
        }
    }

    private mutating func readNegatedComparison(of value: Value) throws(SyntaxFailure) -> Condition.Kind? {
        let next = peek()
        if next.isWord("in") {
            advance()
            return try readIn(value, negated: true)
        }
        if next.isWord("exists") {
            index += 2
            return .exists(value, negated: true)
        }
        if let word = next.word, ["between", "contains", "starts", "ends", "matches", "anniversary"].contains(word) {
            throw failure(
                .syntax, "`not` stands before the whole comparison here", help: "not … \(word) …")
        }
        return nil
    }

    // MARK: - Membership of lists, ranks

    private mutating func readIn(_ value: Value, negated: Bool) throws(SyntaxFailure) -> Condition.Kind {
        let start = current.range
        advance()
        if current.isSymbol(.leftParenthesis) {
            let values = try readElements()
            return .isIn(value, values, negated: negated, ignoringCase: try takeIgnoringCase())
        }
        guard let word = current.word, ["top", "bottom", "quintile"].contains(word) else {
            throw failure(
                .syntax, "expected a list in parentheses after `in`, found \(current.described)", at: current.range,
                help: "x in (\"a\", \"b\"), or m in top 10%")
        }
        guard !negated else {
            throw failure(
                .syntax, "`not` stands before the whole comparison here", at: start, help: "not … in \(word) …")
        }
        return try readRank(of: value, word)
    }

    private mutating func readElements() throws(SyntaxFailure) -> [Value] {
        advance()
        var values: [Value] = []
        if current.isSymbol(.rightParenthesis) {
            throw failure(.syntax, "the list is empty", help: "write at least one value")
        }
        repeat {
            if values.count == LanguageLimits.elements {
                report(.tooManyElements, "a list has at most \(LanguageLimits.elements) elements")
                throw SyntaxFailure()
            }
            values.append(try readOperand())
        } while takeSymbol(.comma)
        try expect(.rightParenthesis, "to close the list")
        return values
    }

    private mutating func readRank(of value: Value, _ word: String) throws(SyntaxFailure) -> Condition.Kind {
        guard case .metric(let metric) = value.kind else {
            throw failure(
                .syntax, "only a metric has a rank, by its name", at: value.range,
                help: "define it first: metric m: …, then m in \(word) …")
        }
        let bandStart = current.range.start
        advance()
        let band: RankBand
        if word == "quintile" {
            band = .quintile(try readInteger("after `quintile`", code: .quintileOutOfRange))
        } else {
            let percent = try readPercent()
            band = word == "top" ? .top(percent) : .bottom(percent)
        }
        map.note(.metric, of: value.range.start, at: value.range)
        map.note(.band, of: value.range.start, at: SourceRange(start: bandStart, end: previousEnd))
        var segment: Text?
        if takeWord("of") {
            segment = try readSegmentName(of: value.range.start)
        }
        return .rank(metric: metric, band, of: segment)
    }

    private mutating func readPercent() throws(SyntaxFailure) -> Decimal128 {
        let isNegative = takeSymbol(.minus)
        guard case .number(let number) = current.kind else {
            throw failure(.syntax, "expected a percentage, found \(current.described)", help: "for instance top 10%")
        }
        let range = current.range
        advance()
        if !takeSymbol(.percent) {
            report(.syntax, "a percentage ends with %", at: range, suggestion: "\(number)%")
        }
        return isNegative ? number.negated : number
    }

    // MARK: - Strings, dates

    private mutating func readTextComparison(
        of value: Value, _ word: String
    ) throws(SyntaxFailure) -> Condition.Kind {
        advance()
        let operation: TextOperator
        switch word {
        case "contains": operation = .contains
        case "matches": operation = .matches
        default:
            operation = word == "starts" ? .startsWith : .endsWith
            try expectWord("with", "after `\(word)`")
        }
        let argument = try readOperand()
        return .text(value, operation, argument, ignoringCase: try takeIgnoringCase())
    }

    private mutating func readAnniversary(of value: Value) throws(SyntaxFailure) -> Condition.Kind {
        advance()
        if takeWord("today") { return .anniversary(value, .today) }
        if takeWords("in", "next") { return .anniversary(value, .inNext(try readDuration())) }
        if takeWords("in", "last") { return .anniversary(value, .inLast(try readDuration())) }
        throw failure(
            .syntax, "expected `today`, `in next` or `in last` after `anniversary`, found \(current.described)")
    }

    mutating func takeIgnoringCase() throws(SyntaxFailure) -> Bool {
        guard takeWord("ignoring") else { return false }
        try expectWord("case", "after `ignoring`")
        return true
    }

    /// The other side of a comparison.
    private mutating func readOperand() throws(SyntaxFailure) -> Value {
        try readValue()
    }

    private mutating func refuseChain() throws(SyntaxFailure) {
        guard case .symbol(let symbol) = current.kind, Comparison(rawValue: symbol.rawValue) != nil else { return }
        throw failure(
            .syntax, "comparisons do not chain", help: "x between a and b, or two comparisons joined by `and`")
    }
}
