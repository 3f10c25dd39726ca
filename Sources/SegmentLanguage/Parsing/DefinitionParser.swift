internal import EventModel

/// A syntax error has been reported; the parser is to go on behind it.
struct SyntaxFailure: Error {
    /// The definition is past a limit: nothing more is read of it.
    var abandonsDefinition = false
}

/// Reads the tokens of one definition by recursive descent.
struct DefinitionParser {
    /// Where a condition or a value stands decides what a bare name means.
    enum Place {
        /// Of the profile: a bare name is a metric.
        case profile
        /// In a filter: a bare name is a property of the event.
        case filter
        /// In the X of an aggregate: only properties, numbers and durations.
        case aggregated
    }

    let tokens: ArraySlice<Token>
    var index: Int
    var place = Place.profile
    var diagnostics: [Diagnostic] = []
    var map = SourceMap()
    /// The name of the definition, as soon as it is known.
    var name: (text: Text, range: SourceRange)?
    private var nesting = 0
    private var operators = 0
    private var recoveries = 0
    /// How many parentheses are open before each token, counted from the first one.
    private let openParentheses: [Int]
    private let endToken: Token

    init(tokens: ArraySlice<Token>) {
        self.tokens = tokens
        index = tokens.startIndex
        let end = tokens.last?.range.end ?? SourcePosition(offset: 0, line: 1, column: 1)
        endToken = Token(kind: .end, range: SourceRange(start: end, end: end))
        var open = 0
        var counts: [Int] = []
        counts.reserveCapacity(tokens.count)
        for token in tokens {
            counts.append(open)
            if token.isSymbol(.leftParenthesis) { open += 1 }
            if token.isSymbol(.rightParenthesis) { open -= 1 }
        }
        openParentheses = counts
    }

    // MARK: - Tokens

    var current: Token { tokens.indices.contains(index) ? tokens[index] : endToken }

    var isAtEnd: Bool { index >= tokens.endIndex }

    func peek(_ distance: Int = 1) -> Token {
        let index = index + distance
        return tokens.indices.contains(index) ? tokens[index] : endToken
    }

    /// The end of the last token that was read.
    var previousEnd: SourcePosition {
        index > tokens.startIndex ? tokens[index - 1].range.end : current.range.start
    }

    mutating func advance() {
        if index < tokens.endIndex { index += 1 }
    }

    mutating func takeWord(_ word: String) -> Bool {
        guard current.isWord(word) else { return false }
        advance()
        return true
    }

    /// Takes all of the words, or none.
    mutating func takeWords(_ words: String...) -> Bool {
        for (distance, word) in words.enumerated() where !peek(distance).isWord(word) { return false }
        index += words.count
        return true
    }

    mutating func takeSymbol(_ symbol: Token.Symbol) -> Bool {
        guard current.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: Token.Symbol, _ place: String) throws(SyntaxFailure) {
        if takeSymbol(symbol) { return }
        report(.syntax, "expected `\(symbol.rawValue)` \(place), found \(current.described)")
        throw SyntaxFailure()
    }

    mutating func expectWord(_ word: String, _ place: String, suggestion: String? = nil) throws(SyntaxFailure) {
        if takeWord(word) { return }
        report(.syntax, "expected `\(word)` \(place), found \(current.described)", suggestion: suggestion)
        throw SyntaxFailure()
    }

    // MARK: - Problems

    mutating func report(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange? = nil, suggestion: String? = nil,
        help: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(code, message, at: range ?? current.range, suggestion: suggestion, help: help))
    }

    mutating func failure(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange? = nil, suggestion: String? = nil,
        help: String? = nil
    ) -> SyntaxFailure {
        report(code, message, at: range, suggestion: suggestion, help: help)
        return SyntaxFailure()
    }

    /// Reads one term; after an error passes over the rest of it and goes on.
    mutating func recoveringTerm() throws(SyntaxFailure) -> Node {
        let start = index
        let before = diagnostics.count
        let place = place
        let nesting = nesting
        do {
            let node = try readTerm()
            return node
        } catch {
            if error.abandonsDefinition { throw error }
            self.place = place
            self.nesting = nesting
            if recoveries > 0, !Self.standsOut(tokens, at: start) {
                diagnostics.removeSubrange(before...)
            }
            recoveries += 1
            skipTerm(startingAt: start)
            let from = tokens.indices.contains(start) ? tokens[start].range.start : previousEnd
            return .condition(.placeholder(at: SourceRange(start: from, end: max(from, previousEnd))))
        }
    }

    /// After an error only a term that begins unmistakably is worth a second message.
    private static func standsOut(_ tokens: ArraySlice<Token>, at index: Int) -> Bool {
        guard tokens.indices.contains(index) else { return false }
        if case .word = tokens[index].kind { return true }
        return tokens[index].isSymbol(.leftParenthesis)
    }

    /// Passes to the next `and`, `or`, comma or closing parenthesis that is not deeper than the start.
    mutating func skipTerm(startingAt start: Int? = nil) {
        let start = start ?? index
        let depth = openCount(at: start)
        while !isAtEnd {
            let open = openCount(at: index)
            if open < depth { return }
            if open == depth, index > start,
                current.isWord("and") || current.isWord("or") || current.isSymbol(.comma)
                    || current.isSymbol(.rightParenthesis)
            {
                return
            }
            advance()
        }
    }

    private func openCount(at index: Int) -> Int {
        let offset = index - tokens.startIndex
        return openParentheses.indices.contains(offset) ? openParentheses[offset] : 0
    }

    // MARK: - Limits

    /// Reads something one level deeper, up to the limit of nesting.
    mutating func nested<Result>(
        _ range: SourceRange, _ read: (inout DefinitionParser) throws(SyntaxFailure) -> Result
    ) throws(SyntaxFailure) -> Result {
        guard nesting < LanguageLimits.nesting else {
            report(
                .tooDeep, "parentheses, `not`, `for` and items nest at most \(LanguageLimits.nesting) deep", at: range,
                help: "give a part its own segment and use it by name")
            throw SyntaxFailure(abandonsDefinition: true)
        }
        nesting += 1
        let result = try read(&self)
        nesting -= 1
        return result
    }

    /// Counts an arithmetic operator; too many would make too tall a tree.
    mutating func countOperator() throws(SyntaxFailure) {
        operators += 1
        guard operators > LanguageLimits.operators else { return }
        report(
            .tooManyOperators, "a definition has at most \(LanguageLimits.operators) arithmetic operators",
            help: "give a part its own metric and use it by name")
        throw SyntaxFailure(abandonsDefinition: true)
    }

    /// Reads something with bare names meaning what they mean in that place.
    mutating func reading<Result>(
        in place: Place, _ read: (inout DefinitionParser) throws(SyntaxFailure) -> Result
    ) throws(SyntaxFailure) -> Result {
        let outer = self.place
        self.place = place
        let result = try read(&self)
        self.place = outer
        return result
    }
}
