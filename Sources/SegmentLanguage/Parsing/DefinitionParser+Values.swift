internal import EventModel

extension DefinitionParser {
    // MARK: - Arithmetic

    /// A sum of products; `leading` is a part in parentheses that has been read already.
    mutating func readValue(startingWith leading: Value? = nil) throws(SyntaxFailure) -> Value {
        var left = try readProduct(startingWith: leading)
        while let operation = takeOperator(.plus, .add) ?? takeOperator(.minus, .subtract) {
            try countOperator()
            left = join(left, operation, try readProduct())
        }
        return left
    }

    private mutating func readProduct(startingWith leading: Value? = nil) throws(SyntaxFailure) -> Value {
        var left: Value
        if let leading { left = leading } else { left = try readSigned() }
        while let operation = takeOperator(.star, .multiply) ?? takeOperator(.slash, .divide) {
            try countOperator()
            left = join(left, operation, try readSigned())
        }
        return left
    }

    private mutating func takeOperator(
        _ symbol: Token.Symbol, _ operation: ArithmeticOperator
    ) -> ArithmeticOperator? {
        takeSymbol(symbol) ? operation : nil
    }

    private func join(_ left: Value, _ operation: ArithmeticOperator, _ right: Value) -> Value {
        Value(.arithmetic(left, operation, right), range: left.range.joined(with: right.range))
    }

    /// `-x`; a minus directly before a number or percentage belongs to it.
    private mutating func readSigned() throws(SyntaxFailure) -> Value {
        let start = current.range
        guard takeSymbol(.minus) else { return try readPrimary() }
        let inner: Value
        if case .number = current.kind {
            inner = try readPrimary()
        } else {
            let operand = try nested(start) { parser throws(SyntaxFailure) in
                try parser.readSigned()
            }
            return Value(.negated(operand), range: start.joined(with: operand.range))
        }
        let range = start.joined(with: inner.range)
        switch inner.kind {
        case .number(let number): return Value(.number(number.negated), range: range)
        case .percent(let number): return Value(.percent(number.negated), range: range)
        default: return Value(.negated(inner), range: range)
        }
    }

    // MARK: - One value

    private mutating func readPrimary() throws(SyntaxFailure) -> Value {
        let start = current.range
        let kind: Value.Kind
        switch current.kind {
        case .number(let number): kind = try readNumber(number)
        case .string(let text):
            kind = .string(text)
            advance()
        case .time(let time):
            kind = .time(time)
            advance()
        case .symbol(.leftParenthesis): return try readValueInParentheses()
        case .word(let word): kind = try readWordValue(word)
        default: throw failure(.expectedValue, "expected a value, found \(current.described)")
        }
        return Value(kind, range: SourceRange(start: start.start, end: previousEnd))
    }

    private mutating func readValueInParentheses() throws(SyntaxFailure) -> Value {
        let start = current.range
        advance()
        let inner = try nested(start) { parser throws(SyntaxFailure) in
            try parser.readValue()
        }
        try expect(.rightParenthesis, "to close the parenthesis")
        return inner
    }

    /// A number, a percentage, a duration, `D ago` or `D from now`.
    private mutating func readNumber(_ number: Decimal128) throws(SyntaxFailure) -> Value.Kind {
        let start = current.range
        advance()
        if takeSymbol(.percent) { return .percent(number) }
        guard let word = current.word, let unit = Words.durationUnit(word) else { return .number(number) }
        advance()
        let duration = try makeDuration(number, unit, at: SourceRange(start: start.start, end: previousEnd))
        if takeWord("ago") { return .ago(duration) }
        if takeWords("from", "now") { return .fromNow(duration) }
        return .duration(duration)
    }

    private mutating func readWordValue(_ word: String) throws(SyntaxFailure) -> Value.Kind {
        if peek().isSymbol(.leftParenthesis), let kind = try readFunction(word) { return kind }
        if word == "most", peek().isWord("frequent"), peek(2).isSymbol(.leftParenthesis) {
            return try readAggregate(.mostFrequent, words: 2)
        }
        if peek().isSymbol(.leftParenthesis), !Self.cannotBeFunctions.contains(word) {
            let meant = Spelling.closest(to: word, among: Words.functions)
            throw failure(.unknownFunction, "there is no function `\(word)`", suggestion: meant)
        }
        switch place {
        case .profile: return try readProfileValue(word)
        case .filter, .aggregated: return try readEventValue(word)
        }
    }

    private static let cannotBeFunctions: Set<String> = ["and", "or", "not", "in", "where", "between", "has", "then"]

    /// Literals that are words; the same everywhere, except consent states, which filters do not know.
    private mutating func readLiteralWord(_ word: String) -> Value.Kind? {
        guard place != .aggregated else { return nil }
        switch word {
        case "true":
            advance()
            return .bool(true)
        case "false":
            advance()
            return .bool(false)
        case "now":
            advance()
            return .now
        default:
            guard let weekday = Words.weekdays[word] else { return nil }
            advance()
            return .weekday(weekday)
        }
    }

    // MARK: - Outside filters

