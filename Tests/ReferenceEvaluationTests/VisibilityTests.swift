import EventModel
import Testing

@Suite struct VisibilityTests {
    @Test func `a trait set to null is unset, and a later value of it is not seen yet`() throws {
        let story = try Story(
            """
            a 2026-03-01 identify {"tier": "gold", "address": {"city": "Bern"}}
            a 2026-03-02 identify {"tier": null}
            a 2026-03-20 identify {"tier": "free"}
            """)
        #expect(try story.members("trait.tier exists") == [])
        #expect(try story.members("trait.tier exists", at: "2026-03-01") == ["a"])
        #expect(try story.members(#"trait.tier = "free""#, at: "2026-03-20") == ["a"])
        #expect(try story.members(#"trait.address.city = "Bern""#) == ["a"])
    }

    @Test func `a trait is replaced as a whole`() throws {
        let story = try Story(
            """
            a 2026-03-01 identify {"address": {"city": "Bern", "zip": "3000"}}
            a 2026-03-02 identify {"address": {"city": "Thun"}}
            """)
        #expect(try story.members("trait.address.zip exists") == [])
    }

    @Test func `identify calls of one millisecond count in the order of arrival, whenever they arrive`() throws {
        let story = try Story(
            """
            a 2026-03-02 identify {"tier": "late"}
            a 2026-03-01 identify {"tier": "early"}
            b 2026-03-01 identify {"tier": "one"}
            b 2026-03-01 identify {"tier": "two"}
            """)
        #expect(try story.value("trait.tier") == #""late""#)
        #expect(try story.value("trait.tier", of: "b") == #""two""#)
    }

    @Test func `only track, page, screen and identify make a profile exist`() throws {
        let story = try Story(
            """
            a 2026-03-01 identify
            b 2026-03-01 alias {"previousId": "n"}
            c 2026-03-01 screen
            """)
        #expect(try story.members(#"did not "X""#) == ["a", "c"])
        #expect(try story.value("profile.created") == #""2026-03-01T00:00:00.000Z""#)
        #expect(try story.members("did any event") == ["c"])
        #expect(try story.members(#"did "Screen Viewed""#) == ["c"])
    }

    @Test func `a repeated message id counts once, the first to arrive`() throws {
        let story = try Story(
            """
            a 2026-03-02 A {"messageId": "x", "n": 1}
            a 2026-03-01 A {"messageId": "x", "n": 2}
            """)
        #expect(try story.value(#"list(n of "A")"#) == "[1]")
    }

    @Test func `of two orders with one id the first visible counts, also as of an instant between them`() throws {
        let story = try Story(
            """
            a 2026-03-02 Order Completed {"order_id": 7, "revenue": 10}
            a 2026-03-01 Order Completed {"order_id": "7", "revenue": 20}
            b 2026-03-01 Order Completed {"order_id": "7", "revenue": 1}
            a 2026-03-03 Order Completed {"order_id": "7.0", "revenue": 5}
            """)
        #expect(try story.value(#"sum(revenue of "Order Completed")"#) == "25")
        #expect(try story.value(#"sum(revenue of "Order Completed")"#, at: "2026-03-01") == "20")
        #expect(try story.value("count(any event)") == "2")
    }

    @Test func `an anonymous id belongs to the user it occurs with, the earliest one of several`() throws {
        let story = try Story(
            """
            ~n 2026-03-01 A
            u2~n 2026-03-05 A
            u1~n 2026-03-04 A
            ~m 2026-03-01 A
            """)
        #expect(try story.members(#"did "A" exactly 2 times"#) == ["u1"])
        #expect(try story.members(#"did "A" exactly 1 times"#) == ["m", "u2"])
    }

    @Test func `an alias links its previous id unless that is a user of its own`() throws {
        let story = try Story(
            """
            ~n 2026-03-01 A
            u 2026-03-02 alias {"previousId": "n"}
            old 2026-03-01 B
            u 2026-03-02 alias {"previousId": "old"}
            u 2026-03-02 C
            """)
        #expect(try story.members(#"did "A""#) == ["u"])
        #expect(try story.members(#"did "B""#) == ["old"])
    }

    @Test func `what the past looked like is told with the links of today`() throws {
        let story = try Story(
            """
            ~n 2026-03-01 A
            u~n 2026-03-10 B
            """)
        #expect(try story.members(#"did "A""#, at: "2026-03-02") == ["u"])
    }
}
