import EventModel
import Testing

@Suite struct RankTests {
    private let ties = """
        a 2026-03-01 A {"x": 5}
        b 2026-03-01 A {"x": 5}
        c 2026-03-01 A {"x": 7}
        d 2026-03-01 A {"x": "9"}
        e 2026-03-01 A
        """

    @Test func `ties go by id, bottom is exactly the reverse, a numeric text is not ranked`() throws {
        let story = try Story(ties)
        let more = "metric m: last(x of \"A\")\nmetric n: last(x of \"A\") + 0"
        #expect(try story.members("m in top 33%", with: more) == ["c"])
        #expect(try story.members("m in top 34%", with: more) == ["a", "c"])
        #expect(try story.members("m in bottom 34%", with: more) == ["a", "b"])
        #expect(try story.members("m in bottom 1%", with: more) == ["b"])
        #expect(try story.members("n in top 1%", with: more) == ["d"])
        #expect(try story.members("m in quintile 1", with: more) == ["b"])
        #expect(try story.members("m in quintile 2", with: more) == ["a"])
        #expect(try story.members("m in quintile 4", with: more) == ["c"])
        #expect(try story.members("not m in top 100%", with: more) == ["d", "e"])
        #expect(try story.members("m in top 0.0001%", with: more) == ["c"])
    }

    @Test func `times and durations are ranked, the population is that of the instant`() throws {
        let story = try Story(
            """
            a 2026-03-01 A
            b 2026-03-02 A
            c 2026-03-12 A
            """)
        let more = "metric l: last(\"A\")\nmetric d: now - last(\"A\")\nsegment late: d < 7 days"
        #expect(try story.members("l in top 50%", with: more) == ["b", "c"])
        #expect(try story.members("l in top 50%", at: "2026-03-05", with: more) == ["b"])
        #expect(try story.members("d in top 50%", with: more) == ["a", "b"])
        #expect(try story.members("l in top 100% of segment late", with: more) == ["c"])
        #expect(try story.members("l in top 100% of segment late", at: "2026-03-02", with: more) == ["a", "b"])
    }

    @Test func `membership by rank in the past is that of the population then`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"x": 5}
            b 2026-03-10 A {"x": 7}
            a 2026-03-12 A {"x": 9}
            """)
        let more = "metric m: last(x of \"A\")\nsegment top: m in top 50%"
        #expect(try story.members("in segment top", with: more) == ["a"])
        #expect(try story.members("was in segment top 4 days ago", with: more) == ["b"])
        #expect(try story.members("was in segment top 6 days ago", with: more) == ["a"])
        #expect(try story.members("left segment top", with: more) == ["a", "b"])
        #expect(try story.members("entered segment top on or after 2026-03-11", with: more) == ["a"])
        #expect(try story.members("in segment top for at least 3 days", with: more) == ["a"])
        #expect(try story.members("in segment top for at least 4 days", with: more) == [])
    }
}
