import EventModel
import HTTPTypes
import Outbound
import Testing

@testable import Server

struct WebhookRouteTests {
    private let feed = ScriptedFeed()
    private let client = ScriptedClient()
    private let served: Served

    init() throws { served = try Served(feed: feed, outbound: client) }

    private func send(_ method: HTTPRequest.Method, _ path: String, _ body: String = "") async throws -> Served.Answer {
        try await served.send(
            method, "/v1/webhooks" + path, Array(body.utf8), ["Authorization": "Bearer \(served.keys.secret)"])
    }

    private func made(_ body: String = #"{"url":"https://shop.example/hook"}"#) async throws -> String {
        try #require(try await send(.post, "", body)["id"]?.text?.string)
    }

    @Test func `a webhook is made, shown, changed and deleted`() async throws {
        let answer = try await send(
            .post, "", #"{"url":"https://shop.example/hook","description":"CRM","segments":["vip","lapsed_customers"]}"#
        )
        #expect(answer.status == 200)
        let id = try #require(answer["id"]?.text?.string)
        let secret = try #require(answer["secret"]?.text?.string)
        #expect(WebhookSecret(secret)?.bytes.count == 32)

        let shown = try await send(.get, "/\(id)")
        #expect(shown["secret"] == nil && shown["url"] == "https://shop.example/hook" && shown["description"] == "CRM")
        #expect(
            shown["segments"] == ["lapsed_customers", "vip"] && shown["paused"] == false && shown["deadLetters"] == 0)
        #expect(try await send(.get, "")["webhooks"] == .array([shown.json]))

        let changed = try await send(.patch, "/\(id)", #"{"segments":null,"paused":true}"#)
        #expect(changed["segments"] == .null && changed["paused"] == true && changed["pauseReason"] == "asked")
        #expect(changed["description"] == "CRM")
        #expect(try await send(.patch, "/\(id)", #"{"paused":false}"#)["pauseReason"] == .null)

        #expect(try await send(.delete, "/\(id)")["status"] == "deleted")
        #expect(try await send(.get, "/\(id)").code == "unknown-webhook")
        #expect(try await send(.get, "")["webhooks"] == .array([]))
    }

