import Analytics
import Dashboard
import EventModel
import EventStore
import HTTPTypes
import Membership
import SegmentEngine
import SegmentLanguage
import TestSupport
import Testing

@testable import Server

struct FunnelPageTests {
    private static let steps = "step1=Product%20Viewed&step2=Product%20Added&step3=Order%20Completed"

    /// Shoppers that go some way at random, and perhaps back.
    private func shop(_ seed: UInt64, _ role: Role = .editor) async throws -> Shop {
        let shop = try await Shop(role)
        var random = SplitMix64(seed: seed)
        for number in 0..<8 {
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                shop.served.clock.advance(milliseconds: Int64.random(in: 1...(3 * 86_400_000), using: &random))
                let event = ["Product Viewed", "Product Added", "Order Completed"].randomElement(using: &random) ?? ""
                let category = Bool.random(using: &random) ? "Fish" : "Sea \"<b>\""
                try await shop.track(
                    JSONWriter.text(
                        of: .object([
                            ("event", .text(event)), ("userId", .text("s\(number)")),
                            (
                                "properties",
                                .object([
                                    ("product_id", "p1"), ("category", .text(category)),
                                    ("price", .count(Int.random(in: 1...9, using: &random))),
                                    ("revenue", 5), ("order_id", .text("o\(number)-\(random.next())")),
                                ])
                            ),
                        ])))
            }
        }
        return shop
    }

    private func answer(_ shop: Shop, _ query: FunnelQuery) async throws -> FunnelQuery.Answer {
        try await query.answer(
            from: ReportInput(try shop.served.store.snapshot(), at: shop.served.clock.now(), workers: 1))
    }

    /// What a link leads to; links stand in HTML.
    private func followed(_ link: Substring, _ shop: Shop) async throws -> Served.Answer {
        try await shop.report(String(link).replacing("&amp;", with: "&").replacing("&#39;", with: "'"))
    }

    @Test(arguments: 1...2)
    func `each number is the query's own, and leads to as many people`(seed: UInt64) async throws {
        let shop = try await shop(seed)
        var random = SplitMix64(seed: seed)
        for options in [
            "", "&order=loose&period=all&within=20%20days", "&by=category&period=all", "&per=again&per=nobody",
        ] {
            let path = "/funnels?\(Self.steps)&within=5%20days\(options)"
            let page = try await shop.report(path.replacing("within=5%20days&order", with: "order"))
            #expect(page.status == 200, "\(page.page)")
            var fields = ReportFields(
                [("step1", "Product Viewed"), ("step2", "Product Added"), ("step3", "Order Completed")]
                    + (options.contains("loose")
                        ? [("within", "20 days"), ("order", "loose")] : [("within", "5 days")])
                    + (options.contains("all") ? [("period", "all")] : [])
                    + (options.contains("by=") ? [("by", "category")] : [])
                    + (options.contains("per=") ? [("per", "again"), ("per", "nobody")] : []))
            let names = ["again", "nobody"].map { SegmentName(name: Text($0), title: $0) }
            let question = try #require(FunnelQuestion(&fields, segments: names, zone: .utc), "\(fields.wrong)")
            let memberships = shop.served.server.segments.memberships
            let groups = try question.per.map { MemberGroup($0, try memberships.membership(of: $0).members) }
            let own = try await answer(
                shop, question.query(at: shop.served.clock.now(), in: .utc, groups: groups))
            let shown = page.page.matches(of: /<a class="people" href="([^"]+)">([0-9,]+)</)
            #expect(shown.map { Int($0.output.2) } == own.reached)
            // Some of the links: who reached a step, who was lost, in all groups.
            let links = page.page.matches(of: /<a (?:class="people" )?href="(\/funnels\/people[^"]+)">([0-9,]+)/)
            #expect(links.count >= own.reached.count)
            for link in links.filter({ $0.output.2 != "0" }).shuffled(using: &random).prefix(5) {
                let list = try await followed(link.output.1, shop)
                let count = Int(link.output.2) ?? -1
                #expect(list.status == 200 && list.page.contains(">\(count) profile"), "\(link.output.1): \(list.page)")
                #expect(list.page.matches(of: /<th scope="row"><a href="\/profiles\//).count == min(count, 50))
            }
            #expect(own.groups.map { $0.reached[0] } == groupCounts(page.page, own.groups.count))
        }
    }

    private func groupCounts(_ page: String, _ count: Int) -> [Int] {
        guard count > 0, let table = page.firstRange(of: "in each group") else { return [] }
        let rows = page[table.upperBound...].matches(
            of: /<tr><th scope="row">[^<]*<\/th><td class="number">([0-9,]+)<\/td>/)
        return rows.compactMap { Int($0.output.1) }
    }

    @Test func `who was lost becomes a segment in the builder, and nothing is saved by looking`() async throws {
        let shop = try await Shop()
        try await shop.track(#"{"event": "Product Viewed", "userId": "dee", "properties": {"price": 70}}"#)
        let page = try await shop.report(
            "/funnels?step1=Product+Viewed&where1=price+%3E+50&step2=Order+Completed&period=all"
        ).page
        let link = try #require(page.firstMatch(of: /href="(\/funnels\/people[^"]+)">1 lost/)?.output.1)
        let list = try await followed(link, shop).page
        #expect(list.contains("href=\"/profiles/dee\"") && !list.contains("href=\"/profiles/cy\""))
        let builder = try #require(
            list.firstMatch(of: /class="button" href="(\/segments\/new\?definition=[^"]+)"/)?.output.1)
        let opened = try await followed(builder, shop).page
        #expect(opened.contains("segment dropped_after_step_1") && opened.contains("price &gt; 50"))
        #expect(try !shop.served.actions().contains("segment-saved"))
        let text = try #require(opened.firstMatch(of: /<textarea[^>]*>([^<]*)<\/textarea>/)?.output.1)
        let typed = text.replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
        let saved = try await shop.form("/segments/new", ["definition": String(typed), "action": "save"])
        #expect(saved.headers[.location] == "/segments/dropped_after_step_1")
        // The next one has a name of its own.
        let again = try await followed(link, shop).page
        #expect(again.contains("segment dropped_after_step_1_2"))
        #expect(try await shop.page("/segments/dropped_after_step_1/members").page.contains(">dee<"))
    }

    @Test func `a viewer sees the definition, and no way to save it`() async throws {
        let shop = try await Shop(.viewer)
        let page = try await shop.report("/funnels?step1=Product+Viewed&step2=Order+Completed").page
        let link = try #require(page.firstMatch(of: /href="(\/funnels\/people[^"]+)">1 lost/)?.output.1)
        let list = try await followed(link, shop).page
        #expect(list.contains("segment dropped_after_step_1") && !list.contains("/segments/new"))
    }

    @Test(arguments: [
        ("step1=any%20of%20(", "step1"), ("where1=price%3E5", "step1"), ("step1=A&where1=price%20%3E", "where1"),
        ("step1=A&within=soon", "within"), ("step1=A&order=x", "order"), ("step1=A&period=moon", "period"),
        ("step1=A&segment=x%3C", "segment"), ("step1=A&per=x", "per"), ("step1=A&by=%22", "by"),
        ("step1=A&by=category&per=again", "by"), ("within=2%20days", "step1"),
        ("step1=A&where1=price%20%3E%201%20in%20last%202%20days", "where1"),
        ("step1=A%20in%20last%202%20days", ""), ("step1=%22A%22%20in%20last%202%20days", "step1"),
        ("step1=A&period=days&from=2026-02-30", "from"), ("step1=A%0AB", "step1"),
    ])
    func `what can't be read is told at its field, with what was typed`(query: String, field: String) async throws {
        let shop = try await Shop(.viewer)
        let answer = try await shop.report("/funnels?\(query)")
        guard !field.isEmpty else { return #expect(answer.status == 200, "a plain name, however odd") }
        #expect(answer.status == 422 && answer.page.contains("<title>Error: "))
        #expect(answer.page.contains("-wrong\"") && answer.page.contains("aria-invalid=\"true\""))
        let wrong = answer.page.matches(of: /id="([a-z0-9]+)-wrong"/).map { String($0.output.1) }
        #expect(wrong == [field] || (field == "per" && wrong == ["per1"] || wrong == ["per2"]), "\(wrong)")
        for typed in query.split(separator: "&").compactMap({ $0.split(separator: "=").last?.removingPercent }) {
            #expect(answer.page.contains(HTML.escaped(typed)), "\(typed)")
        }
    }

    @Test func `before anything is asked the page says what to do`() async throws {
        let empty = try Served()
        let fields = try empty.signedIn(empty.user("ann@shop.example", .viewer))
        #expect(try await empty.send(.get, "/funnels", [], fields).page.contains("No events yet"))
        let shop = try await Shop(.viewer)
        let page = try await shop.page("/funnels").page
        #expect(page.contains("Which steps?") && page.contains("step1=Product%20Viewed&amp;step2=Order%20Completed"))
        #expect(page.contains("<option value=\"Order Completed\">"), "names of the store are offered")
        #expect(try await shop.report("/funnels?step1=Never").page.contains("Nobody did the first step"))
        for path in ["/funnels/people", "/funnels/people?step1=A&who=lost-0", "/funnels/people?step1=A&who=lost-1"] {
            #expect(try await shop.page(path).status == 400, "\(path)")
        }
    }
}

extension Substring {
    /// With `%` and digits as what they stand for.
    fileprivate var removingPercent: String? { ServerContext.decoded(String(self))?.string }
}
