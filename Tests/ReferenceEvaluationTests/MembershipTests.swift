import EventModel
import ReferenceEvaluation
import Testing

@Suite struct MembershipTests {
    private let recent = "segment recent: did \"A\" in last 7 days"

    @Test func `a member from its first message enters then`() throws {
        let story = try Story(
            """
            a 2026-03-10 A
            b 2026-03-01 B
            b 2026-03-10 A
            """)
        #expect(try story.members("entered segment recent", at: "2026-03-10", with: recent) == ["a", "b"])
        let inactive = "segment inactive: did not \"A\" in last 7 days"
        #expect(try story.members("entered segment inactive", at: "2026-03-10", with: inactive) == ["b"])
        #expect(try story.members("left segment inactive", at: "2026-03-10", with: inactive) == ["b"])
        #expect(
            try story.members("entered segment inactive in last 1 days", at: "2026-03-17", with: inactive) == [
                "a", "b",
            ])
        #expect(
            try story.members("entered segment inactive in last 1 days", at: "2026-03-16T23:59:59.999", with: inactive)
                == [])
    }

    @Test func `leaving happens when the clock says so, and the window looks at that instant`() throws {
        let story = try Story("a 2026-03-01T12:00 A")
        #expect(try story.members("left segment recent in last 7 days", at: "2026-03-08T12:00", with: recent) == ["a"])
        #expect(
            try story.members("left segment recent in last 7 days", at: "2026-03-08T11:59:59.999", with: recent) == [])
        #expect(
            try story.members("left segment recent in last 7 days", at: "2026-03-15T11:59:59.999", with: recent)
                == ["a"])
        #expect(try story.members("left segment recent in last 7 days", at: "2026-03-15T12:00", with: recent) == [])
        #expect(try story.members("left segment recent before 2026-03-08T12:00:00.001Z", with: recent) == ["a"])
        #expect(try story.members("left segment recent before 2026-03-08T12:00:00Z", with: recent) == [])
    }

    @Test func `with event windows changes count by time, strictly after the event's`() throws {
        let story = try Story(
            """
            a 2026-03-01T12:00 A
            a 2026-03-01T12:00 B
            b 2026-03-01T12:00 B
            b 2026-03-01T12:00 A
            c 2026-03-01T12:00 B
            c 2026-03-01T12:00:00.001 A
            d 2026-03-01T12:00 A
            """)
        #expect(try story.members(#"entered segment recent since last "B""#, with: recent) == ["c", "d"])
        #expect(try story.members(#"entered segment recent before first "B""#, with: recent) == ["d"])
        #expect(try story.members(#"left segment recent within 7 days after last "B""#, with: recent) == ["a", "b"])
    }

    @Test func `for at least needs every instant, both ends included`() throws {
        let story = try Story(
            """
            a 2026-03-01T12:00 A
            a 2026-03-08T11:59:59.999 A
            b 2026-03-01T12:00 A
            b 2026-03-08T12:00 A
            c 2026-03-01T12:00 A
            c 2026-03-08T12:00:00.001 A
            """, now: "2026-03-10T12:00")
        #expect(try story.members("in segment recent for at least 9 days", with: recent) == ["a", "b"])
        #expect(try story.members("in segment recent for at least 216001 seconds", with: recent) == ["a", "b"])
        #expect(try story.members("in segment recent for at least 777601 seconds", with: recent) == [])
        #expect(try story.members("in segment recent for at least 1 days", with: recent) == ["a", "b", "c"])
    }

    @Test func `questions about the past may ask about the past themselves`() throws {
        let story = try Story("a 2026-03-01T12:00 A")
        let more = recent + "\nsegment lapsing: left segment recent in last 3 days"
        #expect(try story.members("in segment lapsing", at: "2026-03-08T12:00", with: more) == ["a"])
        #expect(try story.members("in segment lapsing", at: "2026-03-11T12:00", with: more) == [])
        #expect(try story.members("was in segment lapsing 4 days ago", at: "2026-03-12T12:00", with: more) == ["a"])
        #expect(try story.members("was in segment lapsing 4 days ago", at: "2026-03-15T12:00", with: more) == [])
        #expect(try story.members("left segment lapsing in last 1 days", at: "2026-03-11T12:00", with: more) == ["a"])
        #expect(
            try story.members("in segment lapsing for at least 2 days", at: "2026-03-10T12:00", with: more) == ["a"])
        #expect(
            try story.members("in segment lapsing for at least 2 days", at: "2026-03-10T11:59:59.999", with: more)
                == [])
    }

    @Test func `the past sees traits and orders of then`() throws {
        let story = try Story(
            """
            a 2026-03-01 identify {"tier": "gold"}
            a 2026-03-05 identify {"tier": "free"}
            """)
        let gold = "segment gold: trait.tier = \"gold\""
        #expect(try story.members("was in segment gold 11 days ago", at: "2026-03-15", with: gold) == ["a"])
        #expect(try story.members("was in segment gold 10 days ago", at: "2026-03-15", with: gold) == [])
        #expect(try story.members("was in segment gold 15 days ago", at: "2026-03-15", with: gold) == [])
        #expect(try story.members("not was in segment gold 15 days ago", at: "2026-03-15", with: gold) == ["a"])
    }

    @Test(arguments: [
        ("now - last(\"A\") > 3 days", "2026-03-04T12:00:00.001Z"),
        ("(now - last(\"A\")) / 1 days >= 3", "2026-03-04T12:00:00.000Z"),
        ("2 / ((now - last(\"A\")) / 1 days) < 1", "2026-03-03T12:00:00.001Z"),
        ("last(\"A\") < 1 hours ago", "2026-03-01T13:00:00.001Z"),
        ("trait.renewal < 2 days from now", "2026-03-18T00:00:00.001Z"),
        ("trait.renewal <= now", "2026-03-20T00:00:00.000Z"),
        ("date(now) > 2026-03-05", "2026-03-06T00:00:00.000Z"), ("weekday(now) = monday", "2026-03-02T00:00:00.000Z"),
        ("hour(now) >= 22", "2026-03-01T22:00:00.000Z"), ("month(now + 1 days) = 4", "2026-03-31T00:00:00.000Z"),
        ("did \"A\" where time < 36 hours ago", "2026-03-03T00:00:00.001Z"),
        ("trait.renewal anniversary today", "2027-03-19T15:00:00.000Z"),
        ("trait.renewal anniversary in next 1 days", "2027-03-18T15:00:00.000Z"),
        ("did \"A\" yesterday", "2026-03-02T00:00:00.000Z"),
        ("did \"A\" last month", "2026-04-01T00:00:00.000Z"),
        ("now = 2026-03-09T10:00:00.007Z", "2026-03-09T10:00:00.007Z"),
        ("sequence(\"A\" then not \"B\", within 5 days)", "2026-03-06T12:00:00.000Z"),
        ("not did \"A\" in at least 1 of last 2 weeks", "2026-03-15T12:00:00.000Z"),
        ("age > 4 days", "2026-03-05T12:00:00.001Z"), ("local_hour(now) = 9", "2026-03-02T00:00:00.000Z"),
    ])
    func `entering by the clock alone is found to the millisecond`(condition: String, instant: String) throws {
        let story = try Story(
            """
            a 2026-03-01T12:00 A
            a 2026-03-01T12:00 identify {"renewal": "2026-03-20", "timezone": "Asia/Tokyo"}
            """, now: "2027-06-01")
        let evaluator = try story.evaluator("metric age: now - profile.created\nsegment s: \(condition)")
        let changes = evaluator.changes(of: "s", profile: "a", through: story.now)
        #expect(changes.first?.isMember == true)
        #expect(changes.first?.instant.iso8601 == instant)
    }
}
