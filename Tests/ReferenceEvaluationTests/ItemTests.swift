import EventModel
import Testing

@Suite struct ItemTests {
    @Test func `several item paths in one comparison speak of the same item`() throws {
        let story = try Story(
            """
            a 2026-03-01 Order Completed {"products": [{"price": 5, "cost": 9}, {"price": 3, "cost": 2}]}
            b 2026-03-01 Order Completed {"products": [{"price": 5, "cost": 9}, {"price": 3}]}
            """)
        #expect(try story.members(#"did "Order Completed" where products.price > products.cost"#) == ["a"])
        #expect(try story.members(#"did "Order Completed" where products.price between 4 and 5"#) == ["a", "b"])
        #expect(
            try story.members(#"did "Order Completed" where products.price * 2 > products.cost + 1"#) == ["a"])
    }

    @Test func `exists and not exists of an item path mean any item`() throws {
        let story = try Story(
            """
            a 2026-03-01 Order Completed {"products": [{"price": 5}, {"name": "x"}]}
            b 2026-03-01 Order Completed {"products": [{"price": 5}]}
            c 2026-03-01 Order Completed {"products": [{"name": "x"}]}
            d 2026-03-01 Order Completed {"products": []}
            e 2026-03-01 Order Completed
            """)
        #expect(try story.members(#"did "Order Completed" where products.price exists"#) == ["a", "b"])
        #expect(try story.members(#"did "Order Completed" where products.price not exists"#) == ["a", "c"])
        #expect(try story.members(#"did "Order Completed" where not products.price exists"#) == ["c", "d", "e"])
    }

    @Test func `in, not in and text operators of an item path mean any item`() throws {
        let story = try Story(
            """
            a 2026-03-01 Order Completed {"products": [{"category": "shoes"}, {"category": "hats"}]}
            b 2026-03-01 Order Completed {"products": [{"category": "shoes"}]}
            """)
        #expect(try story.members(#"did "Order Completed" where products.category not in ("shoes")"#) == ["a"])
        #expect(
            try story.members(#"did "Order Completed" where products.category starts with "h""#) == ["a"])
    }

    @Test func `every item needs an item and sees the event's other paths`() throws {
        let story = try Story(
            """
            a 2026-03-01 Order Completed {"limit": 10, "products": [{"price": 5}, {"price": 9}]}
            b 2026-03-01 Order Completed {"limit": 8, "products": [{"price": 5}, {"price": 9}]}
            c 2026-03-01 Order Completed {"limit": 8, "products": []}
            d 2026-03-01 Order Completed {"limit": 8, "products": [{"price": 5}, {}]}
            """)
        #expect(try story.members(#"did "Order Completed" where every item (products.price < limit)"#) == ["a"])
        #expect(
            try story.members(#"did "Order Completed" where not every item (products.price < limit)"#)
                == ["b", "c", "d"])
        #expect(
            try story.members(#"did "Order Completed" where any item (products.price < limit and limit = 8)"#)
                == ["b", "d"])
    }

    @Test func `products that are null leave the event its own item, an empty list or no list does not`() throws {
        let story = try Story(
            """
            a 2026-03-01 X {"product_id": "1", "price": 5, "products": null}
            b 2026-03-01 X {"product_id": "1", "price": 5, "products": []}
            c 2026-03-01 X {"product_id": "1", "price": 5, "products": "none"}
            d 2026-03-01 X {"product_id": "1", "price": 5}
            e 2026-03-01 X {"product_id": null, "price": 5}
            f 2026-03-01 X {"products": [1, {"price": 5}, null]}
            """)
        #expect(try story.members(#"did "X" where products.price = 5"#) == ["a", "d", "f"])
        #expect(try story.members(#"did "X" where products exists"#) == ["b", "c", "f"])
    }

    @Test func `the catalogue fills what an event or an item lacks, by its own product id`() throws {
        let products: [JSONValue] = [
            ["product_id": 17, "price": 10, "brand": "Acme", "nested": ["a": 1]], ["product_id": "2", "price": .null],
        ]
        let story = try Story(
            """
            a 2026-03-01 X {"product_id": "17"}
            b 2026-03-01 X {"product_id": 17, "price": null}
            c 2026-03-01 X {"product_id": "017"}
            d 2026-03-01 X {"product_id": "17", "products": [{"price": 3}, {"product_id": 17}]}
            e 2026-03-01 X {"product_id": "2"}
            """, products: products)
        #expect(try story.members(#"did "X" where price = 10"#) == ["a", "b", "d"])
        #expect(try story.members(#"did "X" where products.price = 10"#) == ["a", "b", "d"])
        #expect(try story.members(#"did "X" where nested.a = 1"#) == ["a", "b", "d"])
        #expect(try story.value(#"list(products.price of "X")"#, of: "d") == "[10,3]")
        #expect(try story.members(#"did "X" where context.brand exists"#) == [])
    }

    @Test func `first and last of an item path take the first item that has it`() throws {
        let story = try Story(
            """
            a 2026-03-01 X {"products": [{}, {"n": 2}, {"n": 3}]}
            a 2026-03-02 X {"products": [{"n": 4}, {"n": 5}]}
            b 2026-03-01 X {"products": [{"n": 1}]}
            b 2026-03-02 X {"products": [{}]}
            """)
        #expect(try story.value(#"first(products.n of "X")"#) == "2")
        #expect(try story.value(#"last(products.n of "X")"#) == "4")
        #expect(try story.value(#"last(products.n of "X")"#, of: "b") == "null")
        #expect(try story.value(#"average(products.n of "X")"#) == "3.5")
    }
}
