import EventModel

/// How the values of our answers look in JSON; docs/commands.md lists the shapes.
extension JSONValue {
    /// A share of 0...1 with four places; null when the whole is empty.
    static func share(_ part: Int, of whole: Int) -> JSONValue {
        guard whole > 0 else { return .null }
        let share = (Double(part) / Double(whole) * 10_000).rounded() / 10_000
        return Decimal128(share).map { .number($0) } ?? .null
    }

    /// The share that an amount has of another, with four places; null where there is none.
    static func share(_ part: Decimal128?, of whole: Decimal128?) -> JSONValue {
        guard let part, let whole, let share = part.divided(by: whole)?.approximate, share.isFinite else {
            return .null
        }
        return Decimal128((share * 10_000).rounded() / 10_000).map { .number($0) } ?? .null
    }

    /// A number with six decimals; null where there is none.
    static func rounded(_ number: Double?) -> JSONValue {
        guard let number, number.isFinite else { return .null }
        return Decimal128((number * 1e6).rounded() / 1e6).map { .number($0) } ?? .null
    }

    /// An amount; null where it is nothing, or beyond the decimals.
    static func amount(_ amount: Decimal128?) -> JSONValue { amount.map { .number($0) } ?? .null }

    /// On one line, ended.
    var lineText: String { JSONWriter.text(of: self) + "\n" }
}

extension CommandError {
    /// The error shape of the program: `code`, `message`, `details`, `status`.
    var json: JSONValue {
        .object([
            ("code", .text(code)),
            ("message", .text(message)),
            ("details", .object([("at", place.map { .text($0) }), ("next", advice.map { .text($0) })])),
            ("status", .count(Int(exit.rawValue))),
        ])
    }
}
