import Dashboard
import EventModel
import EventStore
import Foundation
import HTTPTypes
import Membership
import Testing

@testable import Server

/// Importing a file by dropping it into a page.
struct ImportPageTests {
    static let orders = """
        order_id,customer_id,order_date,amount,currency,color
        o-1,ada,2026-01-05,30,EUR,red
        o-2,eve,2026-01-06,70,EUR,blue
        o-3,eve,2026-01-07,oops,EUR,blue

        """

    @Test func `a file is looked at, imported, and accounted for; the same again stores nothing`() async throws {
        let shop = try await Shop()
        let path = try await shop.uploaded("Orders 2026.csv", Self.orders)
        #expect(path.hasPrefix("/data/import/"))
        let look = try await shop.page(path)
        #expect(look.status == 200 && look.page.contains("<h1>Orders 2026.csv</h1>"))
        #expect(look.page.contains("Order list (one row per order)") && look.page.contains("As recognised: order<"))
        #expect(look.page.contains("As recognised: property color") && look.page.contains(">times<"))
        #expect(
            look.page.contains("Order Completed") && look.page.contains(">eve<") && look.page.contains("bad-number"))
        #expect(try shop.served.messages().count == 5, "nothing is stored yet")

        let over = try await shop.imported(path)
        #expect(over.page.contains("complete") && over.page.contains("href=\"\(path)/rejects\""))
        #expect(over.page.contains("<dt>Stored</dt><dd>2</dd>") && over.page.contains("<dt>Rejected</dt><dd>1</dd>"))
        #expect(try shop.served.messages().count == 7)
        try await shop.served.server.segments.memberships.catchUp()
        #expect(try await shop.page("/segments/buyers/members").page.contains(">eve<"), "memberships followed")
        let rejects = try await shop.page("\(path)/rejects")
        #expect(rejects.status == 200 && rejects.json.object?["code"] == "bad-number")
        #expect(rejects.headers[.contentDisposition]?.hasPrefix("attachment") == true)

