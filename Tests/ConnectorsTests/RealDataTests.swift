import EventModel
import TestSupport
import Testing

@testable import Connectors

/// The shared data sets, by the figures they are known to have.
@Suite(.serialized, .enabled(if: sharedFolder != nil, "the shared folder is absent")) struct RealDataTests {
    private func path(_ name: String) throws -> String { try #require(sharedPath("data/" + name), "\(name) is absent") }

    @Test func `the CDNOW sample is 6919 orders of 2357 customers, and stays so`() async throws {
        let sink = MemorySink()
        let summary = try await runImport(try path("cdnow/cdnow_sample.csv"), into: sink)
        #expect(summary.rows == 6919)
        #expect(summary.rejectedRows == 0)
        #expect(summary.orders == 6919)
        #expect(sink.events("Order Completed").count == 6919)
        #expect(sink.profiles.count == 2357)
        let again = try await runImport(try path("cdnow/cdnow_sample.csv"), into: sink)
        #expect(again.taken == 0 && again.duplicates == 6919)
    }

    @Test func `the clickstream is 31106 events, and stays so`() async throws {
        let sink = MemorySink()
        let summary = try await runImport(try path("clickstream/ecom.csv.gz"), into: sink)
        #expect(summary.rows == 31_106 && summary.taken == 31_106)
        #expect(sink.messages.count == 31_106)
        #expect(sink.events("Product Viewed").count == 6_851)
        #expect(sink.events("Product Added").count == 1_346)
        #expect(sink.events("Order Completed").count == 470)
        #expect(sink.events("support_chat").count == 277)
        let again = try await runImport(try path("clickstream/ecom.csv.gz"), into: sink)
        #expect(again.taken == 0 && again.duplicates == 31_106)
    }

    @Test func `the Complete Journey is 155848 orders in two files, and stays so`() async throws {
        let sink = CountingSink()
        let spring = try path("complete-journey/transactions-2017-jan-sep.csv.gz")
        let autumn = try path("complete-journey/transactions-2017-oct-dec.csv.gz")
        let first = try await runImport(spring, into: sink)
        #expect(first.rows == 1_095_181 && first.rejectedRows == 0)
        #expect(sink.orders == 116_704 && sink.profiles.count == 2_446)
        #expect(sink.revenue.value()?.description == "3399308.67")
        let second = try await runImport(autumn, into: sink)
        #expect(second.rows == 374_126 && second.rejectedRows == 0)
        #expect(sink.orders == 155_848 && sink.profiles.count == 2_469)
        #expect(sink.revenue.value()?.description == "4596039.58")
        let again = try await runImport(autumn, into: sink)
        #expect(again.taken == 0 && again.duplicates == 39_144 && sink.orders == 155_848)
    }

    @Test func `the other tables of the Complete Journey are recognised`() async throws {
        let sink = MemorySink()
        let products = try await runImport(try path("complete-journey/products.csv.gz"), into: sink)
        #expect(products.products == products.rows && products.rejectedRows == 0)
        let people = try await runImport(try path("complete-journey/demographics.csv.gz"), into: sink)
        #expect(people.takenByEvent == ["$identify": 801])
        let coupons = try await runImport(try path("complete-journey/coupon_redemptions.csv.gz"), into: sink)
        #expect(coupons.takenByEvent == ["Coupon Applied": coupons.rows])
        let error = #expect(throws: ImportError.self) { try planImport(path("complete-journey/campaigns.csv.gz")) }
        #expect(error?.code == "unknown-header")
    }
}

/// Counts what it is given and keeps no message.
private final class CountingSink: MessageSink {
    private var ids: Set<Text> = []
    private var totals = SinkTotals()
    private(set) var profiles: Set<Text> = []
    private(set) var orders = 0
    private(set) var revenue = ExactSum()

    func add(_ entries: [SinkEntry], source: Text) async throws {
        for message in entries.map(\.message) {
            guard ids.insert(message.messageID).inserted else {
                totals.duplicates += 1
                continue
            }
            totals.countStored(message)
            if let id = message.userID { profiles.insert(id) }
            if message.event == "Order Completed", let amount = message.properties["revenue" as Text]?.decimal {
                orders += 1
                revenue.add(amount)
            }
        }
    }

    func add(products: [JSONObject]) async throws {}
    func importState(_ key: Text) async throws -> Text? { nil }

    func finish() async throws -> SinkTotals {
        defer { totals = SinkTotals() }
        return totals
    }
}
