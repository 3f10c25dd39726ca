import EventModel

/// How the values of our answers look in JSON; docs/commands.md lists the shapes.
extension JSONValue {
    /// A share of 0...1 with four places; null when the whole is empty.
    static func share(_ part: Int, of whole: Int) -> JSONValue {
        guard whole > 0 else { return .null }
        let share = (Double(part) / Double(whole) * 10_000).rounded() / 10_000
        return Decimal128(share).map { .number($0) } ?? .null
    }

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
