import EventModel
import HTTPTypes
import Testing

@testable import Server

struct OverviewTests {
    @Test func `the start page has the last days beside those before`() async throws {
        let shop = try await Shop(.viewer)
        shop.served.definitions.put(#"segment visitors "Visitors": not in segment buyers"#)
        try await shop.served.server.segments.load()
        shop.served.clock.advance(milliseconds: 40 * 86_400_000)
        try await shop.order("ada", 150)
        try await shop.order("dan", 25)
        let page = try await shop.page("/").page
        // 175 after 350; two orders after three; ada returned, dan is new.
        #expect(page.contains("<dt>Revenue</dt><dd>175.00</dd><dd><span class=\"bad\">−50.0 %</span>"))
        #expect(page.contains("<dt>Orders</dt><dd>2</dd><dd><span class=\"bad\">−33.3 %</span>"))
        #expect(page.contains("<dt>Average order</dt><dd>87.50</dd>"))
        #expect(
            page.contains("<dt>First-time buyers</dt><dd>1</dd>")
                && page.contains("<dt>Returning buyers</dt><dd>1</dd>"))
        #expect(page.contains("<dt>Active shoppers</dt><dd>2</dd>"))
        #expect(
            page.contains("href=\"/segments/visitors\"")
                && page.contains("<span>Fish</span><span class=\"number\">2</span>"))
        #expect(page.contains("aria-label=\"Revenue by day over the last 30 days\""))
    }

    @Test func `an empty store says what to do`() async throws {
        let served = try Served()
        let page = try await served.send(.get, "/", [], served.signedIn(served.user("ann@shop.example", .viewer))).page
        #expect(page.contains("Nothing came in yet") && page.contains("shoal import FILE"))
    }
}
