/// The one JSON reader: RFC 8259 and nothing more, in one pass, without recursion.
///
/// Numbers are exact or an error; texts are valid UTF-8 without half surrogate pairs; depth, bytes and values are
/// limited. Objects keep a key that occurs twice (see `JSONObject`). It never traps, whatever the bytes.
package struct JSONReader {
    /// Reads one document, white space around it allowed.
    package static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: Limits.JSON = .standard
    ) throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw JSONError(.size, offset: limits.bytes, "more than \(limits.bytes) bytes")
        }
        var reader = JSONReader(bytes: bytes, limits: limits)
        return try reader.document()
    }

    package static func parse(_ bytes: [UInt8], limits: Limits.JSON = .standard) throws(JSONError) -> JSONValue {
        try result(bytes.withUnsafeBufferPointer { result(of: $0, limits) })
    }

    package static func parse(
        _ bytes: ArraySlice<UInt8>, limits: Limits.JSON = .standard
    ) throws(JSONError) -> JSONValue {
        try result(bytes.withUnsafeBufferPointer { result(of: $0, limits) })
    }

    package static func parse(_ text: String, limits: Limits.JSON = .standard) throws(JSONError) -> JSONValue {
        try result(Text(text).withBytes { result(of: $0, limits) })
    }

    private static func result(
        of bytes: UnsafeBufferPointer<UInt8>, _ limits: Limits.JSON
    ) -> Result<JSONValue, JSONError> {
        do throws(JSONError) {
            return .success(try parse(bytes, limits: limits))
        } catch {
            return .failure(error)
        }
    }

    private static func result(_ result: Result<JSONValue, JSONError>) throws(JSONError) -> JSONValue {
        try result.get()
    }

    // MARK: - State

    /// An array or object that is not closed yet.
    private enum Open {
        case array([JSONValue])
        case object([JSONObject.Member], key: Text)
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: Limits.JSON
    private var position = 0
    private var open: [Open] = []
    private var values = 0

    private init(bytes: UnsafeBufferPointer<UInt8>, limits: Limits.JSON) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        var whole: JSONValue?
        repeat {
            guard let value = try nextValue() else { continue }
            whole = try close(with: value)
        } while whole == nil
        skipSpace()
        guard position == bytes.count, let whole else { throw syntax("the end of the document was expected") }
        return whole
    }

    /// The next scalar or empty container, or nil after a container was opened.
    private mutating func nextValue() throws(JSONError) -> JSONValue? {
        skipSpace()
        values += 1
        guard values <= limits.values else {
            throw JSONError(.values, offset: position, "more than \(limits.values) values")
        }
        guard let byte = peek() else { throw syntax("a value was expected") }
        switch byte {
        case UInt8(ascii: "{"):
            return try openObject()
        case UInt8(ascii: "["):
            return try openArray()
        case UInt8(ascii: "\""):
            position += 1
            return .string(try string())
        case UInt8(ascii: "t"):
            return try word("true", .bool(true))
        case UInt8(ascii: "f"):
            return try word("false", .bool(false))
        case UInt8(ascii: "n"):
            return try word("null", .null)
        default:
            return try number()
        }
    }

    /// Puts a finished value into the containers around it and closes those that end; the document when none is left.
    private mutating func close(with finished: JSONValue) throws(JSONError) -> JSONValue? {
        var value = finished
        while !open.isEmpty {
            skipSpace()
            let next = peek()
            let top = open.count - 1
            switch open[top] {
            case .array(var elements):
                open[top] = .array([])
                elements.append(value)
                if next == UInt8(ascii: ",") {
                    position += 1
                    open[top] = .array(elements)
                    return nil
                }
                guard next == UInt8(ascii: "]") else { throw syntax("',' or ']' was expected") }
                value = .array(elements)
            case .object(var members, let key):
                open[top] = .array([])
                members.append((key, value))
                if next == UInt8(ascii: ",") {
                    position += 1
                    open[top] = .object(members, key: try self.key())
                    return nil
                }
                guard next == UInt8(ascii: "}") else { throw syntax("',' or '}' was expected") }
                value = .object(JSONObject(members))
            }
            position += 1
            open.removeLast()
        }
        return value
    }

    // MARK: - Containers

    private mutating func openArray() throws(JSONError) -> JSONValue? {
        try checkDepth()
        position += 1
        skipSpace()
        if peek() == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        open.append(.array([]))
        return nil
    }

    private mutating func openObject() throws(JSONError) -> JSONValue? {
        try checkDepth()
        position += 1
        skipSpace()
        if peek() == UInt8(ascii: "}") {
            position += 1
            return .object(JSONObject())
        }
        open.append(.object([], key: try key()))
        return nil
    }

    private func checkDepth() throws(JSONError) {
        guard open.count < limits.depth else {
            throw JSONError(.depth, offset: position, "arrays and objects deeper than \(limits.depth)")
        }
    }

    /// A member's key and its colon.
    private mutating func key() throws(JSONError) -> Text {
        skipSpace()
        guard peek() == UInt8(ascii: "\"") else { throw syntax("a key in double quotes was expected") }
        position += 1
        let key = try string()
        skipSpace()
        guard peek() == UInt8(ascii: ":") else { throw syntax("':' was expected") }
        position += 1
        return key
    }

    // MARK: - Scalars

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw syntax("a value was expected") }
        for offset in 0..<word.utf8CodeUnitCount where bytes[position + offset] != word.utf8Start[offset] {
            throw syntax("a value was expected")
        }
        position = end
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        guard let scanned = NumberScanner.scan(bytes, &position) else { throw syntax("a value was expected") }
        switch scanned.parsed {
        case .value(let number):
            return .number(number)
        case .tooManyDigits:
            throw JSONError(.numberDigits, offset: start, "a number of more than 34 significant digits")
        case .outOfRange, .notANumber:
            throw JSONError(.numberRange, offset: start, "a number outside 1e-6143 to 1e6144")
        }
    }

    /// The rest of a string whose quote has been read.
    private mutating func string() throws(JSONError) -> Text {
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

    // MARK: - Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func syntax(_ detail: String) -> JSONError { JSONError(.syntax, offset: position, detail) }
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}
