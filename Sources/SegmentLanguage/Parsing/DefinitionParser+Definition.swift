internal import EventModel

extension DefinitionParser {
    /// Reads the whole chunk; nil when so little of it could be read that there is no definition.
    mutating func readDefinition() -> Definition? {
        do {
            return try definition()
        } catch {
            return nil
        }
    }

    private mutating func definition() throws(SyntaxFailure) -> Definition {
        let start = current.range.start
        let isMetric = try readHead()
        let (name, nameRange) = try readName()
        self.name = (name, nameRange)
        var title: Text?
        if case .string(let text) = current.kind {
            title = text
            advance()
        }
        try expect(.colon, "after the name of a definition")
        let body = try readBody(isMetric: isMetric)
        try readStrays()
        let range = SourceRange(start: start, end: previousEnd)
        return Definition(name: name, title: title, body: body, range: range, nameRange: nameRange)
    }

    /// What stands behind a complete definition: reported once, and read only for more problems.
    private mutating func readStrays() throws(SyntaxFailure) {
        while !isAtEnd {
            if !diagnostics.hasErrors {
                report(
                    .syntax, "expected `and`, `or` or the next definition, found \(current.described)",
                    suggestion: keywordInCapitals(), help: strayHelp())
            }
            skipTerm()
            if takeWord("and") || takeWord("or") {
                if !isAtEnd { _ = try readAlternatives() }
            } else {
                advance()
            }
        }
    }

    private mutating func readHead() throws(SyntaxFailure) -> Bool {
        if takeWord("metric") { return true }
        if takeWord("segment") { return false }
        let meant = current.word.flatMap { word in
            ["segment", "metric"].first { $0 == word.lowercased() || Spelling.distance($0, word) <= 2 }
        }
        report(
            .syntax, "expected `segment` or `metric`, found \(current.described)", suggestion: meant,
            help: meant == nil ? "a definition looks like: segment buyers: did \"Order Completed\"" : nil)
        guard meant != nil else { throw SyntaxFailure() }
        advance()
        return meant == "metric"
    }

    private mutating func readName() throws(SyntaxFailure) -> (Text, SourceRange) {
        guard let word = current.word else {
            report(.invalidName, "expected the name of the definition, found \(current.described)")
            throw SyntaxFailure()
        }
        let range = current.range
        if !Self.isName(word) {
            let lowered = String(word.lowercased().map { $0 == "$" ? "_" : $0 })
            report(
                .invalidName, "a name has small letters, digits and `_`, and starts with a letter",
                suggestion: Self.isName(lowered) ? lowered : nil)
        }
        advance()
        return (Text(word), range)
    }

    private mutating func readBody(isMetric: Bool) throws(SyntaxFailure) -> Definition.Body {
        let start = index
        let node = try readAlternatives()
        switch node {
        case .condition(let condition):
            if isMetric, !condition.isPlaceholder {
                report(
                    .expectedValue, "a metric has a value, and this is a condition", at: condition.range,
                    help: tokens[start].isWord("did") ? "count(\"…\") is a number of events" : "write `segment` for it")
            }
            return .segment(condition)
        case .value(let value):
            if isMetric { return .metric(value) }
            return .segment(requireCondition(node, value))
        }
    }

    /// `[a-z][a-z0-9_]*`
    static func isName(_ word: String) -> Bool {
        guard let first = word.utf8.first, first >= 0x61 && first <= 0x7A else { return false }
        return word.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || $0.isDigit || $0 == 0x5F }
    }

    /// The word of the language that somebody wrote in capitals.
    func keywordInCapitals() -> String? {
        guard let word = current.word, word.utf8.count <= 16 else { return nil }
        let lowered = word.lowercased()
        return lowered != word && Words.reservedForMetrics.contains(lowered) ? lowered : nil
    }

    private func strayHelp() -> String? {
        switch current.word {
        case "where": "`where` stands once in a condition, before its window"
        case "is", "equals", "has": "compare with = or !="
        default: current.isSymbol(.rightParenthesis) ? "no parenthesis is open here" : nil
        }
    }
}
