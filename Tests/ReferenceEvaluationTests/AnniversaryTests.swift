import EventModel
import Testing

@Suite struct AnniversaryTests {
    @Test func `29 February is 28 February in other years`() throws {
        let story = try Story(#"a 2020-01-01 identify {"birthday": "1992-02-29"}"#)
        #expect(try story.members("trait.birthday anniversary today", at: "2026-02-28T12:00") == ["a"])
        #expect(try story.members("trait.birthday anniversary today", at: "2026-03-01T12:00") == [])
        #expect(try story.members("trait.birthday anniversary today", at: "2028-02-28T12:00") == [])
        #expect(try story.members("trait.birthday anniversary today", at: "2028-02-29T12:00") == ["a"])
    }

    @Test func `the day is the profile's, a date is taken as written, a time converted`() throws {
        let story = try Story(
            """
            a 2020-01-01 identify {"birthday": "1990-03-16", "timezone": "Asia/Tokyo"}
            b 2020-01-01 identify {"birthday": "1990-03-15T20:00:00Z", "timezone": "Asia/Tokyo"}
            c 2020-01-01 identify {"birthday": "1990-03-15T20:00:00Z"}
            """)
        #expect(try story.members("trait.birthday anniversary today", at: "2026-03-15T15:00") == ["a", "b", "c"])
        #expect(try story.members("trait.birthday anniversary today", at: "2026-03-15T14:59:59.999") == ["c"])
        #expect(try story.members("trait.birthday anniversary today", at: "2026-03-16T12:00") == ["a", "b"])
    }

    @Test func `next is (now, now + D] and last is (now - D, now] of its first instant`() throws {
        let story = try Story(#"a 2020-01-01 identify {"birthday": "1990-03-15"}"#)
        #expect(try story.members("trait.birthday anniversary in next 1 days", at: "2026-03-14T00:00") == ["a"])
        #expect(try story.members("trait.birthday anniversary in next 1 days", at: "2026-03-13T23:59:59.999") == [])
        #expect(try story.members("trait.birthday anniversary in next 1 days", at: "2026-03-15T00:00") == [])
        #expect(try story.members("trait.birthday anniversary in last 1 days", at: "2026-03-15T00:00") == ["a"])
        #expect(try story.members("trait.birthday anniversary in last 1 days", at: "2026-03-16T00:00") == [])
        #expect(try story.members("trait.birthday anniversary in last 2 years", at: "2026-03-14T00:00") == ["a"])
    }

    @Test func `only years after the date's own count, also for days, literals and properties`() throws {
        let story = try Story(
            """
            a 2025-03-15T10:00 A {"when": "2025-03-15"}
            b 2026-03-15T10:00 A {"when": "2026-03-15"}
            """)
        #expect(try story.members(#"date(first("A")) anniversary today"#) == ["a"])
        #expect(try story.members(#"did "A" where when anniversary today"#) == ["a"])
        #expect(try story.members("2024-03-15 anniversary today") == ["a", "b"])
    }
}
