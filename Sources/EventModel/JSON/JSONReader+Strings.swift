// Strings of JSON: as they are where nothing is escaped, else unescaped into a buffer; always valid UTF-8.

extension JSONReader {
    /// The rest of a string whose quote has been read.
    mutating func string() throws(JSONError) -> Text {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = try text(UnsafeBufferPointer(rebasing: bytes[start..<position]), from: start)
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try stringWithEscapes(from: start) }
            if byte < 0x20 { throw syntax("a control character in a string") }
            position += 1
        }
        throw syntax("a string without its end")
    }

    private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> Text {
        var unescaped = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = Text(utf8: unescaped) else {
                    throw JSONError(.utf8, offset: firstInvalidByte(from: start), "bytes that are no UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &unescaped)
            case 0..<0x20:
                throw syntax("a control character in a string")
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw syntax("a string without its end")
    }

    /// What follows a backslash.
    private mutating func escape(into unescaped: inout [UInt8]) throws(JSONError) {
        guard let byte = peek() else { throw syntax("a string without its end") }
        let plain: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = byte
        case UInt8(ascii: "b"): plain = 0x08
        case UInt8(ascii: "f"): plain = 0x0C
        case UInt8(ascii: "n"): plain = 0x0A
        case UInt8(ascii: "r"): plain = 0x0D
        case UInt8(ascii: "t"): plain = 0x09
        case UInt8(ascii: "u"):
            position += 1
            unescaped.append(contentsOf: UTF8.encode(try escapedScalar()) ?? UTF8.encodedReplacementCharacter)
            return
        default:
            throw syntax("an unknown escape")
        }
        position += 1
        unescaped.append(plain)
    }

    /// The scalar of `XXXX`, or of `XXXX\uXXXX` for a surrogate pair.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let start = position - 2
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let second = try hexadecimal()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
            {
                return scalar
            }
        }
        throw JSONError(.utf8, offset: start, "an escaped half of a surrogate pair")
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = hexadecimalDigit(byte) else {
                throw syntax("four hexadecimal digits were expected")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private func text(_ slice: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONError) -> Text {
        guard let text = Text(utf8: slice) else {
            throw JSONError(.utf8, offset: firstInvalidByte(from: start), "bytes that are no UTF-8")
        }
        return text
    }

    /// Where the first wrong sequence after `start` begins, for the error only.
    private func firstInvalidByte(from start: Int) -> Int {
        var decoder = UTF8()
        var iterator = bytes[start...].makeIterator()
        var offset = start
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}
