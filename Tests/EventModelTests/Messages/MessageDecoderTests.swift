import EventModel
import TestSupport
import Testing

@Suite struct MessageDecoderTests {
    private let received = Timestamp(milliseconds: 1_773_576_000_000)  // 2026-03-15T12:00:00Z

    private func decode(_ text: String, options: MessageDecoder.Options = .file) throws(MessageError) -> Message {
        try MessageDecoder(
            settings: WorkspaceSettings(zone: Zone(identifier: "Europe/Berlin") ?? .utc), options: options
        )
        .decode(Array(text.utf8), receivedAt: received)
    }

    private func failure(_ text: String, options: MessageDecoder.Options = .file) -> Text? {
        throwing { () throws(MessageError) in try decode(text, options: options) }?.code
    }

    @Test func `a track message reads whole`() throws {
        let text = """
            {"type":"track","messageId":"m1","userId":"u1","anonymousId":"a1","event":"order completed",
             "timestamp":"2026-03-14T10:00:00.5+01:00","sentAt":"2026-03-14T09:00:01Z","version":2,
             "context":{"campaign":{"source":"news"}},"integrations":{},"properties":{"revenue":12.50,"coupon":null}}
            """
        let message = try decode(text)
        #expect(message.kind == .track)
        #expect(message.messageID == "m1")
        #expect(message.userID == "u1")
        #expect(message.anonymousID == "a1")
        #expect(message.event == "Order Completed")
        #expect(message.time.iso8601 == "2026-03-14T09:00:00.500Z")
        #expect(message.originalTime == message.time)
        #expect(message.sentAt?.iso8601 == "2026-03-14T09:00:01.000Z")
        #expect(message.receivedAt == received)
        #expect(PropertyPath(written: ["context", "campaign", "source"]).value(in: message.context) == "news")
        #expect(message.properties["revenue"]?.decimal?.description == "12.5")
        #expect(message.properties["coupon"] == .null)
        #expect(message.original == Array(text.utf8))
        #expect(message.warnings.isEmpty)
    }

