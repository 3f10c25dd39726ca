import EventModel
import ReferenceEvaluation
import SegmentLanguage
import TestSupport
import Testing

/// A small history written as lines, with questions to it.
///
/// A line is who, when, what and, where there are some, the properties as JSON:
/// `a 2026-03-14T12:00 Order Completed {"revenue": 5}`. Who is `a` (a user), `~n` (anonymous) or `a~n` (both at once).
/// What is an event's name, or `page`, `screen`, `identify` (with traits), `alias` (with `{"previousId": ..}`).
/// Properties of the key `context` are the message's context.
struct Story {
    let settings: WorkspaceSettings
    let now: Timestamp
    let messages: [Message]

    init(
        _ text: String, now: String = "2026-03-15T12:00", zone: String = "UTC", products: [JSONValue] = [],
        purposes: [Text: Text] = [:]
    ) throws {
        let zone = try #require(Zone(identifier: zone))
        settings = WorkspaceSettings(
            zone: zone, catalogue: Catalogue(products: products), consentPurposeByChannel: purposes)
        self.now = try #require(Timestamp(iso8601: now, zone: .utc))
        let lines = text.split(separator: "\n").map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
        let objects = try lines.enumerated().map { try message(in: $0.element, number: $0.offset) }
        messages = decodedMessages(objects.map { JSONWriter.text(of: $0) }, settings: settings)
        try #require(messages.count == lines.count, "a line was refused")
    }

    /// The members of a segment with this condition, ascending.
    func members(_ condition: String, at instant: String? = nil, with more: String = "") throws -> [String] {
        let found = try evaluator("segment asked: \(condition)\n\(more)").segments(at: try time(instant))
        return try #require(found["asked"]).sorted().map(\.string)
    }

    /// What a value is worth for a profile, as printed; "null" where it is null.
    func value(_ value: String, of profile: Text = "a", at instant: String? = nil, with more: String = "") throws
        -> String
    {
        let found = try evaluator("metric asked: \(value)\n\(more)").metrics(at: try time(instant))
        return JSONWriter.text(of: try #require(found["asked"])[profile]?.json ?? .null)
    }

    func evaluator(_ definitions: String) throws -> ReferenceEvaluator {
        let (program, diagnostics) = Binder.bind([Parser.parse(definitions)], zone: settings.zone)
        let errors = diagnostics.filter { $0.severity == .error }
        try #require(errors.isEmpty, "\(errors.map(\.message)) in \(definitions)")
        return ReferenceEvaluator(program: program, settings: settings, messages: messages)
    }

    private func time(_ text: String?) throws -> Timestamp {
        guard let text else { return now }
        return try #require(Timestamp(iso8601: text, zone: .utc))
    }
}

private func message(in line: String, number: Int) throws -> JSONValue {
    let words = line.split(separator: " ", maxSplits: 2).map(String.init)
    try #require(words.count == 3, "too short: \(line)")
    let brace = words[2].firstIndex(of: "{") ?? words[2].endIndex
    let what = words[2][..<brace].trimmingSpaces
    let body = words[2][brace...]
    var properties = try body.isEmpty ? JSONObject() : #require(JSONReader.parse(String(body)).object)
    let who = words[0].split(separator: "~", omittingEmptySubsequences: false).map(String.init)

    var message = JSONObject()
    message["messageId"] = properties["messageId"] ?? .string(Text("m\(number)"))
    let time = try #require(Timestamp(iso8601: words[1], zone: .utc))
    message["timestamp"] = .string(Text(time.iso8601))
    if let user = who.first, !user.isEmpty { message["userId"] = .string(Text(user)) }
    if who.count > 1 { message["anonymousId"] = .string(Text(who[1])) }
    if let context = properties["context"] { message["context"] = context }
    properties["context"] = nil
    properties["messageId"] = nil
    switch what {
    case "identify":
        message["type"] = "identify"
        message["traits"] = .object(properties)
    case "alias":
        message["type"] = "alias"
        message["previousId"] = properties["previousId"]
    case "page", "screen":
        message["type"] = .string(Text(what))
        message["properties"] = .object(properties)
    default:
        message["type"] = "track"
        message["event"] = .string(Text(what))
        message["properties"] = .object(properties)
    }
    return .object(message)
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
