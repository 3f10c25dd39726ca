import EventModel
import Testing

@testable import SegmentEngine

struct ExplanationTests {
    private var shop: Shop {
        var shop = Shop()
        shop.track("Order Completed", 40 * Shop.day, ["order_id": "1", "revenue": 139])
        shop.track("Order Completed", 3 * Shop.day, ["order_id": "2", "revenue": 200])
        return shop
    }

    @Test func `a count says how many more orders are missing`() async throws {
        let why = try await shop.explain("did \"Order Completed\" at least 3 times")
        #expect(why.holds == false)
        #expect(why.observed == "2 times")
        #expect(why.required == "at least 3 times")
        #expect(why.distance == "1 more order")
        #expect(
            why.witnesses.map(\.time) == [
                Shop.now.adding(milliseconds: -3 * Shop.day), Shop.now.adding(milliseconds: -40 * Shop.day),
            ])
    }

    @Test func `an event behind several parts of a comparison is named once, the newest first`() async throws {
        let why = try await shop.explain(
            "last(\"Order Completed\") - first(\"Order Completed\") > 10 days * count(\"Order Completed\")")
        #expect(
            why.witnesses.map(\.time) == [
                Shop.now.adding(milliseconds: -3 * Shop.day), Shop.now.adding(milliseconds: -40 * Shop.day),
            ])
    }

    @Test func `a sum says how much is missing`() async throws {
        let why = try await shop.explain("sum(revenue of \"Order Completed\") >= 500")
        #expect(why.observed == "339")
        #expect(why.required == ">= 500")
        #expect(why.distance == "161.00 more revenue")
        #expect(why.witnesses.first?.properties.first?.value == 200)
    }

    @Test func `what only time can bring says when`() async throws {
        let why = try await shop.explain("did not \"Order Completed\" in last 5 days")
        #expect(why.distance == "in 2 days")
        #expect(why.validUntil == Shop.now.adding(milliseconds: 2 * Shop.day))
    }

    @Test func `the tree follows and, or and not`() async throws {
        let why = try await shop.explain("did \"Order Completed\" and not (did \"A\" or did \"B\")")
        #expect(why.holds)
        #expect(why.children.map(\.holds) == [true, true])
        #expect(why.children[1].children[0].children.map(\.condition) == ["did \"A\"", "did \"B\""])
    }

    @Test func `at most five events are named, the newest first`() async throws {
        var shop = Shop()
        for day in 1...9 { shop.track("A", Int64(day) * Shop.day) }
        let why = try await shop.explain("did \"A\" where not x = 1")
        #expect(why.witnesses.count == 5)
        #expect(why.witnesses[0].time == Shop.now.adding(milliseconds: -Shop.day))
    }

    @Test func `the text and the JSON hold the same facts`() async throws {
        let why = try await shop.explain("did \"Order Completed\" at least 3 times where revenue > 100")
        #expect(why.text().contains("missing 1 more order"))
        #expect(why.text().contains("revenue=200"))
        #expect(why.json.object?["distance"] == "1 more order")
        #expect(why.json.object?["witnesses"]?.elements?.count == 2)
    }
}
