import EventModel
import Testing

@Suite struct GroupTests {
    @Test func `items without the property show only where the event's own value is the group's`() throws {
        let story = try Story(
            """
            a 2026-03-01 X {"category": "own", "products": [{"price": 1}, {"category": "own", "price": 2}, {"category": "other", "price": 4}]}
            """)
        #expect(try story.members(#"for some category: sum(products.price of "X") = 3"#) == ["a"])
        #expect(try story.members(#"for some category: sum(products.price of "X") = 4"#) == ["a"])
        #expect(try story.members(#"for some category: sum(products.price of "X") = 7"#) == [])
        #expect(try story.members(#"for at least 2 category: did "X""#) == ["a"])
        #expect(try story.members(#"for at least 3 category: did "X""#) == [])
        #expect(try story.members(#"for some products.category: sum(products.price of "X") = 2"#) == ["a"])
        #expect(try story.members(#"for some products.category: sum(products.price of "X") = 3"#) == [])
    }

    @Test func `every needs a group, and at least none holds without one`() throws {
        let story = try Story(
            """
            a 2026-03-01 X {"category": "p"}
            a 2026-03-02 X {"category": "q"}
            a 2026-03-02 Y {"category": "q"}
            b 2026-03-01 X
            b 2026-03-01 X {"category": ["p"]}
            c 2026-03-01 X {"category": 17}
            c 2026-03-01 Y {"category": "17"}
            """)
        #expect(try story.members(#"for every category: did "X""#) == ["a", "c"])
        #expect(try story.members(#"for every category: did "Y""#) == ["c"])
        #expect(try story.members(#"for some category: did not "Y""#) == ["a"])
        #expect(try story.members(#"for some category: (did "X" and did "Y")"#) == ["a", "c"])
    }

    @Test func `windows in a group are measured from the group's events`() throws {
        let story = try Story(
            """
            a 2026-03-01 X {"category": "p"}
            a 2026-03-02 Y {"category": "p"}
            a 2026-03-03 X {"category": "q"}
            """)
        #expect(try story.members(#"for some category: did "Y" since last "X""#) == ["a"])
        #expect(try story.members(#"did "Y" since last "X""#) == [])
    }

    @Test func `groups in groups narrow further`() throws {
        let story = try Story(
            """
            a 2026-03-01 X {"products": [{"category": "p", "brand": "k", "n": 1}, {"category": "p", "brand": "l", "n": 2}, {"category": "q", "brand": "k", "n": 4}]}
            """)
        #expect(try story.members(#"for some category: for some brand: sum(products.n of "X") = 2"#) == ["a"])
        #expect(try story.members(#"for some category: for some brand: sum(products.n of "X") = 5"#) == [])
        #expect(try story.members(#"for some category: for at least 2 brand: did "X""#) == ["a"])
        #expect(try story.members(#"for every category: for at least 2 brand: did "X""#) == [])
    }

    @Test func `a visit shows by its own properties, and is formed from the whole history`() throws {
        let story = try Story(
            """
            a 2026-03-01T10:00 Product Viewed {"category": "p"}
            a 2026-03-01T10:20 page
            a 2026-03-01T10:40 Product Viewed {"category": "q"}
            a 2026-03-01T10:50 Product Viewed {"category": "p"}
            b 2026-03-01T10:00 Cart Viewed {"products": [{"category": "p"}]}
            """)
        #expect(try story.members("for some category: did visit where events = 4") == ["a"])
        #expect(try story.members("for every category: did visit") == [])
        #expect(try story.members("for some products.category: did visit") == [])
        #expect(
            try story.members(
                #"for some category: (did "Product Viewed" at least 2 times and visits("Product Viewed") = 1)"#)
                == ["a"])
    }

    @Test func `traits, cart, metrics, segments and the first message are the profile's in every group`() throws {
        let story = try Story(
            """
            a 2026-03-01 identify {"tier": "gold"}
            a 2026-03-02 Product Added {"product_id": 1, "category": "p", "price": 3}
            a 2026-03-03 Product Added {"product_id": 2, "category": "q", "price": 4}
            """)
        let more = "metric adds: count(\"Product Added\")\nsegment two: adds = 2"
        #expect(
            try story.members(
                """
                for every category: (trait.tier = "gold" and cart.value = 7 and adds = 2 and in segment two
                  and profile.created = 2026-03-01 and count("Product Added") = 1)
                """, with: more) == ["a"])
    }

    @Test func `a group by the catalogue's property`() throws {
        let story = try Story(
            """
            a 2026-03-01 X {"product_id": 1}
            a 2026-03-02 Order Completed {"products": [{"product_id": "1", "n": 1}, {"product_id": "2", "n": 2}]}
            """, products: [["product_id": 1, "category": "p"], ["product_id": 2, "category": "q"]])
        #expect(
            try story.members(#"for some category: (did "X" and sum(products.n of "Order Completed") = 1)"#) == ["a"])
    }

    @Test func `a group by context has all items of its events`() throws {
        let story = try Story(
            """
            a 2026-03-01 X {"context": {"campaign": {"source": "mail"}}, "products": [{"n": 1}, {"n": 2}]}
            a 2026-03-01 X {"products": [{"n": 4}]}
            """)
        #expect(try story.members(#"for every context.campaign.source: sum(products.n of "X") = 3"#) == ["a"])
    }
}
