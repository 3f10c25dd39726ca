internal import EventModel

extension DefinitionParser {
    // MARK: - Sequences

    /// `sequence(A then B then not C within D2, within D, same P) [COUNT] [WINDOW]`
    mutating func readSequence() throws(SyntaxFailure) -> Condition {
        let start = current.range
        index += 2
        var steps = [try readStep()]
        while takeWord("then") { steps.append(try readStep()) }
        var within: DurationLiteral?
        var same: PropertyPath?
        while takeSymbol(.comma) {
            if current.isWord("within"), within == nil {
                advance()
                within = try readDuration()
            } else if current.isWord("same"), same == nil {
                advance()
                let pathStart = current.range
                same = try readPath()
                map.note(.path, of: start.start, at: SourceRange(start: pathStart.start, end: previousEnd))
            } else {
                throw failure(
                    .syntax, "expected `within` or `same`, each once, found \(current.described)",
                    help: "steps are joined by `then`: sequence(\"A\" then \"B\", within 7 days, same product_id)")
            }
        }
        if current.isWord("and") || current.isString {
            throw failure(.syntax, "steps are joined by `then`, found \(current.described)", suggestion: "then")
        }
        try expect(.rightParenthesis, "to close the sequence")
        let clauses = try readClauses(of: start.start, allowsCount: true, allowsWindow: true)
        if clauses.filter != nil {
            report(
                .misplacedPart, "`where` belongs to a step of the sequence", at: clauses.filter?.range,
                help: "write it after the name of the event, inside the parentheses")
        }
        let range = SourceRange(start: start.start, end: previousEnd)
        let sequence = Sequence(steps: steps, within: within, same: same)
        let count = requireTimes(clauses.count, at: map.range(of: .count, in: range))
        return Condition(.sequence(sequence, count: count, window: clauses.window), range: range)
    }

    private mutating func requireTimes(_ clause: CountClause?, at range: SourceRange) -> CountRequirement? {
        switch clause {
        case nil: return nil
        case .requirement(let count): return count
        case .periods:
            report(.misplacedPart, "a sequence is not counted by periods", at: range, help: "at least 2 times")
            return nil
        }
    }

    /// `[not] E [where F] [within D2]`
    private mutating func readStep() throws(SyntaxFailure) -> Sequence.Step {
        let negated = takeWord("not")
        let start = current.range
        let events = try readEvents()
        let range = SourceRange(start: start.start, end: previousEnd)
        var filter: Condition?
        var within: DurationLiteral?
        while true {
            if current.isWord("where"), filter == nil {
                advance()
                filter = try readFilterTerm()
            } else if current.isWord("within"), within == nil {
                advance()
                within = try readDuration()
            } else {
                break
            }
        }
        return Sequence.Step(EventQuery(events, where: filter, range: range), negated: negated, within: within)
    }

    // MARK: - Groups

    /// `for some P: C`, `for at least N P: C`, `for every P: C`; C reaches as far right as it can.
    mutating func readForGroups() throws(SyntaxFailure) -> Condition {
        let start = current.range
        advance()
        let quantifier: GroupQuantifier
        if takeWord("some") {
            quantifier = .some
        } else if takeWord("every") {
            quantifier = .every
        } else if takeWords("at", "least") {
            quantifier = .atLeast(try readInteger("after `at least`"))
        } else {
            throw failure(
                .syntax, "expected `some`, `every` or `at least` after `for`, found \(current.described)",
                help: "for some category: did \"Product Viewed\"")
        }
        let pathStart = current.range
        let path = try readPath()
        map.note(.path, of: start.start, at: SourceRange(start: pathStart.start, end: previousEnd))
        try expect(.colon, "after the property of `for`")
        let inner = try nested(start) { parser throws(SyntaxFailure) in
            try parser.readCondition()
        }
        return Condition(
            .forGroups(quantifier, path, inner), range: SourceRange(start: start.start, end: previousEnd))
    }

    // MARK: - Membership

    /// `in segment S [for at least D]`, `was in segment S D ago`, `entered segment S`, `left segment S`
    mutating func readMembership() throws(SyntaxFailure) -> Condition {
        let start = current.range
        let word = current.word ?? ""
        advance()
        if word == "was" {
            if current.isWord("not") {
                throw failure(.syntax, "`not` stands in front", at: start, suggestion: "not was")
            }
            try expectWord("in", "after `was`")
        }
        let segment = try readSegmentName(of: start.start)
        let kind: Condition.Kind
        switch word {
        case "in":
            if takeWords("for", "at", "least") {
                kind = .inSegmentForAtLeast(segment, try readDuration())
            } else {
                kind = .inSegment(segment)
            }
        case "was":
            let duration = try readDuration()
            try expectWord("ago", "after the length of time")
            kind = .wasInSegment(segment, duration)
        default:
            let windowStart = current.range
            let window = try readWindow()
            map.note(.window, of: start.start, at: SourceRange(start: windowStart.start, end: previousEnd))
            kind = word == "entered" ? .entered(segment, window) : .left(segment, window)
        }
        return Condition(kind, range: SourceRange(start: start.start, end: previousEnd))
    }

    /// `segment S`; no word is reserved as S.
    mutating func readSegmentName(of node: SourcePosition) throws(SyntaxFailure) -> Text {
        try expectWord("segment", "before the name of a segment")
        guard let word = current.word else {
            throw failure(.syntax, "expected the name of a segment, found \(current.described)")
        }
        map.note(.segment, of: node, at: current.range)
        advance()
        return Text(word)
    }

    /// `can receive email`
    mutating func readCanReceive() throws(SyntaxFailure) -> Condition {
        let start = current.range
        advance()
        try expectWord("receive", "after `can`")
        let channel = try readPathPart()
        return Condition(.canReceive(channel), range: SourceRange(start: start.start, end: previousEnd))
    }
}
