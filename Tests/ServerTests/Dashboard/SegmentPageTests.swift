import EventModel
import HTTPTypes
import Membership
import Testing

@testable import Server

struct SegmentPageTests {
    @Test func `the board has sizes, shares of revenue, and what is odd`() async throws {
        let shop = try await Shop(.viewer)
        let answer = try await shop.page("/segments")
        #expect(answer.status == 200)
        let page = answer.page
        #expect(page.contains("4 segments of 3 profiles"))
        let rows = page.split(separator: "<tr>").map(String.init)
        let buyers = try #require(rows.first { $0.contains("href=\"/segments/buyers\"") })
        // Two of three, with all of the revenue; another one has the same members.
        #expect(buyers.contains(">2<") && buyers.contains("66.7 %") && buyers.contains("100.0 %"))
        #expect(buyers.contains("same as shoppers") && buyers.contains("+2"))
        let again = try #require(rows.first { $0.contains("href=\"/segments/again\"") })
        #expect(again.contains("33.3 %") && again.contains("14.3 %"), "50 of 350")
        #expect(try #require(rows.first { $0.contains("/segments/nobody") }).contains("empty"))
        #expect(!page.contains("/segments/new"), "a viewer makes none")
        #expect(try await Shop(.editor).page("/segments").page.contains("href=\"/segments/new\""))
    }

    @Test func `a segment's page has its text, its history, its people and its versions`() async throws {
        let shop = try await Shop()
        let page = try await shop.page("/segments/buyers").page
        #expect(page.contains("<h1>Buyers</h1>") && page.contains("did &quot;Order Completed&quot;"))
        #expect(page.contains("role=\"img\" aria-label=\"Members of Buyers over the last year\""))
        #expect(page.contains("Members every 30 days") && page.contains("Version 1"))
        #expect(page.contains("<span>Fish</span><span class=\"number\">3</span>"), "items of orders")
        #expect(page.contains("<span>DE</span><span class=\"number\">1</span>"))
        #expect(page.contains("href=\"/segments/shoppers\"") && page.contains("100.0 %"))
        #expect(page.contains("Why they came in") && page.contains("<span>Order Completed</span>"))
        #expect(page.contains("GET /v1/segments/buyers/members"))
        #expect(page.contains("href=\"/segments/buyers/edit\""))
        let missing = try await shop.page("/segments/none")
        #expect(missing.status == 404 && missing.page.contains("There is nothing here"))
        #expect(missing.page.contains("aria-label=\"Main\""), "the way on is there")
    }

    @Test func `members are found by a part of what they are called`() async throws {
        let shop = try await Shop()
        let all = try await shop.page("/segments/buyers/members").page
        let (ada, bob) = (try #require(all.firstRange(of: ">ada<")), try #require(all.firstRange(of: ">bob<")))
        #expect(bob.lowerBound < ada.lowerBound, "300 goes before 50")
        #expect(all.contains("Ada &lt;b&gt;&amp;") && all.contains("1 to 2 of 2"))
        for asked in ["AD", "ada%40SHOP", "%3Cb%3E"] {
            let found = try await shop.page("/segments/buyers/members?q=\(asked)").page
            #expect(found.contains(">ada<") && !found.contains(">bob<"), "\(asked)")
        }
        #expect(try await shop.page("/segments/buyers/members?q=zed").page.contains("No member has “zed”"))
        #expect(try await shop.page("/segments/buyers/members?page=9").page.contains("Nobody") == true)
        #expect(try await shop.page("/segments/buyers/members?page=x").status == 400)
    }

    @Test func `members are a file that no spreadsheet takes for formulas`() async throws {
        let shop = try await Shop()
        try await shop.order("=1+1", 7)
        let answer = try await shop.page("/segments/buyers/members.csv")
        #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"buyers.csv\"")
        let lines = answer.page.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "profile_id,name,email,net_orders,net_revenue,last_seen" && lines.count == 4)
        #expect(lines.contains { $0.hasPrefix("ada,Ada <b>&,ada@shop.example,2,50,2026-") })
        #expect(lines.contains { $0.hasPrefix("\"'=1+1\",") })
    }

    @Test func `who came and who left is told by day and cause`() async throws {
        let shop = try await Shop()
        shop.served.definitions.put(#"segment recent "Recent": did "Order Completed" in last 2 days"#)
        try await shop.served.server.segments.load()
        shop.served.clock.advance(milliseconds: 3 * 86_400_000)
        try await shop.served.server.segments.memberships.catchUp()
        let page = try await shop.page("/segments/recent").page
        #expect(
            page.contains("Why they left") && page.contains("<span>time alone</span><span class=\"number\">2</span>"))
        #expect(page.contains("The newest changes"))
    }
}
