/// A value of a JSON document, with exact numbers and texts compared by scalars.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Decimal128)
    case string(Text)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    package var isNull: Bool { self == .null }

    package var text: Text? { if case .string(let text) = self { text } else { nil } }
    package var decimal: Decimal128? { if case .number(let number) = self { number } else { nil } }
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The text by which two values are the same entity: a string is its own text, a number its shortest plain
    /// decimal text, a boolean `true` or `false`. Null, lists and objects have none.
    package var identity: Text? {
        switch self {
        case .string(let text): text
        case .number(let number): Text(number.description)
        case .bool(let bool): bool ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// The number that it counts as: a number, or a string that is entirely a number in JSON syntax.
    package var numeric: Decimal128? {
        switch self {
        case .number(let number): number
        case .string(let text): Decimal128(jsonNumber: text)
        default: nil
        }
    }

    /// The boolean that it counts as: a boolean, or the string `true` or `false`.
    package var boolean: Bool? {
        switch self {
        case .bool(let bool): bool
        case .string("true"): true
        case .string("false"): false
        default: nil
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    // Not by `nil`: an optional's `nil` would silently become JSON null.
    package init(stringLiteral value: String) { self = .string(Text(value)) }
    package init(integerLiteral value: Int) { self = .number(Decimal128(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { (key: Text($0.0), value: $0.1) }))
    }
}
