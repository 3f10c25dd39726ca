import EventModel
import EventStore
import HTTPTypes
import Testing

@testable import Server

/// What admins set in the browser.
struct SettingsPageTests {
    // MARK: - Workspace

    @Test func `the zone is chosen while nothing is stored, and holds at once`() async throws {
        let served = try Served()
        let fields = try served.signedIn(try served.user("ann@shop.example", .admin))
        let page = try await served.send(.get, "/settings/workspace", [], fields).page
        #expect(page.contains("value=\"UTC\"") && page.contains("until the first message is stored"))
        let wrong = try await served.form(
            "/settings/workspace", ["name": "Shop/1", "zone": "Nowhere", "currency": "euro"], fields)
        #expect(
            wrong.status == 422 && wrong.page.contains("value=\"Nowhere\"") && wrong.page.contains("value=\"euro\""))
        for id in ["name-wrong", "zone-wrong", "currency-wrong"] { #expect(wrong.page.contains("id=\"\(id)\"")) }
        #expect(served.store.settings.zone == .utc)
        let saved = try await served.form(
            "/settings/workspace", ["name": "Fish & Co", "zone": "Europe/Berlin", "currency": "eur"], fields)
        #expect(saved.headers[.location] == "/settings/workspace?saved")
        #expect(served.store.settings.zone.identifier == "Europe/Berlin" && served.store.settings.baseCurrency == "EUR")
        let settings = try await served.send(.get, "/settings", [], fields).page
        #expect(try await served.send(.get, "/segments", [], fields).page.contains("workspace\">Fish &amp; Co<"))
        #expect(settings.contains("Fish &amp; Co") && settings.contains("Europe/Berlin") && settings.contains("EUR"))
        #expect(
            try served.actions().suffix(3) == ["workspace-renamed", "zone-changed", "currency-changed"])
    }

    @Test func `with messages the zone stays, and another currency is confirmed`() async throws {
        let shop = try await Shop(.admin)
        let page = try await shop.page("/settings/workspace").page
        #expect(page.contains("It stays what it is") && !page.contains("name=\"zone\""))
        let asked = try await shop.form("/settings/workspace", ["zone": "Europe/Berlin", "currency": "USD"])
        #expect(asked.status == 422 && asked.page.contains("id=\"confirm-wrong\""))
        #expect(shop.served.store.settings.baseCurrency == nil)
        let saved = try await shop.form(
            "/settings/workspace", ["zone": "Europe/Berlin", "currency": "USD", "confirm": "yes"])
        #expect(saved.status == 303)
        #expect(shop.served.store.settings.baseCurrency == "USD" && shop.served.store.settings.zone == .utc)
        #expect(try await shop.page("/settings").page.contains("USD"))
        #expect(try await shop.page("/segments/buyers/members").status == 200)
    }

    // MARK: - Keys

    @Test func `a key is shown once, works at once, and is refused as soon as it is disabled`() async throws {
        let shop = try await Shop(.admin)
        let made = try await shop.form("/settings/keys", ["name": "Ware <house>", "kind": "secret"])
        let text = try #require(made.page.firstMatch(of: /id="once"[^>]*>(shoal_sk_[a-z0-9]+)</)?.output.1)
        let page = try await shop.page("/settings/keys").page
        #expect(page.contains("Ware &lt;house&gt;") && !page.contains(text) && page.contains(text.prefix(13)))
        let bearer = ["Authorization": "Bearer \(text)"]
        #expect(try await shop.served.send(.get, "/v1/segments", [], bearer).status == 200)
        let key = try #require(shop.served.server.keys.key(String(text)))
        #expect(try await shop.form("/settings/keys/\(key.id)", [:]).headers[.location] == "/settings/keys?disabled")
        #expect(try await shop.served.send(.get, "/v1/segments", [], bearer).code == "key-disabled")
        let entries = try shop.served.server.users.audit.entries(after: 0, limit: 100).suffix(2)
        #expect(entries.map(\.action) == ["key-made", "key-disabled"])
        #expect(entries.allSatisfy { $0.actor == "ann@shop.example" })
        #expect(try await shop.form("/settings/keys/0123456789abcdef", [:]).status == 404)
    }

    @Test(arguments: ["", "import/event-log", String(repeating: "x", count: 101), "a\u{202E}b"])
    func `names that keys cannot have are refused beside the field, and stay`(name: String) async throws {
        let shop = try await Shop(.admin)
        let before = shop.served.server.keys.all.count
        let answer = try await shop.form("/settings/keys", ["name": name, "kind": "write"])
        #expect(answer.status == 422 && answer.page.contains("id=\"name-wrong\""))
        #expect(answer.page.contains("value=\"\(name)\""))
        #expect(shop.served.server.keys.all.count == before)
    }

    @Test func `an admin's session looks after keys over the API, and no key does`() async throws {
        let shop = try await Shop(.admin)
        func send(_ method: HTTPRequest.Method, _ path: String, _ body: String = "") async throws -> Served.Answer {
            try await shop.served.send(method, path, Array(body.utf8), try shop.fields())
        }
        let made = try await send(.post, "/v1/keys", #"{"name": "app", "kind": "write"}"#)
        let text = try #require(made["key"]?.text?.string)
        let id = try #require(made["id"]?.text?.string)
        #expect(try await send(.get, "/v1/keys")["keys"]?.elements?.count == 3)
        let body = #"{"event": "E", "userId": "u"}"#
        #expect(try await shop.served.post("/v1/track", body, ["Authorization": "Bearer \(text)"]).status == 200)
        #expect(try await send(.post, "/v1/keys/\(id)/disable")["disabled"] == true)
        #expect(try await shop.served.post("/v1/track", body, ["Authorization": "Bearer \(text)"]).status == 401)
        for wrong in [
            "{}", #"{"name": "x"}"#, #"{"name": "import/x", "kind": "write"}"#, #"{"name": 7, "kind": "write"}"#,
            #"{"name": "x", "kind": "write", "more": 1}"#, #"{"name": "x", "kind": "root"}"#,
        ] {
            #expect(try await send(.post, "/v1/keys", wrong).code == "bad-key", "\(wrong)")
        }
        #expect(try await send(.post, "/v1/keys/none/disable").code == "unknown-key")
        let secret = ["Authorization": "Bearer \(shop.served.keys.secret)"]
        #expect(try await shop.served.send(.post, "/v1/keys", Array(body.utf8), secret).code == "session-needed")
    }

    // MARK: - Backups

    @Test func `when the last backup was made is told, and an old one warned of`() async throws {
        let shop = try await Shop()
        #expect(try await shop.page("/settings").page.contains("No backup of this store is known"))
        var made = shop.served.clock.now()
        func note(_ path: String, verified: Timestamp?) throws {
            try shop.served.server.records.note(
                BackupRecord(path: path, made: made, files: 3, bytes: 2_048, messages: 7, verified: verified))
        }
        try note("/backups/<b>1", verified: nil)
        var page = try await shop.page("/settings").page
        #expect(page.contains("/backups/&lt;b&gt;1") && page.contains("not verified") && page.contains("7 messages"))
        #expect(!page.contains("older than a week"))
        shop.served.clock.advance(milliseconds: 7 * 86_400_000 + 1)
        #expect(try await shop.page("/settings").page.contains("older than a week"))
        made = shop.served.clock.now()
        for number in 2..<120 { try note("/backups/\(number)", verified: made) }
        page = try await shop.page("/settings").page
        #expect(page.contains("/backups/119") && page.contains(">verified<") && !page.contains("older than a week"))
    }
}
