/// Short ways to build answers.
extension JSONValue {
    /// An object in this order; members that are nil are left out.
    package static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(JSONObject(members.compactMap { name, value in value.map { (Text(name), $0) } }))
    }

    package static func text(_ text: String) -> JSONValue { .string(Text(text)) }
    package static func count(_ count: Int) -> JSONValue { .number(Decimal128(count)) }
    /// ISO 8601 in UTC with milliseconds.
    package static func time(_ time: Timestamp) -> JSONValue { .string(Text(time.iso8601)) }
}
