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

/// The pages of retention, paths, RFM and satisfaction, beside what their queries answer.
struct ReportPageTests {
    private static let readyMetrics = """
        metric rfm_recency: last("Order Completed")
        metric rfm_frequency: count("Order Completed")
        metric rfm_monetary: sum(revenue of "Order Completed")
        """

    /// Shoppers with orders, visits and answers at random over some weeks.
    private func shop(_ seed: UInt64, _ role: Role = .editor) async throws -> Shop {
        let shop = try await Shop(role)
        shop.served.definitions.put(Self.readyMetrics)
        try await shop.served.server.segments.load()
        var random = SplitMix64(seed: seed)
        for number in 0..<30 {
            shop.served.clock.advance(milliseconds: Int64.random(in: 1...(2 * 86_400_000), using: &random))
            let user = "s\(number % 9)"
            switch Int.random(in: 0..<4, using: &random) {
            case 0: try await shop.order(user, Int.random(in: 1...90, using: &random) * 1_000 + number)
            case 1:
                for event in ["Product Viewed", "Product Added"] {
                    shop.served.clock.advance(milliseconds: 1_000)
                    try await shop.track(
                        #"{"event": "\#(event)", "userId": "\#(user)", "properties": {"path": "/<\#(number % 3)>"}}"#)
                }
            default:
                let survey = ["NPS", "CSAT", "CES"].randomElement(using: &random) ?? ""
                try await shop.track(
                    """
                    {"event": "Survey Answered", "userId": "\(user)", "properties": {"survey": "\(survey)",
                     "score": \(Int.random(in: 0...8, using: &random)), "comment": "<i>\(number)"}}
                    """)
            }
        }
        shop.served.clock.advance(milliseconds: 1)
        return shop
    }

    private func input(_ shop: Shop) throws -> ReportInput {
        ReportInput(try shop.served.store.snapshot(), at: shop.served.clock.now(), workers: 1)
    }

    private func cells(_ row: some StringProtocol) -> [String] {
        String(row).matches(of: /<t[hd][^>]*>(.*?)<\/t[hd]>/).map { match in
            String(match.output.1.replacing(/<[^>]*>/, with: ""))
        }
    }

    /// The rows of the table with a caption, each with its cells.
    private func rows(_ page: String, _ caption: String) -> [[String]] {
        guard let start = page.firstRange(of: "<caption>\(caption)"),
            let end = page[start.upperBound...].firstRange(of: "</table>")
        else { return [] }
        return page[start.upperBound..<end.lowerBound].split(separator: "<tr>").dropFirst().map { cells($0) }
    }

    @Test(arguments: [
        (1, "", "exact", "week"), (2, "&kind=rolling", "rolling", "week"), (3, "&by=day", "exact", "day"),
        (4, "&by=month&first=Order+Completed&returning=Product+Viewed", "exact", "month"),
    ])
    func `cohorts are those of the query`(seed: UInt64, options: String, kind: String, unit: String) async throws {
        let shop = try await shop(seed)
        let page = try await shop.report("/retention?period=all\(options)")
        #expect(page.status == 200)
        let isOrders = options.contains("Order")
        let query = RetentionQuery(
            first: EventQuery(isOrders ? .named("Order Completed") : .anyEvent),
            returning: EventQuery(isOrders ? .named("Product Viewed") : .anyEvent),
            unit: try #require(CalendarUnit(rawValue: unit)), kind: try #require(RetentionQuery.Kind(rawValue: kind)))
        let answer = try await query.answer(from: try input(shop))
        let shown = answer.cohorts.suffix(RetentionView.shownCohorts).reversed()
        let rows = rows(page.page, "Percent of each cohort")
        #expect(rows.count == shown.count + 2, "a head, and a line for all")
        for (row, cohort) in zip(rows.dropFirst(), shown) {
            #expect(row[1] == grouped(cohort.size))
            let shares = cohort.active.prefix(RetentionView.shownPeriods).map { active -> String in
                let whole = Int((Double(active) / Double(cohort.size) * 100).rounded())
                return whole == 0 && active > 0 ? "&lt;1 %" : "\(whole) %"
            }
            #expect(row.dropFirst(2).filter { !$0.isEmpty } == shares)
        }
        #expect(rows.last?[1] == grouped(answer.cohorts.reduce(0) { $0 + $1.size }))
    }

    @Test(arguments: [
        (1, "direction=after"), (2, "direction=before&depth=2&branches=2"), (3, "property=path&repeats=all"),
        (4, "within=2+days"),
    ])
    func `paths are those of the query, as a flow and as a table`(seed: UInt64, options: String)
        async throws
    {
        let shop = try await shop(seed)
        let page = try await shop.report("/paths?start=Product+Viewed&period=all&\(options)")
        #expect(page.status == 200)
        let isBefore = options.contains("before")
        let query = PathsQuery(
            isBefore ? .before : .after, EventQuery(.named("Product Viewed")),
            within: options.contains("within") ? .within(try #require(DurationLiteral(2, .days))) : .visit,
            property: options.contains("property") ? PropertyPath(.properties, ["path"]) : nil,
            depth: isBefore ? 2 : 3, branches: isBefore ? 2 : 4, joinsRepeats: !options.contains("repeats"))
        let answer = try await query.answer(from: try input(shop))
        #expect(answer.root.count > 0)
        var expected: [String] = ["\(grouped(answer.root.count))"]
        func add(_ node: PathsQuery.Node, _ level: Int) {
            var lines: [(Int, PathsQuery.Node?)] = node.next.map { ($0.count, $0) }
            if node.ended > 0, level < query.depth, node.gathered == 0 {
                lines.insert(
                    (node.ended, nil), at: lines.firstIndex { $0.0 < node.ended || $0.1?.event == nil } ?? lines.count)
            }
            for line in lines {
                expected.append(grouped(line.0))
                if let next = line.1 { add(next, level + 1) }
            }
        }
        add(answer.root, 0)
        #expect(rows(page.page, "Each line says").dropFirst().map { $0[1] } == expected)
        #expect(
            page.page.contains("<svg class=\"flow\"") && page.page.contains("\(counted(answer.root.count, "path")) of ")
        )
        if options.contains("property") {
            #expect(page.page.contains("Product Added /&lt;"))
        }
    }

    @Test(arguments: [(1, "orders"), (2, "days")])
    func `cells of the RFM grid are the query's, and lead to as many people`(seed: UInt64, purchases: String)
        async throws
    {
        let shop = try await shop(seed)
        let page = try await shop.report("/rfm?purchases=\(purchases)").page
        let program = try #require(shop.served.server.segments.memberships.program)
        var fields = ReportFields([("purchases", purchases)])
        let question = try #require(RFMQuestion(&fields, segments: []))
        let query = try #require(question.query(program, zone: .utc))
        let answer = try await query.answer(from: try input(shop))
        #expect(answer.profiles > 2 && page.contains("\(counted(answer.profiles, "buyer"))</h2>"))
        let links = page.matches(
            of:
                /heat-\d+"><a href="([^"]+)">(\d+)<span class="visually-hidden"> profiles with recency (\d) and frequency (\d)/
        )
        var shown = 0
        for link in links {
            let (recency, frequency) = (Int(link.output.3), Int(link.output.4))
            let own = answer.cells.filter { $0.recency == recency && $0.frequency == frequency }
            #expect(Int(link.output.2) == own.reduce(0) { $0 + $1.profiles })
            shown += Int(link.output.2) ?? 0
        }
        #expect(shown == answer.profiles, "nobody is left out")
        let first = try #require(links.first)
        let path = first.output.1.replacing("&amp;", with: "&").split(separator: "#")[0]
        let opened = try await shop.report(String(path)).page
        #expect(opened.contains("segment rfm_cell_\(first.output.3)\(first.output.4)"))
        guard purchases == "orders" else { return #expect(opened.contains("metric rfm_days"), "with what it needs") }
        let text = try #require(opened.firstMatch(of: /<textarea[^>]*>([^<]*)<\/textarea>/)?.output.1)
        let checked = try await shop.form(
            "/segments/new", ["definition": String(text).replacing("&quot;", with: "\""), "action": "check"])
        #expect(checked.page.contains("<p class=\"size\">\(first.output.2)</p>"))
    }

    @Test(arguments: 1...2)
    func `scores, retention rates and comments are those of the query`(seed: UInt64) async throws {
        let shop = try await shop(seed)
        let page = try await shop.report("/satisfaction?period=all&by=week&per=buyers&active=Survey+Answered").page
        let members = try shop.served.server.segments.memberships.membership(of: "buyers").members
        let query = SatisfactionQuery(by: .week, groups: [MemberGroup("buyers", members)])
        let answer = try await query.answer(from: try input(shop))
        let asked = answer.surveys.filter { $0.all.answers > 0 || $0.unreadable > 0 }
        #expect(asked.count > 1)
        for survey in asked {
            #expect(
                page.contains(
                    "<h2>\(survey.all.survey.rawValue)</h2><span class=\"soft\">\(counted(survey.all.answers, "answer"))"
                ))
            if let value = survey.all.value, survey.all.survey == .csat {
                #expect(page.contains("<p class=\"size\">\(percentage(value / 100))</p>"))
            }
        }
        let days = Set(asked.flatMap { $0.points.map(\.firstDay) }).sorted(by: >)
        let points = rows(page, "Scores and answers by week").dropFirst()
        #expect(points.map { $0[0] } == days.map { spokenDay($0) })
        #expect(rows(page, "Scores and answers of those who are members now").last?[0] == "Buyers")
        let comments = rows(page, "The newest comments").dropFirst()
        #expect(comments.map { $0[0] } == answer.comments.map(\.profile.string))
        #expect(comments.map { $0[1] } == answer.comments.map { HTML.escaped($0.text.string) })
        let rates = try await RetentionRateQuery(EventQuery(.named("Survey Answered")), by: .week)
            .answer(from: try input(shop))
        let shown = rows(page, "The newest week first").dropFirst()
        #expect(shown.map { $0[3] } == rates.points.reversed().map { grouped($0.active) })
        #expect(shown.map { $0[1] } == rates.points.reversed().map { $0.retentionRate.map { percentage($0) } ?? "–" })
    }

    @Test(arguments: [
        ("/retention?first=any+of+(", "first"), ("/retention?where=price", "first"),
        ("/retention?first=A&where=%3D", "where"), ("/retention?returning=%22", "returning"),
        ("/retention?by=year", "by"), ("/retention?kind=x", "kind"), ("/retention?period=x", "period"),
        ("/retention?segment=x", "segment"), ("/paths?start=%22", "start"), ("/paths?depth=3", "start"),
        ("/paths?start=A&within=long", "within"), ("/paths?start=A&depth=99", "depth"),
        ("/paths?start=A&branches=0", "branches"), ("/paths?start=A&direction=up", "direction"),
        ("/paths?start=A&property=products.name", "property"), ("/paths?start=A&steps=%22", "steps"),
        ("/paths?start=A&repeats=x", "repeats"),
        ("/rfm?purchases=x", "purchases"), ("/rfm?colours=x", "colours"), ("/rfm?segment=x", "segment"),
        ("/satisfaction?by=x", "by"), ("/satisfaction?active=%22", "active"), ("/satisfaction?per=x", "per1"),
        ("/satisfaction?period=days", "from"),
    ])
    func `what can't be read is told at its field`(path: String, field: String) async throws {
        let shop = try await Shop(.viewer)
        let answer = try await shop.page(path)
        #expect(answer.status == 422 && answer.page.contains("<title>Error: "))
        let wrong = Set(answer.page.matches(of: /id="([a-z0-9-]+)-wrong"/).map { String($0.output.1) })
        #expect(wrong == [field] || wrong == ["per2"], "\(wrong)")
    }

    @Test(arguments: [
        ("/retention", "No events yet"), ("/paths", "No events yet"), ("/rfm", "The metrics of RFM are missing"),
        ("/rfm?purchases=days", "Nobody has all three scores"), ("/satisfaction", "Survey Answered"),
    ])
    func `an empty store says what to do`(path: String, words: String) async throws {
        let served = try Served()
        try await served.server.segments.load()
        let fields = try served.signedIn(served.user("ann@shop.example", .viewer))
        var answer = try await served.send(.get, path, [], fields)
        while answer.page.contains("http-equiv=\"refresh\"") { answer = try await served.send(.get, path, [], fields) }
        #expect(answer.status == 200 && answer.page.contains(words), "\(answer.page)")
    }
}
