import EventModel
import Testing

@testable import SegmentEngine

struct NetOrderTests {
    @Test func `a free order is a net order until it is refunded`() async throws {
        var shop = Shop()
        shop.track("Order Completed", 3 * Shop.day, ["order_id": "1", "revenue": 0])
        #expect(try await shop.value("net_orders") == .number(1))
        shop.track("Order Refunded", Shop.day, ["order_id": 1, "total": 0])
        #expect(try await shop.value("net_orders") == .number(0))
    }

    @Test func `the latest update that has a revenue counts`() async throws {
        var shop = Shop()
        shop.track("Order Completed", 5 * Shop.day, ["order_id": "1", "revenue": 10])
        shop.track("Order Updated", 3 * Shop.day, ["order_id": "1", "revenue": 30])
        shop.track("Order Updated", 4 * Shop.day, ["order_id": "1", "revenue": 20])
        shop.track("Order Updated", 2 * Shop.day, ["order_id": "1", "coupon": "X"])
        #expect(try await shop.value("net_revenue") == .number(30))
    }

    @Test func `a refund of items without a price takes the catalogue's`() async throws {
        var shop = Shop(
            settings: WorkspaceSettings(catalogue: Catalogue(products: [["product_id": "1", "price": 4]])))
        shop.track("Order Completed", 5 * Shop.day, ["order_id": "1", "revenue": 10])
        shop.track(
            "Order Refunded", 3 * Shop.day, ["order_id": "1", "products": [["product_id": "1", "quantity": 2]]])
        #expect(try await shop.value("net_revenue") == .number(2))
    }

    @Test func `orders without an id count as they are`() async throws {
        var shop = Shop()
        shop.track("Order Completed", 5 * Shop.day, ["revenue": 10])
        shop.track("Order Completed", 5 * Shop.day, ["revenue": 10])
        shop.track("Order Cancelled", 3 * Shop.day)
        #expect(try await shop.value("net_orders") == .number(2))
        #expect(try await shop.value("net_revenue") == .number(20))
    }
}
