import EventModel
import Testing

@Suite struct SequenceTests {
    @Test func `a not between two steps forbids what lies strictly between the chosen events`() throws {
        let story = try Story(
            """
            a 2026-03-01 A
            a 2026-03-02 C
            a 2026-03-03 B
            b 2026-03-01 A
            b 2026-03-02 C
            b 2026-03-03 A
            b 2026-03-04 B
            c 2026-03-01 C
            c 2026-03-01 A
            c 2026-03-02 B
            c 2026-03-02 C
            """)
        #expect(try story.members(#"sequence("A" then not "C" then "B", within 30 days)"#) == ["b", "c"])
    }

    @Test func `not steps between different pairs are told apart`() throws {
        let story = try Story(
            """
            a 2026-03-01 A
            a 2026-03-02 B
            a 2026-03-03 X
            a 2026-03-04 C
            b 2026-03-01 A
            b 2026-03-02 X
            b 2026-03-03 B
            b 2026-03-04 C
            """)
        #expect(try story.members(#"sequence("A" then not "X" then "B" then "C", within 30 days)"#) == ["a"])
        #expect(try story.members(#"sequence("A" then "B" then not "X" then "C", within 30 days)"#) == ["b"])
    }

    @Test func `an event that both is the step and is forbidden may still be chosen`() throws {
        let story = try Story(
            """
            a 2026-03-01 A
            a 2026-03-02 A
            a 2026-03-03 A
            """)
        #expect(try story.members(#"sequence("A" then not "A" then "A", within 1 days)"#) == ["a"])
        #expect(try story.members(#"sequence("A" then not "A" then "A", within 30 days) at least 2 times"#) == [])
    }

    @Test func `a trailing not can look further than the sequence itself`() throws {
        let story = try Story(
            """
            a 2026-03-01 A
            a 2026-03-02 B
            b 2026-03-01 A
            b 2026-03-02 B
            b 2026-03-09 C
            c 2026-03-01 A
            c 2026-03-02 B
            c 2026-03-09T00:00:00.001 C
            """)
        let sequence = #"sequence("A" then "B" then not "C" within 7 days, within 1 days)"#
        #expect(try story.members(sequence) == ["a", "c"])
        #expect(try story.members(sequence, at: "2026-03-08T23:59:59.999") == [])
        #expect(try story.members(sequence, at: "2026-03-09") == ["a", "c"])
    }

    @Test func `one step needs no length when every trailing not has its own`() throws {
        let story = try Story(
            """
            a 2026-03-01 A
            b 2026-03-01 A
            b 2026-03-02 B
            """)
        #expect(try story.members(#"sequence("A" then not "B" within 1 days)"#) == ["a"])
        #expect(
            try story.members(#"sequence("A" then not "B" within 2 hours then not "C" within 3 hours)"#) == ["a", "b"])
    }

    @Test func `counting goes on strictly after the end of the chain that ends first`() throws {
        let story = try Story(
            """
            a 2026-03-01 A
            a 2026-03-02 A
            a 2026-03-03 B
            a 2026-03-04 B
            a 2026-03-05 A
            a 2026-03-06 B
            """)
        #expect(try story.members(#"sequence("A" then "B", within 30 days) exactly 2 times"#) == ["a"])
        #expect(try story.members(#"sequence("A" then "A", within 30 days) exactly 1 times"#) == ["a"])
        #expect(try story.members(#"sequence("A" then "B", within 1 days) exactly 2 times"#) == ["a"])
        #expect(try story.members(#"sequence("A" then "C", within 1 days) exactly 0 times"#) == ["a"])
    }

    @Test func `the window is asked of the first event only`() throws {
        let story = try Story(
            """
            a 2026-03-08T12:00 A
            a 2026-03-09 B
            b 2026-03-08T12:00:00.001 A
            b 2026-03-09 B
            """)
        #expect(try story.members(#"sequence("A" then "B", within 30 days) in last 7 days"#) == ["b"])
        #expect(try story.members(#"sequence("A" then "B", within 30 days) before 2026-03-09"#) == ["a", "b"])
    }

    @Test func `the same value may be any item's, and a not step counts only with it`() throws {
        let story = try Story(
            """
            a 2026-03-01 Product Viewed {"product_id": 1}
            a 2026-03-02 Order Completed {"products": [{"product_id": 2}, {"product_id": "1"}]}
            b 2026-03-01 Product Viewed {"product_id": 1}
            b 2026-03-02 Order Completed {"products": [{"product_id": 2}]}
            c 2026-03-01 Product Added {"product_id": 1}
            c 2026-03-02 Product Added {"product_id": 2}
            c 2026-03-03 Order Completed {"products": [{"product_id": 2}]}
            d 2026-03-01 Product Added {"product_id": 2}
            d 2026-03-03 Order Completed {"products": [{"product_id": 2}]}
            """)
        #expect(
            try story.members(#"sequence("Product Viewed" then "Order Completed", within 7 days, same product_id)"#)
                == ["a"])
        #expect(
            try story.members(
                #"sequence("Product Viewed" then "Order Completed", within 7 days, same products.product_id)"#) == ["a"]
        )
        #expect(
            try story.members(
                #"sequence("Product Added" then not "Order Completed", within 7 days, same product_id)"#) == ["c"])
    }

    @Test func `counting with a same value is one pass over all values`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"x": 1}
            a 2026-03-02 A {"x": 2}
            a 2026-03-03 B {"x": 1}
            a 2026-03-04 B {"x": 2}
            """)
        #expect(try story.members(#"sequence("A" then "B", within 30 days, same x) exactly 1 times"#) == ["a"])
    }

    @Test func `a filter takes one term in each step`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"x": 1}
            a 2026-03-02 B {"x": 2}
            b 2026-03-01 A {"x": 2}
            b 2026-03-02 B {"x": 2}
            """)
        #expect(
            try story.members(#"sequence("A" where x = 1 then "B" where (x > 1 and x < 3), within 7 days)"#) == ["a"])
    }
}
