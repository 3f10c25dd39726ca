package import EventModel

/// What an expression of the language is for one profile at one instant.
package enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Decimal128)
    case string(Text)
    case time(Timestamp)
    /// A length of time; may have a fraction of a millisecond.
    case duration(milliseconds: Decimal128)
    /// A calendar day, and the zone it was taken in.
    case day(CalendarDay, Zone)
    case list([Value])
    /// A JSON object: it exists, and compares with nothing.
    case object
}

extension Value {
    package init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map(Value.init))
        case .object: self = .object
        }
    }

    package var isNull: Bool { self == .null }

    /// Whether comparisons with it can hold: not null, no list, no object.
    var isComparable: Bool {
        switch self {
        case .null, .list, .object: false
        default: true
        }
    }

    /// The number it counts as: a number, or a string that is entirely a number in JSON syntax.
    package var numeric: Decimal128? {
        switch self {
        case .number(let number): number
        case .string(let text): Decimal128(jsonNumber: text)
        default: nil
        }
    }

    /// The boolean it counts as.
    var boolean: Bool? {
        switch self {
        case .bool(let flag): flag
        case .string("true"): true
        case .string("false"): false
        default: nil
        }
    }

    /// The instant it counts as where a time is wanted; strings without an offset speak of `zone`.
    func instant(in zone: Zone) -> Timestamp? {
        switch self {
        case .time(let time): time
        case .day(let day, let own): own.startOfDay(day)
        case .string(let text): Timestamp(iso8601: text, zone: zone)
        default: nil
        }
    }

    /// The text by which two values are the same entity; null, lists and objects have none.
    package var identity: Text? {
        switch self {
        case .null, .list, .object: nil
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): Text(number.description)
        case .string(let text): text
        case .time(let time): Text(time.iso8601)
        case .duration(let milliseconds): Text(Self.seconds(milliseconds).description)
        case .day(let day, let zone): Text(zone.startOfDay(day).iso8601)
        }
    }

    var hasIdentity: Bool {
        switch self {
        case .null, .list, .object: false
        default: true
        }
    }

    static func seconds(_ milliseconds: Decimal128) -> Decimal128 {
        milliseconds.divided(by: 1_000) ?? milliseconds
    }
}

extension Value {
    /// The value as `evaluate` prints it: times as ISO 8601 in UTC, durations in seconds, a day as its first instant.
    /// Nil for null, and for objects, whose leaves alone are kept.
    package var json: JSONValue? {
        switch self {
        case .null, .object: nil
        case .bool(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .time(let time): .string(Text(time.iso8601))
        case .duration(let milliseconds): .number(Self.seconds(milliseconds))
        case .day(let day, let zone): .string(Text(zone.startOfDay(day).iso8601))
        case .list(let elements): .array(elements.map { $0.json ?? .null })
        }
    }
}
