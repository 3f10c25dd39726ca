import EventModel
import Testing

@Suite struct CartTests {
    private func cart(_ lines: String, products: [JSONValue] = []) throws -> [String] {
        let story = try Story(lines, products: products)
        return try ["cart.value", "cart.items", "cart.quantity"].map { try story.value($0) }
    }

    @Test func `lines are kept apart by product, else sku, and by variant`() throws {
        #expect(
            try cart(
                """
                a 2026-03-01 Product Added {"product_id": 1, "price": 2}
                a 2026-03-02 Product Added {"product_id": "1", "price": 3}
                a 2026-03-03 Product Added {"sku": "s", "price": 5}
                a 2026-03-04 Product Added {"product_id": "1", "sku": "other", "variant": "red", "price": 7}
                """) == ["18", "3", "4"])
    }

    @Test func `removing more than there is removes the line`() throws {
        #expect(
            try cart(
                """
                a 2026-03-01 Product Added {"product_id": 1, "price": 2, "quantity": 2}
                a 2026-03-02 Product Removed {"product_id": 1, "quantity": 5}
                a 2026-03-03 Product Added {"product_id": 1}
                """) == ["0", "1", "1"])
    }

    @Test func `a viewed cart with a list replaces all lines, an empty one too, one without a list nothing`() throws {
        let added = #"a 2026-03-01 Product Added {"product_id": 1, "price": 2}"# + "\n"
        #expect(try cart(added + #"a 2026-03-02 Cart Viewed {"products": []}"#) == ["0", "0", "0"])
        #expect(try cart(added + "a 2026-03-02 Cart Viewed") == ["2", "1", "1"])
        let story = try Story(added + "a 2026-03-02 Cart Viewed")
        #expect(try story.value("cart.updated") == #""2026-03-01T00:00:00.000Z""#)
    }

    @Test func `a repeated order is invisible and empties nothing`() throws {
        #expect(
            try cart(
                """
                a 2026-03-01 Order Completed {"order_id": 1}
                a 2026-03-02 Product Added {"product_id": 1, "price": 2}
                a 2026-03-03 Order Completed {"order_id": "1"}
                """) == ["2", "1", "1"])
    }

    @Test func `events take their place by their own time, in one millisecond by arrival`() throws {
        #expect(
            try cart(
                """
                a 2026-03-02 Order Completed
                a 2026-03-02 Product Added {"product_id": 1, "price": 2}
                a 2026-03-01 Product Added {"product_id": 1, "price": 9}
                a 2026-03-03 Wishlist Product Added to Cart {"product_id": 2, "price": "1.5", "quantity": "2"}
                """) == ["5", "2", "3"])
    }

    @Test func `a line that was given no price has the catalogue's`() throws {
        #expect(
            try cart(
                """
                a 2026-03-01 Product Added {"product_id": 1}
                a 2026-03-02 Product Added {"product_id": 2, "price": 1}
                a 2026-03-03 Product Added {"product_id": 2}
                """, products: [["product_id": 1, "price": 10], ["product_id": 2, "price": 20]]) == ["12", "2", "3"])
    }
}
