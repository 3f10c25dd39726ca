import Analytics
import Dashboard
import EventModel
import EventStore
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
        // A period ends before the instant it ends with.
        shop.served.clock.advance(milliseconds: 1)
        let page = try await shop.report("/").page
        // 175 after 350; two orders after three; ada returned, dan is new.
        #expect(
            page.contains("<dt>Revenue</dt><dd>175.00</dd><dd><span class=\"bad\">−50.0 %</span>, 350.00 before</dd>"))
        #expect(page.contains("<dt>Orders</dt><dd>2</dd><dd><span class=\"bad\">−33.3 %</span>, 3 before</dd>"))
        #expect(page.contains("<dt>Average order</dt><dd>87.50</dd>"))
        #expect(
            page.contains("<dt>First-time buyers</dt><dd>1</dd>")
                && page.contains("<dt>Returning buyers</dt><dd>1</dd>"))
        #expect(page.contains("<dt>Active shoppers</dt><dd>2</dd>"))
        #expect(page.contains("href=\"/segments/visitors\"") && page.contains("<th scope=\"row\">Fish</th>"))
        #expect(page.contains("aria-label=\"Revenue by day, ") && page.contains("id=\"ticker\""))
    }

    @Test func `without a choice every figure is that of the board of the command`() async throws {
        let shop = try await Shop(.viewer)
        shop.served.clock.advance(milliseconds: 31 * 86_400_000)
        try await shop.order("ada", 150)
        try await shop.order("dan", 25)
        // A period ends before the instant it ends with.
        shop.served.clock.advance(milliseconds: 1)
        let now = shop.served.clock.now()
        let asked = try #require(OverviewQuestion.usual.period(at: now, in: .utc))
        #expect(asked == Period.last(Period.usualDays, upTo: now, in: .utc), "as shoal board")
        let answer = try await OverviewQuery(asked).answer(
            from: ReportInput(try shop.served.store.snapshot(), at: now, workers: 1))
        #expect(answer.figures.orders > 0 && answer.figuresBefore.orders > 0)
        let page = try await shop.report("/").page
        for line in OverviewLine.all {
            let (now, before) = (line.value(answer.figures), line.value(answer.figuresBefore))
            guard now != .none || before != .none else { continue }
            let title = line.title.prefix(1).uppercased() + line.title.dropFirst()
            let cells =
                "<th scope=\"row\">\(title)</th><td class=\"number\">\(now.text)</td><td class=\"number\">\(before.text)</td>"
            #expect(page.contains(cells), "\(line.title)")
            #expect(page.contains(now.change(from: before)))
        }
        // A point for each day, the newest first.
        let days = page.matches(of: /<th scope="row"><time datetime="([0-9-]+)">/).map { String($0.output.1) }
        #expect(Array(days.prefix(answer.series.count)) == answer.series.reversed().map(\.firstDay.iso))
    }

    @Test func `any period can be asked for, and what is none is told at its field`() async throws {
        let shop = try await Shop(.viewer)
        let today = Zone.utc.day(of: shop.served.clock.now())
        let days = "period=days&from=\(today.adding(days: -3).iso)&through=\(today.iso)"
        let page = try await shop.report("/?\(days)&by=week&segment=again")
        #expect(page.status == 200 && page.page.contains("<dt>Revenue</dt><dd>50.00</dd>"), "only ada's")
        #expect(page.page.contains("Revenue by week") && page.page.contains("<option value=\"again\" selected>"))
        for (query, field, typed) in [
            ("period=days&from=2026-99-01", "from", "2026-99-01"), ("period=moon", "period", "moon"),
            ("segment=%3Cb%3E", "segment", "&lt;b&gt;"), ("by=year", "by", "year"),
        ] {
            let answer = try await shop.page("/?\(query)")
            #expect(answer.status == 422 && answer.page.contains("<title>Error: "), "\(query)")
            #expect(answer.page.contains("id=\"\(field)-wrong\"") && answer.page.contains(typed), "\(query)")
        }
    }

    @Test func `an empty store says what to do`() async throws {
        let served = try Served()
        let page = try await served.send(.get, "/", [], served.signedIn(served.user("ann@shop.example", .viewer))).page
        #expect(page.contains("Nothing came in yet") && page.contains("shoal import FILE"))
    }
}
