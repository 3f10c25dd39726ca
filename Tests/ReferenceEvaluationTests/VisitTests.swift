import EventModel
import Testing

@Suite struct VisitTests {
    @Test func `a visit has its first event's properties and context, and its figures`() throws {
        let story = try Story(
            """
            a 2026-03-01T10:00 Product Viewed {"product_id": "1", "category": "shoes", "context": {"page": {"path": "/"}}}
            a 2026-03-01T10:30 page {"category": "hats"}
            a 2026-03-01T10:40:00.500 Cart Viewed
            a 2026-03-01T10:50 Order Completed
            b 2026-03-01T10:00 page {"events": 9, "duration": 9}
            """)
        #expect(try story.members(#"did visit where category = "shoes""#) == ["a"])
        #expect(try story.members(#"did visit where category = "hats""#) == [])
        #expect(try story.members(#"did visit where context.page.path = "/""#) == ["a"])
        #expect(try story.members("did visit where events = 3") == ["a"])
        #expect(try story.members("did visit where duration = 2400.5") == ["a"])
        #expect(try story.members("did visit where (events = 1 and duration = 0)") == ["b"])
        #expect(try story.members("did visit where products.product_id exists") == ["a"])
        #expect(try story.value("sum(duration of visit)") == "2400.5")
        #expect(try story.value("last(visit)") == #""2026-03-01T10:00:00.000Z""#)
    }

    @Test func `other events belong to a visit by the time alone, up to 30 minutes after its last event`() throws {
        let story = try Story(
            """
            a 2026-03-01T10:00 Order Completed {"n": "at the first, but before it"}
            a 2026-03-01T10:00 page
            a 2026-03-01T10:30 Order Completed {"n": "at the end of the span"}
            b 2026-03-01T10:00 page
            b 2026-03-01T10:30:00.001 Order Completed
            b 2026-03-01T09:59:59.999 Order Completed
            """)
        #expect(try story.value(#"visits("Order Completed")"#) == "1")
        #expect(try story.value(#"visits("Order Completed")"#, of: "b") == "0")
        #expect(try story.members(#"did "Order Completed" in at least 1 visits"#) == ["a"])
    }

    @Test func `visits are formed from what is visible`() throws {
        let story = try Story(
            """
            a 2026-03-01T10:00 page
            a 2026-03-01T10:30 page
            a 2026-03-01T10:59 page
            """)
        #expect(try story.value("maximum(events of visit)", at: "2026-03-01T10:30") == "2")
        #expect(try story.value("maximum(events of visit)", at: "2026-03-01T10:29") == "1")
        #expect(try story.value("count(visit)") == "1")
    }

    @Test func `any event and patterns never mean visits`() throws {
        let story = try Story("a 2026-03-01T10:00 page")
        #expect(try story.value("count(any event)") == "1")
        #expect(try story.value(#"count(events like "*")"#) == "1")
        #expect(try story.value("count(visit)") == "1")
    }

    @Test func `a visit stands in history where its first event stands`() throws {
        let story = try Story(
            """
            a 2026-03-01T10:00 page
            a 2026-03-01T10:10 page
            """)
        #expect(try story.members(#"did "Page Viewed" exactly 1 times since last visit"#) == ["a"])
        #expect(try story.members(#"did visit since first "Page Viewed""#) == [])
        #expect(try story.members(#"sequence(visit then "Page Viewed", within 1 hours)"#) == ["a"])
        #expect(try story.members("did visit within 1 days after first visit") == [])
    }

    @Test func `a visit lies in a window by its first event`() throws {
        let story = try Story(
            """
            a 2026-03-15T11:00 page
            a 2026-03-15T11:20 page
            """)
        #expect(try story.members("did visit in last 1 hours") == [])
        #expect(try story.members("did visit in last 3601 seconds") == ["a"])
    }
}
