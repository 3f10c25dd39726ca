internal import EventModel

extension Lexer {
    /// Reads a string with JSON escapes. A string in single quotes is an error, but read all the same.
    mutating func readString(closing quote: UInt8) {
        let start = position
        var value = ""
        advance()
        while true {
            guard let byte = peek(), byte != 0x0A, byte != 0x0D else {
                report(
                    .unterminatedString, "the string has no closing quote on its line", from: start,
                    help: "write \\n for a line break inside a string")
                break
            }
            if byte == quote {
                advance()
                break
            }
            if byte == UInt8(ascii: "\\") {
                readEscape(into: &value)
            } else if byte < 0x20 {
                let at = position
                advance()
                report(
                    .controlCharacter, "a raw control character stands in the string", from: at,
                    suggestion: String(StringLiteral.text(Text(text(from: at))).dropFirst().dropLast()))
            } else {
                let at = position
                advanceScalar()
                value += text(from: at)
            }
        }
        if quote != UInt8(ascii: "\"") {
            report(
                .unexpectedCharacter, "strings stand in double quotes", from: start,
                suggestion: StringLiteral.text(Text(value)))
        }
        add(.string(Text(value)), from: start)
    }

    private mutating func readEscape(into value: inout String) {
        let start = position
        advance()
        guard let byte = peek(), byte != 0x0A, byte != 0x0D else { return }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            advance()
            value.unicodeScalars.append(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): pass(&value, "\u{8}")
        case UInt8(ascii: "f"): pass(&value, "\u{c}")
        case UInt8(ascii: "n"): pass(&value, "\n")
        case UInt8(ascii: "r"): pass(&value, "\r")
        case UInt8(ascii: "t"): pass(&value, "\t")
        case UInt8(ascii: "u"):
            advance()
            readUnicodeEscape(from: start, into: &value)
        default:
            advanceScalar()
            report(
                .invalidEscape, "no such escape in a string", from: start,
                help: #"the escapes are \" \\ \/ \b \f \n \r \t and \uXXXX"#)
        }
    }

    private mutating func pass(_ value: inout String, _ scalar: Unicode.Scalar) {
        advance()
        value.unicodeScalars.append(scalar)
    }

    private mutating func readUnicodeEscape(from start: SourcePosition, into value: inout String) {
        guard let unit = readHexUnit() else {
            report(.invalidEscape, "\\u needs four hexadecimal digits", from: start)
            return
        }
        if let scalar = Unicode.Scalar(unit) {
            value.unicodeScalars.append(scalar)
            return
        }
        guard unit < 0xDC00, peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") else {
            report(.invalidEscape, "half a surrogate pair is no character", from: start)
            return
        }
        let before = position
        advance(by: 2)
        guard let low = readHexUnit(), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + ((UInt32(unit) - 0xD800) << 10) + (UInt32(low) - 0xDC00))
        else {
            position = before
            report(.invalidEscape, "half a surrogate pair is no character", from: start)
            return
        }
        value.unicodeScalars.append(scalar)
    }

    /// Four hexadecimal digits, passed over; nil (and nothing passed) when they are not four.
    private mutating func readHexUnit() -> UInt16? {
        var unit: UInt16 = 0
        for distance in 0..<4 {
            guard let byte = peek(distance), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        advance(by: 4)
        return unit
    }
}
