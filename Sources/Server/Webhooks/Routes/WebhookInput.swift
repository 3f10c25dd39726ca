import EventModel
import HTTPTypes
import Outbound

/// What a body says about a webhook: what it does not name is nil.
struct WebhookInput: Sendable {
    var url: String?
    var description: Text?
    /// Of the inner optional, nil means all segments.
    var segments: Set<Text>??
    var isPaused: Bool?
    /// A position of the feed.
    var after: Int?

    /// Nothing is said.
    init() {}

    /// - Parameter members: those that the body may have.
    init(_ body: [UInt8], members: Set<Text>) throws(APIError) {
        let object = try RequestBody.object(of: body)
        for (name, _) in object.members where !members.contains(name) {
            let known = members.sorted().map(\.string).joined(separator: ", ")
            throw Self.bad(name.string, "\"\(name.string.prefix(40))\" is not known here; there are \(known).")
        }
        if let value = object["url"] { url = try Self.url(value) }
        if let value = object["description"] { description = try Self.description(value) }
        if let value = object["segments"] { segments = .some(try Self.segments(value)) }
        if let value = object["paused"] {
            guard case .bool(let isPaused) = value else { throw Self.bad("paused", "paused is true or false.") }
            self.isPaused = isPaused
        }
        if let value = object["after"] {
            guard let after = value.decimal?.asInt() else {
                throw Self.bad("after", "after is a whole number, a position of the changes.")
            }
            self.after = after
        }
    }

    private static func url(_ value: JSONValue) throws(APIError) -> String {
        guard let text = value.text else { throw missing("url", "the address to send to") }
        guard text.scalarCount <= Limits.urlCharacters.value else {
            throw APIError(
                .badRequest, Limits.urlCharacters.code, "A URL has at most \(Limits.urlCharacters.value) characters.")
        }
        guard OutboundURL.isUsable(text.string) else {
            throw bad("url", "url is http:// or https:// with a host, without a user, a password, spaces and #.")
        }
        return text.string
    }

    private static func description(_ value: JSONValue) throws(APIError) -> Text {
        guard let text = value.text else { throw bad("description", "description is a text.") }
        guard text.scalarCount <= Limits.descriptionCharacters.value else {
            throw APIError(
                .badRequest, Limits.descriptionCharacters.code,
                "A description has at most \(Limits.descriptionCharacters.value) characters.")
        }
        guard !text.utf8.contains(0) else { throw bad("description", "description has a character with the code 0.") }
        return text
    }

    private static func segments(_ value: JSONValue) throws(APIError) -> Set<Text>? {
        if value.isNull { return nil }
        let names = value.elements?.map(\.text)
        guard let names, !names.isEmpty, names.count <= Limits.definitions.value,
            names.allSatisfy({ $0.map(isName) ?? false })
        else { throw bad("segments", "segments is a list of names of segments, or null for all of them.") }
        return Set(names.compactMap { $0 })
    }

    /// Whether a segment can have the name.
    private static func isName(_ text: Text) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 512 else { return false }
        return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    static func missing(_ name: String, _ what: String) -> APIError { bad(name, "\(name) is needed: \(what), a text.") }

    private static func bad(_ member: String, _ message: String) -> APIError {
        APIError(
            .badRequest, "bad-webhook", message, details: JSONObject([("member", .string(Text(member)))]))
    }
}

/// Which dead letters are to be sent again: `{"ids": [1, 2]}` or `{"all": true}`.
struct DeadLetterChoice: Sendable {
    /// Nil: all.
    var ids: [Int64]?

    init(_ body: [UInt8]) throws(APIError) {
        let object = try RequestBody.object(of: body)
        if object["all"] == .bool(true), object.count == 1 { return }
        let numbers = object["ids"]?.elements?.map { $0.decimal?.asInt() }
        guard object.count == 1, let numbers, numbers.count <= 10_000, numbers.allSatisfy({ $0 != nil }) else {
            throw APIError(
                .badRequest, "bad-choice",
                "The body says {\"all\": true}, or {\"ids\": [...]} with at most 10000 ids of dead letters.")
        }
        ids = numbers.compactMap { $0.map(Int64.init) }
    }
}
