import Analytics
import EventModel
import EventStore
import SegmentLanguage
import TestSupport
import Testing

@Suite struct OverviewTests {
    @Test(arguments: 0..<(isLongRun ? 40 : 6))
    func `an overview is what plain loops over the messages count`(batch: UInt64) async throws {
        for seed in batch * 40..<(batch + 1) * 40 {
            let workspace = RandomHistories.make(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            var random = SeededRandom(seed: seed ^ 0x0BE)
            let period = Self.period(workspace, now, &random)
            let unit = CalendarUnit.allCases[random.int(below: 3)]
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let query = OverviewQuery(period, by: unit, limit: 3)
            let answer = try await query.answer(from: ReportInput(histories.source, at: now))
            let twin = Twin(workspace, at: now)
            let zone = workspace.settings.zone
            let label = "seed \(seed) \(period.from) \(period.to) by \(unit)"
            #expect(answer.before == period.before(in: zone))
            let before = OverviewTwin(twin, workspace, answer.before)
            let expected = OverviewTwin(twin, workspace, period)
            #expect(expected.differences(answer.figures) == [], "\(label)")
            #expect(before.differences(answer.figuresBefore) == [], "\(label) before")
            expected.check(answer.series, unit, label)
            expected.checkGoods(answer, before, label)
            expected.checkChannels(answer, before, label)
        }
    }

    /// Whole days, whole months, or any stretch, up to some time around now.
    private static func period(_ workspace: RandomCase, _ now: Timestamp, _ random: inout SeededRandom) -> Period {
        let zone = workspace.settings.zone
        let day = zone.day(of: now).adding(days: 1 - random.int(below: 3))
        switch random.int(below: 3) {
        case 0:
            return Period(day.adding(days: -random.int(below: 60)), through: day, in: zone)
        case 1:
            let first = day.startOfMonth.startOfMonth(adding: -random.int(below: 3))
            return Period(first, through: day.startOfMonth(adding: 1).adding(days: -1), in: zone)
        default:
            let length = Int64(random.int(below: 40)) * 86_400_000 + Int64(random.int(below: 100_000_000))
            return Period(from: now.adding(milliseconds: -length), to: now.adding(milliseconds: 1))
        }
    }

    @Test func `the period before a month is a month, before days as many days, before hours as many hours`() throws {
        let berlin = try #require(Zone(identifier: "Europe/Berlin" as Text))
        func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: Text(text), zone: berlin)) }
        func before(_ from: String, _ to: String) throws -> Period {
            Period(from: try instant(from), to: try instant(to)).before(in: berlin)
        }
        #expect(try before("2026-03-01", "2026-04-01").from == instant("2026-02-01"))
        #expect(try before("2026-01-01", "2026-04-01").from == instant("2025-10-01"))
        // The clocks were changed in between: as many days, not as many hours.
        #expect(try before("2026-03-29", "2026-04-05").from == instant("2026-03-22"))
        #expect(try before("2026-03-01", "2026-03-31").from == instant("2026-01-30"))
        #expect(try before("2026-03-10T06:00", "2026-03-10T18:00").from == instant("2026-03-09T18:00"))
        #expect(
            try before("2026-03-10", "2026-03-10") == Period(from: instant("2026-03-10"), to: instant("2026-03-10")))
    }

    @Test func `channels are told from what a visit began with`() async throws {
        func page(_ user: String, _ properties: JSONValue, _ context: JSONValue) -> Message {
            Message(
                kind: .page, messageID: Text("m-\(user)"), userID: Text(user), time: Timestamp(milliseconds: 1_000),
                event: "Page Viewed", properties: properties.object ?? JSONObject(),
                context: context.object ?? JSONObject(), traits: JSONObject())
        }
        let shop: JSONValue = "https://www.shop.example/shoes"
        let messages = [
            page("a", ["channel": "App"], ["campaign": ["medium": "email"]]),
            page("b", [:], ["campaign": ["medium": "Email", "source": "newsletter"]]),
            page("c", [:], ["campaign": ["medium": "", "source": "Newsletter"]]),
            page("d", [:], ["page": ["referrer": "https://www.Search.example:443/find?q=www.x.example", "url": shop]]),
            page("e", [:], ["page": ["referrer": "https://shop.example/cart", "url": shop]]),
            page("f", [:], ["page": ["referrer": ""]]), page("g", [:], [:]),
        ]
        let order = Message(
            kind: .track, messageID: "o", userID: "h", time: Timestamp(milliseconds: 1_000), event: "Order Completed",
            properties: JSONObject([(key: "revenue", value: 5)]), context: JSONObject(), traits: JSONObject())
        let source = MemoryHistorySource(messages: messages + [order], settings: WorkspaceSettings())
        let query = OverviewQuery(Period(from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: 2_000)))
        let answer = try await query.answer(from: ReportInput(source, at: .latest))
        #expect(
            answer.channels.map { "\($0.name?.string ?? "none") \($0.visits) \($0.orders)" } == [
                "direct 3 0", "app 1 0", "email 1 0", "newsletter 1 0", "search.example 1 0", "none 0 1",
            ])
        #expect(answer.channels.last?.revenue == 5)
    }
}

