internal import EventModel

/// Cuts a text into tokens, in one pass, and never gives up: what it cannot read it reports and passes over.
struct Lexer {
    let bytes: [UInt8]
    var position = SourcePosition(offset: 0, line: 1, column: 1)
    var tokens: [Token] = []
    var comments: [Comment] = []
    var diagnostics: [Diagnostic] = []
    private var lineHasToken = false

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// - Complexity: O(bytes).
    mutating func run() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            position.offset = 3
        }
        while let byte = peek() {
            step(at: byte)
        }
    }

    // MARK: - Moving

    func peek(_ distance: Int = 0) -> UInt8? {
        let index = position.offset + distance
        return index < bytes.count ? bytes[index] : nil
    }

    /// Passes one byte; columns count scalars, so continuation bytes do not move the column.
    mutating func advance() {
        guard let byte = peek() else { return }
        position.offset += 1
        if byte == 0x0A || (byte == 0x0D && peek() != 0x0A) {
            position.line += 1
            position.column = 1
            lineHasToken = false
        } else if byte & 0xC0 != 0x80 {
            position.column += 1
        }
    }

    mutating func advance(by count: Int) {
        for _ in 0..<count { advance() }
    }

    /// Passes one scalar, however many bytes it has.
    mutating func advanceScalar() {
        advance()
        while let byte = peek(), byte & 0xC0 == 0x80 { advance() }
    }

    mutating func add(_ kind: Token.Kind, from start: SourcePosition) {
        tokens.append(Token(kind: kind, range: SourceRange(start: start, end: position)))
        lineHasToken = true
    }

    mutating func report(
        _ code: DiagnosticCode, _ message: String, from start: SourcePosition, suggestion: String? = nil,
        help: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(
                code, message, at: SourceRange(start: start, end: position), suggestion: suggestion, help: help))
    }

    func text(from start: SourcePosition) -> String {
        String(decoding: bytes[start.offset..<position.offset], as: UTF8.self)
    }

    // MARK: - One token

    private mutating func step(at byte: UInt8) {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: advance()
        case UInt8(ascii: "#"): readComment()
        case UInt8(ascii: "\""): readString(closing: byte)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumberOrTime()
        case _ where byte.startsWord: readWord()
        default: readSymbol(byte)
        }
    }

    private mutating func readComment() {
        let start = position
        let standsAlone = !lineHasToken
        while let byte = peek(), byte != 0x0A, byte != 0x0D { advance() }
        var text = text(from: start)
        while let last = text.unicodeScalars.last, last == " " || last == "\t" {
            text.unicodeScalars.removeLast()
        }
        comments.append(
            Comment(text: text, range: SourceRange(start: start, end: position), standsAlone: standsAlone))
    }

    private mutating func readWord() {
        let start = position
        while let byte = peek(), byte.continuesWord { advance() }
        add(.word(text(from: start)), from: start)
    }

    private mutating func readSymbol(_ byte: UInt8) {
        let start = position
        if let (symbol, length) = symbol(at: byte) {
            advance(by: length)
            add(.symbol(symbol), from: start)
        } else if let (meant, length) = foreignOperator(at: byte) {
            advance(by: length)
            let written = text(from: start)
            report(.unexpectedCharacter, "`\(written)` is no operator here", from: start, suggestion: meant.described)
            add(meant.kind, from: start)
        } else if byte == UInt8(ascii: "'") {
            readString(closing: byte)
        } else {
            readUnknown()
        }
    }

    private func symbol(at byte: UInt8) -> (Token.Symbol, Int)? {
        let next = peek(1)
        let equal = UInt8(ascii: "=")
        switch byte {
        case UInt8(ascii: "("): return (.leftParenthesis, 1)
        case UInt8(ascii: ")"): return (.rightParenthesis, 1)
        case UInt8(ascii: ","): return (.comma, 1)
        case UInt8(ascii: ":"): return (.colon, 1)
        case UInt8(ascii: "."): return (.dot, 1)
        case UInt8(ascii: "+"): return (.plus, 1)
        case UInt8(ascii: "-"): return (.minus, 1)
        case UInt8(ascii: "*"): return (.star, 1)
        case UInt8(ascii: "/"): return (.slash, 1)
        case UInt8(ascii: "%"): return (.percent, 1)
        case equal: return next == equal ? nil : (.equal, 1)
        case UInt8(ascii: "!"): return next == equal ? (.notEqual, 2) : nil
        case UInt8(ascii: "<"):
            if next == equal { return (.lessOrEqual, 2) }
            return next == UInt8(ascii: ">") ? nil : (.less, 1)
        case UInt8(ascii: ">"): return next == equal ? (.greaterOrEqual, 2) : (.greater, 1)
        default: return nil
        }
    }

    /// Operators of other languages, read as what they must mean, with an error.
    private func foreignOperator(at byte: UInt8) -> ((kind: Token.Kind, described: String), Int)? {
        let next = peek(1)
        switch (byte, next) {
        case (UInt8(ascii: "="), UInt8(ascii: "=")): return ((.symbol(.equal), "="), 2)
        case (UInt8(ascii: "<"), UInt8(ascii: ">")): return ((.symbol(.notEqual), "!="), 2)
        case (UInt8(ascii: "&"), UInt8(ascii: "&")): return ((.word("and"), "and"), 2)
        case (UInt8(ascii: "|"), UInt8(ascii: "|")): return ((.word("or"), "or"), 2)
        case (UInt8(ascii: "!"), _): return ((.word("not"), "not"), 1)
        case (0xE2, 0x89):
            if peek(2) == 0xA5 { return ((.symbol(.greaterOrEqual), ">="), 3) }
            if peek(2) == 0xA4 { return ((.symbol(.lessOrEqual), "<="), 3) }
            if peek(2) == 0xA0 { return ((.symbol(.notEqual), "!="), 3) }
            return nil
        default: return nil
        }
    }

    /// A run of characters that have no place in the language, reported once.
    private mutating func readUnknown() {
        let start = position
        let scalar = text(fromScalarAt: start)
        while let byte = peek(), byte > 0x20, !byte.startsWord, !byte.isDigit, symbol(at: byte) == nil,
            byte != UInt8(ascii: "\""), byte != UInt8(ascii: "#")
        {
            advanceScalar()
        }
        if position.offset == start.offset { advanceScalar() }
        let quotes: Set<Unicode.Scalar> = ["\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}", "`"]
        if let scalar, quotes.contains(scalar) {
            report(
                .unexpectedCharacter, "strings stand in plain double quotes", from: start,
                help: "write \" instead of \(scalar)")
        } else if let scalar, scalar.value >= 0x20, scalar.value != 0x7F, !scalar.properties.isWhitespace {
            report(.unexpectedCharacter, "unexpected character \(scalar)", from: start)
        } else {
            let digits = String(scalar?.value ?? 0, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            report(.unexpectedCharacter, "unexpected character U+\(padded)", from: start)
        }
    }

    private func text(fromScalarAt start: SourcePosition) -> Unicode.Scalar? {
        var end = start.offset + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return String(decoding: bytes[start.offset..<end], as: UTF8.self).unicodeScalars.first
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    var startsWord: Bool {
        (self >= 0x41 && self <= 0x5A) || (self >= 0x61 && self <= 0x7A) || self == 0x5F || self == 0x24
    }

    var continuesWord: Bool { startsWord || isDigit }
}
