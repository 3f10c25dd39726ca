import EventModel
import Testing

@testable import SegmentEngine

struct GroupTests {
    private var shop: Shop {
        var shop = Shop()
        shop.track("Product Viewed", 5 * Shop.day, ["category": "shoes", "brand": "X"])
        shop.track("Product Viewed", 4 * Shop.day, ["category": "hats", "brand": "X"])
        shop.track(
            "Order Completed", 3 * Shop.day,
            ["order_id": "1", "products": [["category": "shoes", "price": 5], ["category": "bags", "price": 7]]])
        shop.track("Page Viewed", 2 * Shop.day, ["category": "news"])
        return shop
    }

    @Test func `groups are made of all events, also of those that the condition does not name`() async throws {
        #expect(
            try await shop.holds("for every category: (did \"Product Viewed\" or did \"Order Completed\")") == false)
        #expect(try await shop.holds("for at least 2 category: did not \"Product Viewed\""))
        #expect(try await shop.holds("for at least 3 category: did not \"Product Viewed\"") == false)
    }

    @Test func `at least N groups`() async throws {
        #expect(try await shop.holds("for at least 2 category: did \"Order Completed\""))
        #expect(try await shop.holds("for at least 3 category: did \"Order Completed\"") == false)
    }

    @Test func `inside a group item paths see its items only`() async throws {
        #expect(try await shop.holds("for some category: sum(products.price of \"Order Completed\") = 7"))
        #expect(try await shop.holds("for some category: sum(products.price of \"Order Completed\") = 12") == false)
    }

    @Test func `groups inside groups narrow further`() async throws {
        #expect(try await shop.holds("for some brand: for at least 2 category: did \"Product Viewed\""))
        #expect(try await shop.holds("for some category: for at least 2 brand: did \"Product Viewed\"") == false)
    }

    @Test func `windows inside a group start from the group's events`() async throws {
        #expect(try await shop.holds("for some category: did not any event since last \"Product Viewed\""))
        #expect(
            try await shop.holds(
                "for some category: did \"Order Completed\" since last \"Product Viewed\" and did \"Product Viewed\""))
    }

    @Test func `a visit shows in the group of its first event's own value`() async throws {
        #expect(try await shop.holds("for some category: did visit exactly 1 time and did not \"Order Completed\""))
        #expect(try await shop.holds("for some products.category: did visit") == false)
    }
}