/// The KPIs of the Complete Journey.
@Suite(.serialized, .enabled(if: CompleteJourney.isThere, "the shared folder is absent")) struct OverviewAnchorTests {
    @Test func `figures of months and quarters are those of the anchor`() async throws {
        let snapshot = try await CompleteJourney.shared.snapshot()
        let periods = try #require(try anchor("cj_kpis.json")["periods"]?.elements)
        #expect(periods.count == 2)
        for wanted in periods {
            let days = try #require(wanted["period"]?.elements).map {
                $0.text.flatMap { Timestamp(iso8601: $0, zone: .utc) }
            }
            let first = Zone.utc.day(of: try #require(days[0]))
            let last = Zone.utc.day(of: try #require(days[1]))
            let query = OverviewQuery(Period(first, through: last, in: .utc), by: .week)
            let answer = try await query.answer(from: ReportInput(snapshot, at: .latest))
            let figures = answer.figures
            #expect(Zone.utc.day(of: answer.before.from).iso == wanted["previous"]?.elements?.first?.text?.string)
            func near(_ value: Double?, _ name: Text, by factor: Double = 1) {
                let target = wanted[name]?.approximate ?? .nan
                #expect(abs((value ?? .nan) * factor - target) <= 1e-9 * max(1, abs(target)), "\(name) \(first.iso)")
            }
            #expect(figures.revenue == wanted["revenue"]?.decimal)
            near(figures.averageOrderValue?.approximate, "AOV")
            near(figures.medianOrderValue?.approximate, "median_order")
            near(figures.ordersPerBuyer, "orders_per_customer")
            near(figures.revenuePerBuyer?.approximate, "ARPU")
            near(figures.retentionRate, "CRR_pct", by: 100)
            near(figures.churnRate, "churn_rate_pct", by: 100)
            near(figures.repeatPurchaseRate, "repeat_purchase_rate_pct", by: 100)
            near(figures.discountShare, "discount_share_pct", by: 100)
            let counts: [(Int, Text)] = [
                (figures.orders, "orders"), (figures.items, "lines"), (figures.buyers, "customers_active"),
                (figures.buyersBefore, "customers_previous"), (figures.retainedBuyers, "retained"),
                (figures.newBuyers, "new_customers"), (figures.reactivatedBuyers, "reactivated"),
            ]
            for (count, name) in counts { #expect(count == wanted[name]?.whole, "\(name) \(first.iso)") }
            #expect(figures.visits == 0 && figures.visitConversion == nil)
            #expect(answer.series.reduce(0) { $0 + $1.orders } == figures.orders)
            // Every line has an amount, also where no price times its quantity would give it.
            let whole = OverviewQuery(query.period, by: .month, limit: .max)
            let products = try await whole.answer(from: ReportInput(snapshot, at: .latest)).products
            var sum = ExactSum()
            for product in products { sum.add(try #require(product.revenue)) }
            #expect(sum.value() == figures.revenue)
        }
    }
}
