internal import EventModel

/// The smallest piece of a text of definitions.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// `[A-Za-z_$][A-Za-z0-9_$]*`; keywords are words, the parser tells them apart by where they stand.
        case word(String)
        case string(Text)
        case number(Decimal128)
        case time(TimeLiteral)
        case symbol(Symbol)
        case end
    }

    enum Symbol: String, Hashable, Sendable {
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case comma = ","
        case colon = ":"
        case dot = "."
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case plus = "+"
        case minus = "-"
        case star = "*"
        case slash = "/"
        case percent = "%"
    }

    var kind: Kind
    var range: SourceRange

    var word: String? {
        if case .word(let word) = kind { word } else { nil }
    }

    var isString: Bool {
        if case .string = kind { true } else { false }
    }

    func isWord(_ word: String) -> Bool { self.word == word }

    func isSymbol(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }

    /// The token as messages name it.
    var described: String {
        switch kind {
        case .word(let word): "`\(word)`"
        case .string(let text): "the string \(StringLiteral.text(text, upTo: 40))"
        case .number(let number): "the number \(number)"
        case .time(let time): "the time \(time.text)"
        case .symbol(let symbol): "`\(symbol.rawValue)`"
        case .end: "the end of the definition"
        }
    }
}

/// A comment of the source, kept for the printer.
package struct Comment: Hashable, Sendable {
    /// From `#` to the end of the line, without spaces at the end.
    package var text: String
    package var range: SourceRange
    /// Nothing but spaces stands before it on its line.
    package var standsAlone: Bool
}