        let again = try await shop.imported(try await shop.uploaded("other name.csv", Self.orders))
        #expect(
            again.page.contains("<dt>Stored</dt><dd>0</dd>") && again.page.contains("<dt>There already</dt><dd>2</dd>"))
        #expect(try shop.served.messages().count == 7)
        let list = try await shop.page("/data/import").page
        #expect(
            list.contains("Orders 2026.csv") && list.contains("other name.csv") && list.contains("ann@shop.example"))
        #expect(try shop.served.actions().filter { $0 == "file-imported" }.count == 2)
        #expect(shop.spooled == [], "what was sent is gone")
    }

    @Test func `columns nobody knows are chosen, and what was typed stays`() async throws {
        let shop = try await Shop()
        let path = try await shop.uploaded(
            "umsatz.csv", "Kundennummer;Tag;Betrag;Notiz\n17;05.01.2026;12,50;x\n18;25.01.2026;1.300,00;y\n")
        let first = try await shop.page(path).page
        #expect(first.contains("cannot be imported like this") && first.contains("unknown-header"))
        #expect(!first.contains("value=\"import\""), "there is nothing to be imported yet")
        #expect(first.contains("<option value=\"time\" selected>"), "what could be guessed is chosen")

        let wrong = try await shop.form(
            path, ["kind": "orders", "c0": "customer", "c1": "customer", "zone": "Nowhere", "currency": "euro"])
        #expect(wrong.status == 422)
        for text in [
            "“Kundennummer” is that already", "There is no such zone", "Use three letters", "value=\"Nowhere\"",
        ] {
            #expect(wrong.page.contains(text), "\(text)")
        }
        #expect(wrong.page.contains("<option value=\"orders\" selected>"))
        let values: KeyValuePairs = [
            "kind": "orders", "c0": "customer", "c1": "time", "c2": "amount", "c3": "ignore", "currency": "eur",
        ]
        let right = try await shop.form(path, values)
        #expect(
            right.status == 200 && right.page.contains("Order list (one row per order)")
                && right.page.contains("value=\"import\""))
        #expect(right.page.contains("currency EUR") && right.page.contains("decimal comma"))
        #expect(right.page.contains("day/month/year") && !right.page.contains("Notiz&quot;"))
        let over = try await shop.imported(
            path,
            [
                "kind": "orders", "c0": "customer", "c1": "time", "c2": "amount", "c3": "ignore", "currency": "eur",
                "do": "import",
            ])
        #expect(over.page.contains("<dt>Stored</dt><dd>2</dd>") && over.page.contains("revenue 1,312.50"))
        let message = try #require(try shop.served.messages().last)
        #expect(message.properties["revenue"]?.numeric == 1300 && message.properties["Notiz"] == nil)
    }

    @Test(
        arguments: [
            ("empty.csv", [], 422, "“empty.csv” is empty"),
            ("", Array("a,b\n".utf8), 422, "Choose a file first"),
        ] as [(String, [UInt8], Int, String)])
    func `what is no file is refused beside the field`(name: String, bytes: [UInt8], status: Int, words: String)
        async throws
    {
        let shop = try await Shop()
        let answer = try await shop.upload(name, bytes)
        #expect(answer.status == status && answer.page.contains(words), "\(answer.page.suffix(3_000))")
        #expect(answer.page.contains("id=\"file-wrong\"") && answer.page.contains("aria-invalid=\"true\""))
        #expect(answer.page.contains("<title>Error: "))
        #expect(shop.spooled == [])
        #expect(try await shop.page("/data/import").page.contains("Earlier files") == false, "it left no trace")
    }

    @Test(
        arguments: [
            ("book.xlsx", Array("PK\u{3}\u{4}whatever".utf8), "not-a-text-file", "a zip archive or a workbook"),
            (
                "picture.png", [0x89, 0x50, 0x4E, 0x47] + Array(repeating: 0, count: 600), "not-a-text-file",
                "binary data"
            ),
            ("utf16.csv", [0xFF, 0xFE, 0x61, 0x00, 0x2C, 0x00], "not-a-text-file", "UTF-16"),
            ("array.json", Array("[{\"type\": \"track\"}]".utf8), "bad-header", "one JSON object a line"),
            (
                "pipes.csv", Array("order_id|customer_id|date|amount\n1|2|2026-01-01|3\n".utf8), "unknown-header",
                "one column"
            ),
            ("few.csv", Array("customer_id,amount\n1,2\n".utf8), "unknown-header", "missing"),
            (
                "dates.csv", Array("order_id,customer_id,date,amount\n1,2,01/02/2026,3\n".utf8), "ambiguous-dates",
                "01/02/2026"
            ),
            ("bad.csv", Array("order_id,customer_id,date,amount\n1,2,never,3\n".utf8), "nothing-readable", "line 2"),
            ("half.gz", [0x1F, 0x8B, 0x08, 0x00, 0x01], "damaged-gzip", "Fetch it again"),
        ] as [(String, [UInt8], String, String)])
    func `a file that cannot be imported says why and what would help`(
        name: String, bytes: [UInt8], code: String, words: String
    ) async throws {
        let shop = try await Shop()
        let path = try #require(try await shop.upload(name, bytes).headers[.location])
        let page = try await shop.page(path).page
        #expect(page.contains("[\(code)]") && page.contains(words), "\(page.suffix(6_000))")
        #expect(!page.contains("/uploads/"), "where it lies is nobody's business")
        #expect(!page.contains("--map") && !page.contains("--as"), "there is no command line here")
        #expect(!page.contains("value=\"import\""))
        #expect(try await shop.form(path, ["do": "import"]).headers[.location] == nil)
        #expect(try await shop.form(path, ["do": "discard"]).headers[.location] == "/data/import")
        #expect(try await shop.page(path).status == 404 && shop.spooled == [])
    }

    @Test func `dates that may be either way are chosen`() async throws {
        let shop = try await Shop()
        let path = try await shop.uploaded("d.csv", "order_id,customer_id,date,amount\n1,zoe,01/02/2026,3\n")
        _ = try await shop.imported(path, ["k-date_format": "dmy", "do": "import"])
        #expect(try shop.served.messages().last?.time == Timestamp(iso8601: "2026-02-01T00:00:00Z", zone: .utc))
    }

    @Test func `viewers, strangers and other sites send no files`() async throws {
        let viewer = try await Shop(.viewer)
        #expect(try await viewer.upload("o.csv", Self.orders).status == 403)
        #expect(try await viewer.page("/data/import").status == 403)
        #expect(try await viewer.page("/data").page.contains("/data/import") == false)
        let shop = try await Shop()
        #expect(try await shop.page("/data").page.contains("href=\"/data/import\""))
        for origin in ["http://evil.example", "null"] {
            var fields = try shop.fields()
            fields["Origin"] = origin
            #expect(try await shop.upload("o.csv", Array(Self.orders.utf8), fields).status == 403)
        }
        var fields = try shop.fields()
        fields["Origin"] = nil
        #expect(try await shop.upload("o.csv", Array(Self.orders.utf8), fields).status == 403)
        let nobody = try await shop.upload("o.csv", Array(Self.orders.utf8), ["Origin": "http://shop.example"])
        #expect(nobody.headers[.location] == "/login?unsaved")
        #expect(try await shop.served.get("/login?unsaved", cookie: nil).page.contains("was not saved"))
        #expect(shop.spooled == [])
        #expect(try shop.served.messages().count == 5)
    }

    @Test func `only so many files wait, and only one is imported at a time`() async throws {
        let shop = try await Shop()
        var paths: [String] = []
        for number in 0..<Limits.uploads.value {
            paths.append(try await shop.uploaded("\(number).csv", Self.orders))
        }
        #expect(Set(paths).count == Limits.uploads.value)
        let more = try await shop.upload("9.csv", Self.orders)
        #expect(more.status == 409 && more.page.contains("8 files wait already"))
        _ = try await shop.form(paths[0], ["do": "discard"])
        #expect(try await shop.upload("9.csv", Self.orders).status == 303)
        #expect(shop.spooled.count == Limits.uploads.value)
    }

    @Test func `a start removes what a process left behind, and says what broke off`() async throws {
        let shop = try await Shop()
        let path = try await shop.uploaded("o.csv", Self.orders)
        let imports = shop.served.server.imports
        let id = try #require(Int64(path.split(separator: "/").last ?? ""))
        #expect(shop.spooled == ["\(id)"])
        try imports.records.begin(id)
        // As a kill leaves it: another server over the same database.
        try imports.records.settle()
        imports.spool.clear()
        #expect(shop.spooled == [])
        let account = try #require(try imports.records.account(id))
        #expect(account.state == .broken && account.ended != nil)
        imports.discard(id)
    }

    @Test func `an import is stopped safely, and the same file goes on from there`() async throws {
        let shop = try await Shop()
        var text = "event,customer_id,timestamp,n\n"
        for number in 0..<30_000 { text += "Viewed,c\(number % 900),2026-01-01T00:00:00Z,\(number)\n" }
        let path = try await shop.uploaded("log.csv", text)
        let id = try #require(Int64(path.split(separator: "/").last ?? ""))
        let imports = shop.served.server.imports
        #expect(try await shop.form(path, ["do": "import"]).status == 303)
        _ = try await shop.form(path, ["do": "stop"])
        await imports.finish()
        let stopped = try #require(try imports.records.account(id))
        #expect(stopped.state == .interrupted || stopped.state == .complete)
        let page = try await shop.page(path).page
        #expect(page.contains("It was stopped") == (stopped.state == .interrupted))
        let before = try shop.served.store.info().messages
        #expect(before == 5 + stopped.count("stored"))
        _ = try await shop.imported(try await shop.uploaded("log.csv", text))
        #expect(try shop.served.store.info().messages == 30_005)
    }

    @Test func `messages are taken while a file is imported`() async throws {
        let shop = try await Shop()
        var text = "event,customer_id,timestamp,n\n"
        for number in 0..<20_000 { text += "Viewed,c\(number % 900),2026-01-01T00:00:00Z,\(number)\n" }
        let path = try await shop.uploaded("log.csv", text)
        #expect(try await shop.form(path, ["do": "import"]).status == 303)
        let running = try await shop.page(path)
        #expect(running.status == 200)
        var sent = 0
        while shop.served.server.imports.runningID != nil, sent < 2_000 {
            #expect(
                try await shop.served.post("/v1/track", #"{"event": "Meanwhile", "userId": "m\#(sent)"}"#).status == 200
            )
            sent += 1
        }
        await shop.served.server.imports.finish()
        try await shop.served.server.segments.memberships.catchUp()
        #expect(try shop.served.store.info().messages == 20_005 + sent)
    }

    @Test func `a program imports a file with a key, and asks how far it is`() async throws {
        let shop = try await Shop()
        let key = ["Authorization": "Bearer \(shop.served.keys.secret)"]
        let path = "/v1/imports?name=o.csv&currency=usd&map=amount%3Damount%0Aignore%3Dcolor"
        let answer = try await shop.served.send(.post, path, Array(Self.orders.utf8), key)
        #expect(answer.status == 200 && answer["name"] == "o.csv", "\(answer.json)")
        await shop.served.server.imports.finish()
        let id = answer["id"]?.decimal?.asInt() ?? 0
        let one = try await shop.served.send(.get, "/v1/imports/\(id)", [], key)
        #expect(one["state"] == "complete" && one["by"] == "server")
        #expect(one["result"]?.object?["stored"] == .count(2))
        #expect(try await shop.served.send(.get, "/v1/imports", [], key)["imports"]?.elements?.count == 1)
        #expect(try shop.served.messages().last?.properties["color"] == nil)
        for (query, body, status, code) in [
            ("as=what", Self.orders, 400, "bad-parameter"), ("zone=Nowhere", Self.orders, 400, "bad-parameter"),
            ("", "a,b\n1,2\n", 422, "unknown-header"), ("map=what%3Dcolor", Self.orders, 422, "bad-mapping"),
            ("", "", 422, "empty-file"),
        ] {
            let refused = try await shop.served.send(.post, "/v1/imports?\(query)", Array(body.utf8), key)
            #expect(refused.status == status && refused.code == code, "\(query): \(refused.json)")
        }
        #expect(try await shop.served.send(.get, "/v1/imports/999", [], key).code == "unknown-import")
        #expect(shop.spooled == [])
    }
}

extension Shop {
    /// The files that lie in the data directory and wait.
    var spooled: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: served.server.imports.spool.folder)) ?? []).sorted()
    }
}
