import EventModel
import HTTPTypes
import Testing

@testable import Server

struct ProfilePageTests {
    @Test func `a profile's page tells its story`() async throws {
        let shop = try await Shop()
        let page = try await shop.page("/profiles/ada").page
        #expect(page.contains("<h1>Ada &lt;b&gt;&amp;</h1>") && page.contains("a known customer"))
        #expect(page.contains("href=\"/segments/again\"") && page.contains("href=\"/profiles/ada/why/again\""))
        #expect(page.contains("<dt>country</dt><dd>DE</dd>") && page.contains("ada-20"))
        #expect(page.contains("<dt title=\"spent\">Spent</dt><dd>50</dd>"))
        #expect(page.contains("order_id ada-30, revenue 30"))
        #expect(page.contains("Nothing was said about consent."))
        #expect(!page.contains("Erase"), "an editor does not")
        #expect(try await shop.page("/profiles/zed").status == 404)
    }

    @Test func `the timeline comes in pages, and of one event alone`() async throws {
        let shop = try await Shop()
        for number in 0..<60 {
            shop.served.clock.advance(milliseconds: 1_000)
            try await shop.track(
                #"{"event": "Product Viewed", "userId": "cy", "properties": {"product_id": "n\#(number)"}}"#)
        }
        let first = try await shop.page("/profiles/cy").page
        #expect(first.contains("product_id n59") && !first.contains("product_id n9<"))
        #expect(first.contains("href=\"/profiles/cy?skip=50#timeline\"") && first.contains("11 older messages"))
        let second = try await shop.page("/profiles/cy?skip=50").page
        #expect(
            second.contains("product_id n9<") && !second.contains("product_id n59") && !second.contains("older message")
        )
        try await shop.order("cy", 5)
        let orders = try await shop.page("/profiles/cy?event=Order%20Completed").page
        #expect(orders.contains("order_id cy-5") && !orders.contains("product_id n59"))
        #expect(orders.contains("<option value=\"Order Completed\" selected>"))
    }

    @Test func `visits and answers of the person are told, as the engine counts them`() async throws {
        let shop = try await Shop()
        func view(after minutes: Int64, _ event: String = "Product Viewed") async throws {
            shop.served.clock.advance(milliseconds: minutes * 60_000)
            try await shop.track(
                """
                {"event": "\(event)", "userId": "dora", "properties": {"product_id": "p1"},
                 "context": {"page": {"referrer": "https://search.example/?q=fish"}}}
                """)
        }
        // Thirty minutes are one visit, a millisecond more another; what is no browsing makes none.
        try await view(after: 0)
        try await view(after: 30)
        try await view(after: 20, "Cart Viewed")
        shop.served.clock.advance(milliseconds: 1)
        try await view(after: 30)
        try await view(after: 90, "Order Refunded")
        try await shop.track(
            #"{"event": "Survey Answered", "userId": "dora", "properties": {"survey": "NPS", "score": 9, "comment": "Good <b>fish"}}"#
        )
        let page = try await shop.page("/profiles/dora").page
        #expect(page.contains("<dt>Visits</dt><dd>2</dd>"), "as the metric counts them")
        #expect(page.contains("<h2>Visits</h2>") && page.contains("Product Viewed 2, Cart Viewed"))
        #expect(page.contains("from search.example") && page.contains(">50 min<") && page.contains("a moment"))
        #expect(page.contains("<h2>Satisfaction</h2>") && page.contains("Good &lt;b&gt;fish") && page.contains(">9<"))
        let other = try await shop.page("/profiles/bob").page
        #expect(!other.contains("<h2>Visits</h2>") && !other.contains("<h2>Satisfaction</h2>"))
    }

    @Test func `why somebody is in a segment is told by condition`() async throws {
        let shop = try await Shop()
        let member = try await shop.page("/profiles/ada/why/again").page
        #expect(member.contains("ada is in Buyers again") && member.contains("found 2 times"))
        let other = try await shop.page("/profiles/bob/why/again").page
        #expect(other.contains("bob is not in Buyers again") && other.contains("does not hold: "))
        #expect(try await shop.page("/profiles/ada/why/none").status == 404)
        #expect(try await shop.page("/profiles/zed/why/again").status == 404)
    }

    @Test func `people are found by any id and by parts of names and addresses`() async throws {
        let shop = try await Shop()
        let all = try await shop.page("/profiles").page
        #expect(all.contains(">ada<") && all.contains(">bob<") && all.contains("Who was here last"))
        let exact = try await shop.page("/profiles?q=bob")
        #expect(exact.status == 303 && exact.headers[.location] == "/profiles/bob")
        let part = try await shop.page("/profiles?q=SHOP.exam").page
        #expect(part.contains(">ada<") && !part.contains(">bob<"))
        #expect(try await shop.page("/profiles?q=ada+%3Cb").page.contains(">ada<"), "as forms send blanks")
        #expect(try await shop.page("/profiles?q=zed").page.contains("Nobody has “zed”"))
    }

    @Test func `only an admin takes along or erases what there is of somebody, and not by a slip`() async throws {
        let editor = try await Shop(.editor)
        #expect(try await editor.page("/profiles/ada/export").status == 403)
        #expect(try await editor.form("/profiles/ada/erase", ["confirmation": "ada"]).status == 403)
        let admin = try await Shop(.admin)
        let slip = try await admin.form("/profiles/ada/erase", ["confirmation": "adam"])
        #expect(slip.status == 422 && slip.page.contains("Nothing was erased"))
        #expect(try await admin.page("/profiles/ada").status == 200)
    }

    @Test func `an id may be any text`() async throws {
        let shop = try await Shop()
        let id = "a/b?c=\"<i>\" é"
        try await shop.track(
            JSONWriter.text(of: .object([("event", "E"), ("userId", .text(id)), ("properties", .object([]))])))
        let list = try await shop.page("/profiles").page
        let path = "/profiles/a%2Fb%3Fc%3D%22%3Ci%3E%22%20%C3%A9"
        #expect(list.contains("href=\"\(path)\""))
        let page = try await shop.page(path)
        #expect(page.status == 200 && page.page.contains("a/b?c=&quot;&lt;i&gt;&quot; é"))
        #expect(try await shop.page("/v1/profiles/a%2Fb%3Fc%3D%22%3Ci%3E%22%20%C3%A9")["id"] == .text(id))
        for path in ["/profiles/%", "/profiles/%zz", "/profiles/%ff", "/v1/profiles/%+1"] {
            #expect(try await shop.page(path).status == 400, "\(path)")
        }
    }
}