    private mutating func readProfileValue(_ word: String) throws(SyntaxFailure) -> Value.Kind {
        if let literal = readLiteralWord(word) { return literal }
        if let state = ConsentState(rawValue: word) {
            advance()
            return .consentState(state)
        }
        if peek().isSymbol(.dot) { return try readStateValue(word) }
        if Words.reservedForMetrics.contains(word) {
            throw failure(
                .expectedValue, "expected a condition or a value, found \(current.described)", help: keywordHelp(word))
        }
        if let meant = keywordInCapitals() {
            throw failure(
                .expectedValue, "expected a condition or a value, found \(current.described)", suggestion: meant,
                help: "words of the language have small letters")
        }
        advance()
        if !Self.isName(word) {
            report(
                .unknownMetric, "`\(word)` is no metric: names have small letters, digits and `_`",
                at: SourceRange(start: tokens[index - 1].range.start, end: previousEnd),
                help: "a property of an event stands in a filter, or in an aggregate: sum(\(word) of \"…\")")
        }
        return .metric(Text(word))
    }

    private func keywordHelp(_ word: String) -> String? {
        if Words.aggregates[word] != nil || Words.timeFields[word] != nil { return "a function needs (…)" }
        switch word {
        case "segment": return "membership is written: in segment …"
        case "where": return "a filter belongs to an event: did \"…\" where …"
        default: return "a metric cannot have this name: it is a word of the language"
        }
    }

    /// `trait.x`, `profile.created`, `cart.value`, `consent.email`
    private mutating func readStateValue(_ word: String) throws(SyntaxFailure) -> Value.Kind {
        let range = current.range
        switch word {
        case "trait": return try readTrait()
        case "profile":
            index += 2
            if takeWord("created") { return .profileCreated }
            throw failure(
                .syntax, "a profile has nothing called \(current.described)", help: "profile.created, or trait.NAME")
        case "cart":
            index += 2
            if let word = current.word, let field = CartField(rawValue: word) {
                advance()
                return .cart(field)
            }
            throw failure(
                .syntax, "the cart has nothing called \(current.described)",
                suggestion: current.word.flatMap {
                    Spelling.closest(to: $0, among: CartField.allCases.map(\.rawValue))
                },
                help: "cart.value, cart.items, cart.quantity and cart.updated")
        case "consent":
            index += 2
            return .consent(try readPathPart())
        default:
            throw failure(
                .onlyInFilter, "`\(word).…` is a property of an event, and no event is spoken of here", at: range,
                help: "properties stand in a filter (did \"…\" where …) or in an aggregate (sum(… of \"…\"))")
        }
    }

    mutating func readTrait() throws(SyntaxFailure) -> Value.Kind {
        advance()
        var parts: [Text] = []
        while takeSymbol(.dot) { parts.append(try readPathPart()) }
        return .trait(parts)
    }

    // MARK: - In filters and aggregates

    private mutating func readEventValue(_ word: String) throws(SyntaxFailure) -> Value.Kind {
        let isPath = peek().isSymbol(.dot)
        if !isPath {
            if let literal = readLiteralWord(word) { return literal }
            if place == .filter {
                if let (field, local) = Words.timeFields[word] {
                    advance()
                    return .eventField(field, local: local)
                }
                if word == "time" {
                    advance()
                    return .eventTime
                }
            }
            if word == "and" || word == "or" || (word == "where" && place == .filter) {
                throw failure(.expectedValue, "expected a value, found \(current.described)")
            }
        } else if word == "trait" {
            if place == .filter { return try readTrait() }
            throw failure(
                .notInFilter, "an aggregate takes a property of the event or arithmetic on such",
                help: "a property called trait is written properties.trait")
        }
        return .property(try readPath())
    }

    // MARK: - Paths

    /// A property path: `revenue`, `properties."Cart Size"`, `context.campaign.source`, `products.price`.
    mutating func readPath() throws(SyntaxFailure) -> PropertyPath {
        guard let first = current.word else {
            if case .string(let text) = current.kind {
                throw failure(
                    .syntax, "a property name in quotes has a word before it",
                    suggestion: "properties.\(StringLiteral.text(text))")
            }
            throw failure(.syntax, "expected a property, found \(current.described)")
        }
        advance()
        var parts: [Text] = []
        while takeSymbol(.dot) { parts.append(try readPathPart()) }
        return Self.path(first: first, rest: parts)
    }

    /// `properties`, `context` and `products` before a dot say where the rest is looked up.
    static func path(first: String, rest: [Text]) -> PropertyPath {
        guard !rest.isEmpty else { return PropertyPath(scope: .properties, parts: [Text(first)]) }
        switch first {
        case "context": return PropertyPath(scope: .context, parts: rest)
        case "products": return PropertyPath(scope: .items, parts: rest)
        case "properties":
            if rest.count > 1, rest[0] == "products" {
                return PropertyPath(scope: .items, parts: Array(rest.dropFirst()))
            }
            return PropertyPath(scope: .properties, parts: rest)
        default: return PropertyPath(scope: .properties, parts: [Text(first)] + rest)
        }
    }

    /// One part of a path: a word or a string.
    mutating func readPathPart() throws(SyntaxFailure) -> Text {
        switch current.kind {
        case .word(let word):
            advance()
            return Text(word)
        case .string(let text):
            advance()
            return text
        default:
            throw failure(
                .syntax, "expected a name after the dot, found \(current.described)",
                help: "other names stand in quotes: properties.\"Cart Size\"")
        }
    }
}