    @Test(arguments: [
        (#"[]"#, "not-an-object"), (#""x""#, "not-an-object"), (#"{"#, "json-syntax"),
        (#"{"userId":"u","messageId":"1"}"#, "unknown-type"),
        (#"{"type":"Track","userId":"u","messageId":"1"}"#, "unknown-type"),
        (#"{"type":7,"userId":"u","messageId":"1"}"#, "unknown-type"),
        (#"{"type":"track","userId":"u","event":"E"}"#, "missing-message-id"),
        (#"{"type":"track","messageId":"","userId":"u","event":"E"}"#, "missing-message-id"),
        (#"{"type":"track","messageId":{},"userId":"u","event":"E"}"#, "bad-id"),
        (#"{"type":"track","messageId":"1","event":"E"}"#, "missing-id"),
        (#"{"type":"track","messageId":"1","userId":"","anonymousId":null,"event":"E"}"#, "missing-id"),
        (#"{"type":"track","messageId":"1","userId":true,"event":"E"}"#, "bad-id"),
        (#"{"type":"track","messageId":"1","userId":["u"],"event":"E"}"#, "bad-id"),
        (#"{"type":"track","messageId":"1","userId":"null","event":"E"}"#, "placeholder-id"),
        (#"{"type":"track","messageId":"1","userId":"undefined","anonymousId":"0","event":"E"}"#, "placeholder-id"),
        (#"{"type":"track","messageId":"1","userId":"u"}"#, "missing-event"),
        (#"{"type":"track","messageId":"1","userId":"u","event":""}"#, "missing-event"),
        (#"{"type":"track","messageId":"1","userId":"u","event":7}"#, "missing-event"),
        (#"{"type":"track","messageId":"1","userId":"u","event":"E","properties":[]}"#, "bad-properties"),
        (#"{"type":"track","messageId":"1","userId":"u","event":"E","context":"x"}"#, "bad-context"),
        (#"{"type":"identify","messageId":"1","userId":"u","traits":7}"#, "bad-traits"),
        (#"{"type":"track","messageId":"1","userId":"u","event":"E","timestamp":"yesterday"}"#, "bad-time"),
        (#"{"type":"track","messageId":"1","userId":"u","event":"E","timestamp":1773576000000}"#, "bad-time"),
        (#"{"type":"track","messageId":"1","userId":"u","event":"E","timestamp":""}"#, "bad-time"),
        (#"{"type":"track","messageId":"1","userId":"u","event":"E","userId":"u"}"#, "duplicate-key"),
        (#"{"type":"alias","messageId":"1","userId":"u"}"#, "missing-previous-id"),
        (#"{"type":"alias","messageId":"1","anonymousId":"a","previousId":"p"}"#, "missing-previous-id"),
        (#"{"type":"alias","messageId":"1","userId":"u","previousId":"null"}"#, "placeholder-id"),
        (#"{"type":"group","messageId":"1","userId":"u"}"#, "missing-group-id"),
        (#"{"type":"track","messageId":"1","userId":"u","event":"E","properties":{"x":1e9999}}"#, "json-number-range"),
    ])
    func `what cannot be taken has its code`(text: String, code: String) {
        #expect(failure(text) == Text(code))
    }

    @Test func `null is as good as absent and numbers are ids by their text`() throws {
        let message = try decode(
            """
            {"type":"track","messageId":17,"userId":1.0,"anonymousId":null,"event":"E","timestamp":null,
             "properties":null,"context":null}
            """)
        #expect(message.messageID == "17")
        #expect(message.userID == "1")
        #expect(message.anonymousID == nil)
        #expect(message.time == received)
        #expect(message.originalTime == nil)
        #expect(message.properties.isEmpty && message.context.isEmpty)
    }

    @Test func `a placeholder beside a real id is dropped and reported`() throws {
        let message = try decode(#"{"type":"track","messageId":"1","userId":"null","anonymousId":"a","event":"E"}"#)
        #expect(message.userID == nil)
        #expect(message.anonymousID == "a")
        #expect(message.warnings == ["placeholder-id"])
    }

    @Test func `page and screen calls are events with name and category`() throws {
        let page = try decode(
            """
            {"type":"page","messageId":"1","anonymousId":"a","name":"Home","category":"Shop",
             "properties":{"name":"Own"}}
            """)
        #expect(page.event == "Page Viewed")
        #expect(page.properties["name"] == "Own")
        #expect(page.properties["category"] == "Shop")
        let screen = try decode(#"{"type":"screen","messageId":"1","anonymousId":"a","name":"Home","event":"x"}"#)
        #expect(screen.event == "Screen Viewed")
        #expect(screen.properties["name"] == "Home")
        #expect(screen.properties["category"] == nil)
    }

    @Test func `identify takes traits, or those of the context`() throws {
        let own = try decode(
            #"{"type":"identify","messageId":"1","userId":"u","traits":{"a":1,"b":null},"context":{"traits":{"c":2}}}"#)
        #expect(JSONValue.object(own.traits) == ["a": 1, "b": .null])
        let context = try decode(#"{"type":"identify","messageId":"1","userId":"u","context":{"traits":{"c":2}}}"#)
        #expect(JSONValue.object(context.traits) == ["c": 2])
        #expect(try decode(#"{"type":"identify","messageId":"1","userId":"u"}"#).traits.isEmpty)
        #expect(own.event == "" && own.properties.isEmpty)
    }

    @Test func `alias and group keep their ids`() throws {
        let alias = try decode(#"{"type":"alias","messageId":"1","userId":"u","previousId":"p"}"#)
        #expect(alias.previousID == "p" && alias.userID == "u" && alias.kind == .alias)
        let group = try decode(#"{"type":"group","messageId":"1","userId":"u","groupId":5,"traits":{"plan":"x"}}"#)
        #expect(group.groupID == "5" && group.traits["plan"] == "x" && group.event == "")
    }

    @Test func `defaults fill in what a message does not say`() throws {
        let decoder = MessageDecoder()
        let defaults = MessageDecoder.Defaults(kind: .identify, messageID: "line-7")
        let bytes = Array(#"{"userId":"u"}"#.utf8)
        let message = try decoder.decode(bytes, receivedAt: received, defaults: defaults)
        #expect(message.kind == .identify && message.messageID == "line-7")
        let own = Array(#"{"type":"track","event":"E","userId":"u","messageId":"own"}"#.utf8)
        let other = try decoder.decode(own, receivedAt: received, defaults: defaults)
        #expect(other.kind == .track && other.messageID == "own")
    }

    @Test func `times come from the message, by the workspace zone where they have no offset`() throws {
        let start = #"{"type":"track","messageId":"1","userId":"u","event":"E""#
        #expect(try decode(start + #","timestamp":"2026-03-14"}"#).time.iso8601 == "2026-03-13T23:00:00.000Z")
        #expect(try decode(start + #","timestamp":"2026-03-14 10:00"}"#).time.iso8601 == "2026-03-14T09:00:00.000Z")
        #expect(
            try decode(start + #","originalTimestamp":"2026-03-14T10:00Z"}"#).time.iso8601 == "2026-03-14T10:00:00.000Z"
        )
        #expect(
            try decode(start + #","timestamp":"2026-03-14T11:00Z","originalTimestamp":"2026-03-14T10:00Z"}"#).time
                .iso8601
                == "2026-03-14T11:00:00.000Z")
        #expect(try decode(start + #","receivedAt":"2026-03-01T10:00Z"}"#).time.iso8601 == "2026-03-01T10:00:00.000Z")
        #expect(try decode(start + #","receivedAt":"2026-03-01T10:00Z"}"#, options: .network).time == received)
        #expect(try decode(start + #","sentAt":"nonsense"}"#).sentAt == nil)
    }

    @Test func `files keep far-future times, the network does not`() throws {
        let start = #"{"type":"track","messageId":"1","userId":"u","event":"E","timestamp":"#
        let edge = start + #""2026-03-16T12:00:00.000Z"}"#
        let past = start + #""2026-03-16T12:00:00.001Z"}"#
        #expect(try decode(edge, options: .network).time.iso8601 == "2026-03-16T12:00:00.000Z")
        let clamped = try decode(past, options: .network)
        #expect(clamped.time == received)
        #expect(clamped.originalTime?.iso8601 == "2026-03-16T12:00:00.001Z")
        #expect(clamped.warnings == ["future-time"])
        #expect(try decode(past).time.iso8601 == "2026-03-16T12:00:00.001Z")
        #expect(try decode(start + #""2020-01-01"}"#, options: .network).time.iso8601 == "2019-12-31T23:00:00.000Z")
    }

    @Test func `a sender's clock far off is corrected on the network`() throws {
        let start =
            #"{"type":"track","messageId":"1","userId":"u","event":"E","timestamp":"2026-03-15T10:00:00Z","sentAt":"#
        let ahead = try decode(start + #""2026-03-15T10:00:10Z"}"#, options: .network)
        #expect(ahead.time.iso8601 == "2026-03-15T11:59:50.000Z")
        #expect(ahead.warnings == ["clock-corrected"])
        let near = try decode(start + #""2026-03-15T11:55:00Z"}"#, options: .network)
        #expect(near.time.iso8601 == "2026-03-15T10:00:00.000Z" && near.warnings.isEmpty)
        #expect(try decode(start + #""2026-03-15T10:00:10Z"}"#).time.iso8601 == "2026-03-15T10:00:00.000Z")
    }

    @Test func `GA4's names mean the vocabulary's only where messages come as GA4`() throws {
        let text = """
            {"type":"track","messageId":"1","userId":"u","event":"purchase","properties":
             {"transaction_id":"T1","value":5,"coupon":"","items":[{"item_id":"S","item_brand":""}]}}
            """
        var options = MessageDecoder.Options.file
        #expect(try decode(text, options: options).event == "purchase")
        options.isGA4 = true
        let purchase = try decode(text, options: options)
        #expect(purchase.event == "Order Completed")
        #expect(
            JSONValue.object(purchase.properties)
                == ["order_id": "T1", "revenue": 5, "products": [["product_id": "S"]]])
    }

    @Test(.enabled(if: Vectors.arePresent, Comment(rawValue: Vectors.absence)))
    func `every message of the public vectors is taken`() throws {
        let vectors = try Vectors.all()
        #expect(!vectors.isEmpty)
        for vector in vectors {
            for line in vector.lines {
                #expect(throws: Never.self) {
                    try MessageDecoder().decode(Array(line.utf8), receivedAt: received)
                }
            }
        }
    }
}
