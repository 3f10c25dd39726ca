import EventModel
import Testing

@Suite struct OrderTests {
    private func net(_ lines: String, products: [JSONValue] = []) throws -> [String] {
        let story = try Story(lines, products: products)
        return [try story.value("net_orders"), try story.value("net_revenue")]
    }

    @Test func `a free order is a net order until it is refunded`() throws {
        #expect(try net(#"a 2026-03-01 Order Completed {"order_id": 1, "revenue": 0}"#) == ["1", "0"])
        #expect(
            try net(
                """
                a 2026-03-01 Order Completed {"order_id": 1, "revenue": 0}
                a 2026-03-02 Order Refunded {"order_id": "1", "total": 0}
                """) == ["0", "0"])
    }

    @Test func `the latest update that has a revenue counts`() throws {
        #expect(
            try net(
                """
                a 2026-03-01 Order Completed {"order_id": 1, "revenue": 60}
                a 2026-03-03 Order Updated {"order_id": 1, "revenue": "80"}
                a 2026-03-02 Order Updated {"order_id": 1, "revenue": 70}
                a 2026-03-04 Order Updated {"order_id": 1, "coupon": "X"}
                a 2026-03-05 Order Updated {"order_id": 2, "revenue": 7}
                """) == ["1", "80"])
    }

    @Test func `a refund without total is its items', their prices from the catalogue, quantity 1, else 0`() throws {
        let order = #"a 2026-03-01 Order Completed {"order_id": 1, "revenue": 60}"# + "\n"
        let products: [JSONValue] = [["product_id": "x", "price": 10]]
        #expect(
            try net(
                order
                    + #"a 2026-03-02 Order Refunded {"order_id": 1, "products": [{"product_id": "x"}, {"product_id": "y"}]}"#,
                products: products) == ["1", "50"])
        #expect(
            try net(
                order + #"a 2026-03-02 Order Refunded {"order_id": 1, "product_id": "x", "quantity": 3}"#,
                products: products) == ["1", "30"])
        #expect(try net(order + #"a 2026-03-02 Order Refunded {"order_id": 1, "products": []}"#) == ["0", "0"])
        #expect(try net(order + #"a 2026-03-02 Order Refunded {"order_id": 1, "total": ""}"#) == ["0", "0"])
    }

    @Test func `orders without an id count as they are, and refunds of orders never completed do nothing`() throws {
        #expect(
            try net(
                """
                a 2026-03-01 Order Completed {"revenue": 5}
                a 2026-03-02 Order Completed {"revenue": 5}
                a 2026-03-03 Order Refunded {"total": 5}
                a 2026-03-03 Order Cancelled
                a 2026-03-03 Order Refunded {"order_id": "9", "total": 5}
                """) == ["2", "10"])
    }

    @Test func `a repeated order counts once, by its first message`() throws {
        #expect(
            try net(
                """
                a 2026-03-02 Order Completed {"order_id": 1, "revenue": 99}
                a 2026-03-01 Order Completed {"order_id": "1", "revenue": 5}
                """) == ["1", "5"])
    }

    @Test func `nets are as of the instant`() throws {
        let story = try Story(
            """
            a 2026-03-01 Order Completed {"order_id": 1, "revenue": 60}
            a 2026-03-10 Order Cancelled {"order_id": 1}
            """)
        #expect(try story.value("net_orders", at: "2026-03-09") == "1")
        #expect(try story.value("net_orders", at: "2026-03-10") == "0")
        #expect(try story.value(#"count("Order Completed")"#, at: "2026-03-10") == "1")
        #expect(try story.members("net_revenue > 0", at: "2026-03-09") == ["a"])
    }
}
