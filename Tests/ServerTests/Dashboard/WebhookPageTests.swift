import EventModel
import HTTPTypes
import Outbound
import Testing

@testable import Server

/// Webhooks in the browser.
struct WebhookPageTests {
    private let client = ScriptedClient()
    private let served: Served
    private let user: User

    init() async throws {
        served = try Served(feed: ScriptedFeed(), outbound: client)
        served.definitions.put(#"segment buyers: did "Order Completed""#)
        try await served.server.segments.load()
        user = try served.user("ann@shop.example", .admin)
    }

    private func form(_ path: String, _ values: KeyValuePairs<String, String>) async throws -> Served.Answer {
        try await served.form(path, values, try served.signedIn(user))
    }

    private func page(_ path: String) async throws -> String {
        try await served.send(.get, path, [], try served.signedIn(user)).page
    }

    private func made() async throws -> (path: String, secret: String) {
        let answer = try await form(
            "/settings/webhooks",
            ["url": "https://crm.example/a?b=c&d", "description": "CRM <b>", "segments": "buyers"])
        let id = try #require(answer.page.firstMatch(of: /<code>(wh_[a-z0-9]+)</)?.output.1)
        let secret = try #require(answer.page.firstMatch(of: /id="once"[^>]*>(whsec_[^<]+)</)?.output.1)
        return ("/settings/webhooks/\(id)", String(secret))
    }

    @Test func `a webhook is made, shown, changed, paused and removed`() async throws {
        #expect(try await page("/settings/webhooks").contains("No webhooks yet"))
        let (path, secret) = try await made()
        let shown = try await page(path)
        #expect(shown.contains("https://crm.example/a?b=c&amp;d") && shown.contains("CRM &lt;b&gt;"))
        #expect(!shown.contains(secret), "it was shown once")
        #expect(try await page("/settings/webhooks").contains("href=\"\(path)\""))
        #expect(try await page("/settings").contains("href=\"\(path)\""))

        let changed = try await form(path, ["do": "change", "url": "https://crm.example/b", "segments": ""])
        #expect(
            changed.status == 200 && changed.page.contains("https://crm.example/b")
                && changed.page.contains("<dd>all</dd>"))
        #expect(try await form(path, ["do": "pause"]).page.contains("Somebody paused it"))
        #expect(try await form(path, ["do": "resume"]).page.contains(">sending<"))
        let rotated = try await form(path, ["do": "rotate"]).page
        #expect(rotated.contains("whsec_") && !rotated.contains(secret))
        let asked = try await form(path, ["do": "delete"])
        #expect(asked.status == 422 && asked.page.contains("id=\"confirm-wrong\""))
        #expect(try await form(path, ["do": "replay"]).page.contains("id=\"confirm-replay-wrong\""))
        #expect(try await form(path, ["do": "replay", "confirm-replay": "yes"]).status == 200)
        #expect(
            try await form(path, ["do": "delete", "confirm": "yes"]).headers[.location] == "/settings/webhooks?removed")
        #expect(try await form(path, ["do": "pause"]).status == 404)
        #expect(
            try served.actions().filter { $0.hasPrefix("webhook-") } == [
                "webhook-made", "webhook-changed", "webhook-changed", "webhook-changed", "webhook-secret-replaced",
                "webhook-replayed", "webhook-deleted",
            ])
    }

    @Test(arguments: [
        ("ftp://x", "", "url-wrong"), ("", "", "url-wrong"),
        ("https://a.example/\(String(repeating: "x", count: 2_100))", "", "url-wrong"),
        ("https://a.example", "nobody_knows", "segments-wrong"), ("https://a.example", "buyers <b>", "segments-wrong"),
    ]) func `what cannot be is refused beside its field, and stays`(url: String, segments: String, id: String)
        async throws
    {
        for path in ["/settings/webhooks", try await made().path] {
            let answer = try await form(
                path, ["do": "change", "url": url, "segments": segments, "description": "typed & kept"])
            #expect(answer.status == 422 && answer.page.contains("id=\"\(id)\""), "\(path)")
            #expect(answer.page.contains("typed &amp; kept"))
        }
        #expect(try await served.server.webhooks.entries().count == 1)
    }

    @Test func `a test message says what came back, and stands among the deliveries`() async throws {
        let path = try await made().path
        client.answer(status: 503)
        let refused = try await form(path, ["do": "test"])
        #expect(refused.status == 422 && refused.page.contains("answered 503") && refused.page.contains(">503<"))
        client.answer(status: 200)
        let taken = try await form(path, ["do": "test"])
        #expect(taken.status == 200 && taken.page.contains("answered 200") && taken.page.contains(">200<"))
    }
}
