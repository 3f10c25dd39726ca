internal import EventModel

/// A place in a JSON tree that is being read, knowing how it was reached.
struct JSONCursor {
    private indirect enum Path {
        case root
        case member(Path, Text)
        case element(Path, Int)
    }

    let value: JSONValue
    let depth: Int
    private let path: Path

    init(_ value: JSONValue) {
        self.init(value, depth: 0, path: .root)
    }

    private init(_ value: JSONValue, depth: Int, path: Path) {
        self.value = value
        self.depth = depth
        self.path = path
    }

    // MARK: - Errors

    func error(_ code: DiagnosticCode, _ message: String) -> JSONFormError {
        JSONFormError(code: code, pointer: pointer, message: message)
    }

    func error(_ message: String) -> JSONFormError { error(.invalidTree, message) }

    /// JSON Pointer, RFC 6901.
    private var pointer: String {
        var parts: [String] = []
        var path = path
        while true {
            switch path {
            case .root: return parts.reversed().map { "/" + $0 }.joined()
            case .member(let outer, let key):
                parts.append(Self.escaped(key))
                path = outer
            case .element(let outer, let index):
                parts.append(String(index))
                path = outer
            }
        }
    }

    private static func escaped(_ key: Text) -> String {
        var result = String.UnicodeScalarView()
        for scalar in key.string.unicodeScalars {
            switch scalar {
            case "~": result.append(contentsOf: "~0".unicodeScalars)
            case "/": result.append(contentsOf: "~1".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    // MARK: - Objects

    func object() throws(JSONFormError) -> JSONObject {
        guard case .object(let object) = value else { throw error("expected an object") }
        return object
    }

    /// The node's `type`, and no members besides these.
    func type() throws(JSONFormError) -> String {
        try member("type").string().string
    }

    /// Every member must be one of these, once.
    func allow(_ keys: Set<Text>) throws(JSONFormError) {
        let object = try object()
        if let twice = object.firstDuplicateKey {
            throw child(.null, .member(path, twice)).error("this member occurs twice")
        }
        for (key, value) in object.members where !keys.contains(key) {
            let meant = Spelling.closest(to: key.string, among: keys.map(\.string))
            throw child(value, .member(path, key)).error(
                "there is no such member here" + (meant.map { "; did you mean `\($0)`?" } ?? ""))
        }
    }

    func member(_ key: Text) throws(JSONFormError) -> JSONCursor {
        guard let found = try optional(key) else { throw error("the member `\(key)` is missing") }
        return found
    }

    /// The member; nil when it is missing or null.
    func optional(_ key: Text) throws(JSONFormError) -> JSONCursor? {
        guard let found = try object()[key], !found.isNull else { return nil }
        return child(found, .member(path, key))
    }

    func elements() throws(JSONFormError) -> [JSONCursor] {
        guard case .array(let elements) = value else { throw error("expected an array") }
        return elements.enumerated().map { child($1, .element(path, $0)) }
    }

    private func child(_ value: JSONValue, _ path: Path) -> JSONCursor {
        JSONCursor(value, depth: depth + 1, path: path)
    }

    // MARK: - Scalars

    func string() throws(JSONFormError) -> Text {
        guard case .string(let text) = value else { throw error("expected a string") }
        return text
    }

    func decimal() throws(JSONFormError) -> Decimal128 {
        guard case .number(let number) = value else { throw error("expected a number") }
        return number
    }

    /// A whole number, not negative.
    func count() throws(JSONFormError) -> Int {
        guard let whole = try decimal().asInt(), whole >= 0 else {
            throw error(.invalidCount, "a count is a whole number and not negative")
        }
        return whole
    }

    func integer() throws(JSONFormError) -> Int {
        guard let whole = try decimal().asInt() else { throw error(.invalidCount, "expected a whole number") }
        return whole
    }

    /// A flag; missing means false.
    func flag(_ key: Text) throws(JSONFormError) -> Bool {
        guard let found = try optional(key) else { return false }
        guard case .bool(let bool) = found.value else { throw found.error("expected true or false") }
        return bool
    }

    /// One of the words an enum has.
    func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) throws(JSONFormError) -> Word
    where Word.RawValue == String {
        let text = try string().string
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        throw error("expected one of \(known)")
    }
}
