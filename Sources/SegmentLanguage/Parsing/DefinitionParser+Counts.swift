internal import EventModel

extension DefinitionParser {
    /// What stands where COUNT stands.
    enum CountClause {
        case requirement(CountRequirement)
        case periods(atLeast: Int, of: Int, PeriodUnit)
    }

    /// COUNT, `on COUNT days`, `in COUNT visits`, `in at least N of last M weeks`; nil when none comes.
    mutating func readCount() throws(SyntaxFailure) -> CountClause? {
        if startsBound(at: 0) { return try readPlainCount(unit: .times) }
        if current.isWord("on"), startsBound(at: 1) {
            advance()
            return try readPlainCount(unit: .days)
        }
        if current.isWord("in"), startsBound(at: 1) {
            advance()
            return try readVisitsOrPeriods()
        }
        switch current.word {
        case "at":
            throw failure(
                .syntax, "expected `least` or `most` after `at`, found \(peek().described)", at: peek().range,
                suggestion: peek().word.flatMap { Spelling.closest(to: $0, among: ["least", "most"]) } ?? "least")
        case "once": throw failure(.syntax, "a count is written with a number", suggestion: "exactly 1 times")
        case "twice": throw failure(.syntax, "a count is written with a number", suggestion: "exactly 2 times")
        case "less" where peek().isWord("than"), "under", "below":
            throw failure(.syntax, "a smaller count is written `fewer than`", suggestion: "fewer than")
        case "over", "above":
            throw failure(.syntax, "a larger count is written `more than`", suggestion: "more than")
        default: break
        }
        if case .number(let number) = current.kind, Words.countUnit(peek().word ?? "") == .times {
            throw failure(
                .syntax, "say whether at least, at most or exactly", suggestion: "at least \(number)")
        }
        return nil
    }

    private func startsBound(at distance: Int) -> Bool {
        switch peek(distance).word {
        case "at": peek(distance + 1).isWord("least") || peek(distance + 1).isWord("most")
        case "exactly", "between": true
        case "more", "fewer": peek(distance + 1).isWord("than")
        default: false
        }
    }

    private mutating func readPlainCount(unit: CountRequirement.Unit) throws(SyntaxFailure) -> CountClause {
        let bound = try readBound()
        try readUnit(unit, after: bound)
        return .requirement(CountRequirement(bound, unit))
    }

    private mutating func readVisitsOrPeriods() throws(SyntaxFailure) -> CountClause {
        let start = current.range
        let bound = try readBound()
        guard current.isWord("of"), peek().isWord("last") else {
            try readUnit(.visits, after: bound)
            return .requirement(CountRequirement(bound, .visits))
        }
        index += 2
        let total = try readInteger("after `of last`")
        guard let unit = current.word.flatMap(Words.periodUnit) else {
            throw failure(.syntax, "expected days, weeks or months, found \(current.described)")
        }
        advance()
        guard case .atLeast(let needed) = bound else {
            throw failure(
                .syntax, "periods are counted with `at least`", at: SourceRange(start: start.start, end: previousEnd),
                help: "in at least 2 of last 4 weeks")
        }
        return .periods(atLeast: needed, of: total, unit)
    }

    private mutating func readBound() throws(SyntaxFailure) -> CountRequirement.Bound {
        let first = current.word
        advance()
        switch first {
        case "at":
            let least = current.isWord("least")
            advance()
            let number = try readInteger(least ? "after `at least`" : "after `at most`")
            return least ? .atLeast(number) : .atMost(number)
        case "exactly": return .exactly(try readInteger("after `exactly`"))
        case "more":
            advance()
            return .moreThan(try readInteger("after `more than`"))
        case "fewer":
            advance()
            return .fewerThan(try readInteger("after `fewer than`"))
        default:
            let low = try readInteger("after `between`")
            try expectWord("and", "between the two bounds")
            return .between(low, try readInteger("after `and`"))
        }
    }

    private mutating func readUnit(
        _ unit: CountRequirement.Unit, after bound: CountRequirement.Bound
    ) throws(SyntaxFailure) {
        if let word = current.word, let found = Words.countUnit(word) {
            if found == unit {
                advance()
                return
            }
            let help =
                switch found {
                case .times: "leave out `\(unit == .days ? "on" : "in")` to count events"
                case .days: "days are counted with `on`: on at least 2 days"
                case .visits: "visits are counted with `in`: in at least 2 visits"
                }
            throw failure(.syntax, "expected `\(unit.rawValue)`, found `\(word)`", help: help)
        }
        throw failure(.syntax, "expected `\(unit.rawValue)` after the count, found \(current.described)")
    }

    /// A whole number, not negative.
    mutating func readInteger(
        _ place: String, code: DiagnosticCode = .invalidCount
    ) throws(SyntaxFailure) -> Int {
        let start = current.range
        let isNegative = takeSymbol(.minus)
        guard case .number(let number) = current.kind else {
            throw failure(.syntax, "expected a whole number \(place), found \(current.described)")
        }
        advance()
        let range = SourceRange(start: start.start, end: previousEnd)
        if isNegative, number != 0 {
            report(code, "a count is not negative", at: range)
            return 0
        }
        guard let whole = number.asInt() else {
            report(
                code, number.isInteger ? "the number is too large for a count" : "a count is a whole number", at: range)
            return 0
        }
        return whole
    }
}
