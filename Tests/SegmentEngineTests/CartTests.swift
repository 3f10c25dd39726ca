import EventModel
import Testing

@testable import SegmentEngine

struct CartTests {
    @Test func `a line that was never given a price takes the catalogue's`() async throws {
        var shop = Shop(
            settings: WorkspaceSettings(catalogue: Catalogue(products: [["product_id": "1", "price": 4]])))
        shop.track("Product Added", Shop.day, ["product_id": "1", "quantity": 3])
        #expect(try await shop.value("cart.value") == .number(12))
        shop.track("Product Added", Shop.hour, ["product_id": "1", "price": "5"])
        #expect(try await shop.value("cart.value") == .number(20))
    }

    @Test func `viewing the cart without a list does nothing, with an empty one empties it`() async throws {
        var shop = Shop()
        shop.track("Product Added", 3 * Shop.day, ["product_id": "1"])
        shop.track("Cart Viewed", 2 * Shop.day)
        #expect(try await shop.value("cart.items") == .number(1))
        #expect(try await shop.value("cart.updated") == .time(Shop.now.adding(milliseconds: -3 * Shop.day)))
        shop.track("Cart Viewed", Shop.day, ["products": []])
        #expect(try await shop.value("cart.items") == .number(0))
        #expect(try await shop.value("cart.updated") == .time(Shop.now.adding(milliseconds: -Shop.day)))
    }

    @Test func `a line goes by its product id, else by its sku, and by its variant`() async throws {
        var shop = Shop()
        shop.track("Product Added", Shop.day, ["product_id": "1"])
        shop.track("Product Added", Shop.day, ["sku": 1])
        shop.track("Product Added", Shop.day, ["product_id": "1", "sku": "2", "variant": "red"])
        #expect(try await shop.value("cart.items") == .number(2))
        #expect(try await shop.value("cart.quantity") == .number(3))
    }

    @Test func `the cart of the past is the cart of then`() async throws {
        var shop = Shop()
        shop.track("Product Added", 3 * Shop.day, ["product_id": "1", "price": 10])
        shop.track("Order Completed", Shop.day, ["order_id": "1"])
        let definitions = "segment c: cart.value >= 10\nsegment s: was in segment c 2 days ago and not in segment c"
        #expect(try await shop.members(definitions) == ["u"])
    }
}
