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

    /// An array or object that is not closed yet: where its values and keys begin on their stacks.
    private struct Open {
        let isObject: Bool
        let firstValue: Int
        let firstKey: Int
    }

    let bytes: UnsafeBufferPointer<UInt8>
    private let limits: Limits.JSON
    var position = 0
    private var open: [Open] = []
    /// Finished values of all open containers, the innermost last; an object has one key more than values.
    private var values: [JSONValue] = []
    private var keys: [Text] = []
    private var valueCount = 0

    private init(bytes: UnsafeBufferPointer<UInt8>, limits: Limits.JSON) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        repeat {
            if let value = try nextValue() { try finish(value) }
        } while !open.isEmpty
        skipSpace()
        guard position == bytes.count, let whole = values.last else {
            throw syntax("the end of the document was expected")
        }
        return whole
    }

    /// The next scalar or empty container, or nil after a container was opened.
    private mutating func nextValue() throws(JSONError) -> JSONValue? {
        skipSpace()
        valueCount += 1
        guard valueCount <= limits.values else {
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

    /// Puts a finished value onto the stack and closes the containers that end with it.
    private mutating func finish(_ value: JSONValue) throws(JSONError) {
        values.append(value)
        while let innermost = open.last {
            skipSpace()
            let next = peek()
            if next == UInt8(ascii: ",") {
                position += 1
                if innermost.isObject { keys.append(try key()) }
                return
            }
            guard next == UInt8(ascii: innermost.isObject ? "}" : "]") else {
                throw syntax("',' or '\(innermost.isObject ? "}" : "]")' was expected")
            }
            position += 1
            close(innermost)
        }
    }

    /// Replaces the values of a container by the container. The stacks are not shared meanwhile: they would be copied.
    private mutating func close(_ container: Open) {
        open.removeLast()
        let count = values.count - container.firstValue
        let whole: JSONValue
        if container.isObject {
            var members: [JSONObject.Member] = []
            members.reserveCapacity(count)
            for index in 0..<count {
                members.append((keys[container.firstKey + index], values[container.firstValue + index]))
            }
            keys.removeLast(keys.count - container.firstKey)
            whole = .object(JSONObject(members))
        } else {
            whole = .array(Array(values[container.firstValue...]))
        }
        values.removeLast(count)
        values.append(whole)
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
        open.append(Open(isObject: false, firstValue: values.count, firstKey: keys.count))
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
        open.append(Open(isObject: true, firstValue: values.count, firstKey: keys.count))
        keys.append(try key())
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
        if let short = NumberScanner.scanShort(bytes, &position) { return .number(short) }
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

    // MARK: - Bytes

    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    func syntax(_ detail: String) -> JSONError { JSONError(.syntax, offset: position, detail) }
}
