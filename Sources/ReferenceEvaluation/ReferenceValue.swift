package import EventModel

/// A value as the language knows it: what a metric is worth, what a property holds.
package enum ReferenceValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Decimal128)
    case string(Text)
    case time(Timestamp)
    /// Milliseconds; a quotient may have a fraction.
    case duration(Decimal128)
    /// A calendar day and the zone it was taken in.
    case day(CalendarDay, Zone)
    case list([ReferenceValue])
    case object(JSONObject)

    package init(_ json: JSONValue?) {
        switch json {
        case nil, .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .list(elements.map { ReferenceValue($0) })
        case .object(let object): self = .object(object)
        }
    }

    package var isNull: Bool { self == .null }

    /// The value as `evaluate` prints it (language, section 11): times and days in ISO 8601, durations in seconds.
    package var json: JSONValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        case .time(let time): .string(Text(time.iso8601))
        case .duration(let milliseconds): milliseconds.divided(by: 1000).map { .number($0) } ?? .null
        case .day(let day, let zone): .string(Text(zone.startOfDay(day).iso8601))
        case .list(let elements): .array(elements.map(\.json))
        case .object(let object): .object(object)
        }
    }

    /// The text by which two values are the same entity (language, section 4); nil for null, lists and objects.
    ///
    /// A value that is no scalar of JSON (a time, a duration) goes by the text it is printed with.
    package var identity: Text? {
        switch self {
        case .string(let text): text
        case .number(let number): Text(number.description)
        case .bool(let value): value ? "true" : "false"
        case .time, .duration, .day:
            switch json {
            case .string(let text): text
            case .number(let number): Text(number.description)
            default: nil
            }
        case .null, .list, .object: nil
        }
    }

    /// The number it is or, as a string that is entirely a number, counts as.
    var asNumber: Decimal128? {
        switch self {
        case .number(let number): number
        case .string(let text): Decimal128(jsonNumber: text.utf8)
        default: nil
        }
    }

    /// The instant it is or, as a string in an ISO form, counts as; for a day its first instant.
    func asTime(in zone: Zone) -> Timestamp? {
        switch self {
        case .time(let time): time
        case .day(let day, let dayZone): dayZone.startOfDay(day)
        case .string(let text): Timestamp(iso8601: text, zone: zone)
        default: nil
        }
    }
}
