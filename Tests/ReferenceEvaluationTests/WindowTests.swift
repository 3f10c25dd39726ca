import EventModel
import Testing

@Suite struct WindowTests {
    @Test func `since last with a filter looks from that event on, without one at all history`() throws {
        let story = try Story(
            """
            a 2026-03-01 A
            a 2026-03-02 B {"x": 1}
            a 2026-03-03 B {"x": 2}
            b 2026-03-01 A
            b 2026-03-03 B {"x": 2}
            """)
        #expect(try story.members(#"did "A" since last "B" where x = 1"#) == ["b"])
        #expect(try story.members(#"did "B" since last "B" where x = 1"#) == ["a", "b"])
        #expect(try story.members(#"did "B" since first "B""#) == ["a"])
    }

    @Test func `within after ends at that event's time and the length, and needs the event`() throws {
        let story = try Story(
            """
            a 2026-03-01T00:00 A
            a 2026-03-02T00:00 B
            b 2026-03-01T00:00 A
            b 2026-03-02T00:00:00.001 B
            c 2026-03-02 B
            """)
        #expect(try story.members(#"did "B" within 1 days after last "A""#) == ["a"])
        #expect(try story.members(#"did not "B" within 1 days after first "A""#) == ["b", "c"])
    }

    @Test(arguments: [
        ("today", ["c", "d"]), ("yesterday", ["b"]), ("this week", ["b", "c", "d"]), ("this month", ["b", "c", "d"]),
        ("last month", ["a"]), ("last year", []),
    ])
    func `calendar windows follow the zone on a day of 23 hours`(window: String, expected: [String]) throws {
        // Berlin, Sunday 29 March 2026: from 23:00Z the day before to 22:00Z.
        let story = try Story(
            """
            a 2026-02-28T22:59:59.999 A
            b 2026-03-28T22:59:59.999 A
            c 2026-03-28T23:00 A
            d 2026-03-29T21:59:59.999 A
            e 2026-03-29T22:00 A
            """, now: "2026-03-29T21:59:59.999", zone: "Europe/Berlin")
        #expect(try story.members(#"did "A" \#(window)"#) == expected)
    }

    @Test func `a date in a window is the first instant of its day in the workspace zone`() throws {
        let story = try Story(
            """
            a 2026-03-29T03:59:59.999 A
            b 2026-03-29T04:00 A
            """, now: "2026-04-15T12:00", zone: "America/New_York")
        #expect(try story.members(#"did "A" before 2026-03-29"#) == ["a"])
        #expect(try story.members(#"did "A" on or after 2026-03-29T00:00"#) == ["b"])
    }

    @Test func `periods end at now and each is counted once`() throws {
        let story = try Story(
            """
            a 2026-03-15T12:00 A
            a 2026-03-08T12:00 A
            a 2026-03-01T12:00 A
            """)
        #expect(try story.members(#"did "A" in at least 3 of last 3 weeks"#) == ["a"])
        #expect(try story.members(#"did "A" in at least 3 of last 3 weeks"#, at: "2026-03-15T11:59:59.999") == [])
        #expect(try story.members(#"did "A" in at least 1 of last 1 months"#) == ["a"])
    }

    @Test func `a window longer than all time is all time`() throws {
        let story = try Story("a 1970-01-01 A")
        #expect(try story.members(#"did "A" in last 90000 years"#) == ["a"])
        #expect(try story.members(#"did "A" before 90000 years ago"#) == [])
    }
}
