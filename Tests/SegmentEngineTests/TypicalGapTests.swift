import EventModel
import EventStore
import SegmentLanguage
import Testing

@testable import SegmentEngine

/// The typical time between orders, as the orders say.
struct TypicalGapTests {
    private static let minute: Int64 = 60_000
    private static let hour = 60 * minute
    private static let day = 24 * hour

    private func gap(_ lengths: [Int64]) -> TypicalGap {
        TypicalGap(meanGaps: lengths.map { .duration(milliseconds: Decimal128(Int($0))) })
    }

    @Test func `it is the middle of all, or the middle between the two in the middle`() {
        #expect(gap([90 * Self.day, 20 * Self.day, 30 * Self.day]).text == "30 days")
        #expect(gap([90 * Self.day, 20 * Self.day, 30 * Self.day, 50 * Self.day]).text == "40 days")
        #expect(gap([7 * Self.day]).repeatBuyers == 1)
    }

    @Test func `it is whole hours below ten days, and whole days from there on`() {
        #expect(gap([40 * Self.hour + 29 * Self.minute]).text == "40 hours")
        #expect(gap([40 * Self.hour + 30 * Self.minute]).text == "41 hours")
        #expect(gap([9 * Self.day]).text == "9 days")
        #expect(gap([10 * Self.day - 31 * Self.minute]).text == "239 hours")
        #expect(gap([10 * Self.day - 30 * Self.minute]).text == "10 days")
        #expect(gap([23 * Self.day + 4 * Self.hour]).text == "23 days")
        #expect(gap([23 * Self.day + 12 * Self.hour]).text == "24 days")
    }

    @Test func `it is never below a day, and a common length where nobody has ordered twice`() {
        #expect(gap([0, 5, Self.hour]).text == "1 day")
        #expect(gap([]) == .unknown)
        #expect(TypicalGap(meanGaps: [.null, .number(7)]) == .unknown)
        #expect(TypicalGap.unknown.repeatBuyers == 0)
    }

    @Test func `a shopper's own gap is the time from the first to the last order by the days after the first`()
        async throws
    {
        var shop = Shop()
        for days in [60, 40, 40, 0] { shop.track("Order Completed", Int64(days) * Shop.day) }
        shop.track("Order Completed", 9 * Shop.day, by: "once")
        shop.track("Product Viewed", Shop.day, by: "never")
        let metric = Definition(name: "gap", body: .metric(TypicalGap.meanGap))
        let plan = Plan(Program(inDependencyOrder: [metric]), settings: shop.settings)
        let result = try await BatchEvaluator(plan: plan, source: shop.source).evaluate(at: Shop.now)
        let values = try #require(result.values(of: "gap"))
        #expect(values.map(\.id) == ["u"])
        #expect(values.map(\.value) == [.duration(milliseconds: Decimal128(Int(30 * Shop.day)))])
    }
}