    @Test(arguments: [
        ("{}", "bad-webhook"), ("[]", "invalid-json"), (#"{"url":7}"#, "bad-webhook"),
        (#"{"url":"file:///etc/passwd"}"#, "bad-webhook"), (#"{"url":"http://u:p@a.example/"}"#, "bad-webhook"),
        (#"{"url":"http://a.example/\u0000"}"#, "bad-webhook"),
        (#"{"url":"http://a.example/","segment":"x"}"#, "bad-webhook"),
        (#"{"url":"http://a.example/","segments":[]}"#, "bad-webhook"),
        (#"{"url":"http://a.example/","segments":["No Name"]}"#, "bad-webhook"),
        (#"{"url":"http://a.example/","segments":[7]}"#, "bad-webhook"),
        (#"{"url":"http://a.example/","paused":"yes"}"#, "bad-webhook"),
        (#"{"url":"http://a.example/","after":1.5}"#, "bad-webhook"),
        (#"{"url":"http://a.example/","after":1e300}"#, "bad-webhook"),
        (#"{"url":"http://a.example/","after":11}"#, "bad-position"),
        (#"{"url":"http://a.example/","after":-1}"#, "bad-position"),
        (#"{"url":"http://a.example/","description":"\u0000"}"#, "bad-webhook"),
    ])
    func `a webhook that makes no sense is refused with a code`(body: String, code: String) async throws {
        feed.add("vip", "a")
        let answer = try await send(.post, "", body)
        #expect(answer.status == 400)
        #expect(answer.code == code)
        #expect(try await send(.get, "")["webhooks"] == .array([]))
    }

    @Test func `limits are kept`() async throws {
        func body(_ url: Int, _ description: Int) -> String {
            let start = "http://a.example/"
            let url = start + String(repeating: "x", count: url - start.count)
            return #"{"url":"\#(url)","description":"\#(String(repeating: "é", count: description))"}"#
        }
        let (url, description) = (Limits.urlCharacters.value, Limits.descriptionCharacters.value)
        #expect(try await send(.post, "", body(url, description)).status == 200)
        #expect(try await send(.post, "", body(url + 1, 1)).code == Limits.urlCharacters.code)
        #expect(try await send(.post, "", body(url, description + 1)).code == Limits.descriptionCharacters.code)
        for _ in 1..<Limits.webhooks.value { _ = try await made() }
        let over = try await send(.post, "", #"{"url":"http://a.example/"}"#)
        #expect(over.status == 400 && over.code == Limits.webhooks.code)
    }

    @Test func `a test message is signed, sent once, and answered with what came back`() async throws {
        let id = try await made()
        client.answer { _, _ in OutboundAnswer(.answered, status: 204, milliseconds: 12) }
        let answer = try await send(.post, "/\(id)/test")
        #expect(answer["ok"] == true && answer["status"] == 204 && answer["milliseconds"] == 12)
        let request = try #require(client.requests.last)
        #expect(client.requests.count == 1 && request.field("webhook-signature")?.hasPrefix("v1,") == true)
        #expect(request.field("webhook-id") == answer["message"]?.text?.string)
        #expect(try JSONReader.parse(request.body).object?["type"] == "webhook.test")

        client.answer { _, _ in OutboundAnswer(.addressRefused) }
        let refused = try await send(.post, "/\(id)/test")
        #expect(refused["ok"] == false && refused["status"] == .null && refused["outcome"] == "address-refused")
        let attempts = try await send(.get, "/\(id)/attempts?limit=1")
        #expect(attempts["attempts"]?.elements?.first?.object?["kind"] == "test")
        let next = try #require(attempts["next"]?.decimal?.asInt())
        let rest = try await send(.get, "/\(id)/attempts?after=\(next)")
        #expect(rest["attempts"]?.elements?.count == 1)
        #expect(rest["attempts"]?.elements?.first?.object?["outcome"] == "address-refused")
    }

    @Test func `a secret is replaced and shown once`() async throws {
        let id = try await made()
        let first = try await send(.post, "/\(id)/rotate")
        let second = try await send(.post, "/\(id)/rotate")
        #expect(first["secret"]?.text.flatMap { WebhookSecret($0.string) } != nil)
        #expect(first["secret"] != second["secret"])
        #expect(second["previousValidUntil"] == "2026-09-22T14:13:20.000Z")
    }

    @Test func `changes and dead letters are sent again on demand`() async throws {
        let id = try await made()
        for name in ["a", "b"] { feed.add("vip", name) }
        let replayed = try await send(.post, "/\(id)/replay", #"{"after":0}"#)
        #expect(replayed.status == 200 && replayed["position"] == 0)
        #expect(try await send(.post, "/\(id)/replay", #"{"after":21}"#).code == "bad-position")
        #expect(try await send(.post, "/\(id)/replay", "{}").code == "bad-webhook")
        #expect(try await send(.post, "/\(id)/dead-letters/replay", #"{"all":true}"#)["queued"] == 0)
        #expect(try await send(.post, "/\(id)/dead-letters/replay", #"{"ids":[1,2]}"#)["queued"] == 0)
        for body in ["{}", #"{"all":false}"#, #"{"ids":["1"]}"#, #"{"ids":[1],"all":true}"#] {
            #expect(try await send(.post, "/\(id)/dead-letters/replay", body).code == "bad-choice", "\(body)")
        }
        #expect(try await send(.get, "/\(id)/dead-letters")["deadLetters"] == .array([]))
        #expect(try await send(.get, "/\(id)")["position"] == 20)
        #expect(client.requests.compactMap(\.profile) == ["a", "b"])
    }

    @Test func `everything about webhooks needs a secret key and a webhook that is there`() async throws {
        let calls: [(HTTPRequest.Method, String)] = [
            (.get, ""), (.post, ""), (.get, "/x"), (.patch, "/x"), (.delete, "/x"), (.post, "/x/rotate"),
            (.post, "/x/test"), (.post, "/x/replay"), (.get, "/x/attempts"), (.get, "/x/dead-letters"),
            (.post, "/x/dead-letters/replay"),
        ]
        for (method, path) in calls {
            let write = try await served.send(
                method, "/v1/webhooks" + path, Array(#"{"after":0}"#.utf8), ["Authorization": served.basic])
            #expect(write.status == 403 && write.code == "secret-key-needed", "\(method) \(path)")
            guard !path.isEmpty else { continue }
            let body = path.hasSuffix("s/replay") ? #"{"all":true}"# : path == "/x" ? "{}" : #"{"after":0}"#
            #expect(try await send(method, path, body).code == "unknown-webhook", "\(method) \(path)")
        }
    }
}
