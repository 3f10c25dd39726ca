import EventModel
import ReferenceEvaluation
import TestSupport
import Testing

/// What the walk from change to change finds, against a look at every single millisecond.
@Suite struct TimelineTests {
    /// Definitions with lengths of a few milliseconds, so that all of a history fits a look at each one.
    private static let definitions = """
        metric m: count("A" in last 0.007 seconds)
        metric d: now - last("A")
        metric half: (now - first("A")) / 2
        metric ratio: (now - first("A")) / (now - last("B"))
        metric worth: sum(x of "A" in last 0.011 seconds)
        segment s1: did "A" in last 0.01 seconds
        segment s2: did "A" from 0.02 seconds ago to 0.005 seconds ago and not did "B" in last 0.003 seconds
        segment s3: did "A" at least 2 times before 0.012 seconds ago
        segment s4: sequence("A" then not "B", within 0.009 seconds) at least 2 times
        segment s5: sequence("A" then "B" then not "A" within 0.015 seconds, within 0.02 seconds)
        segment s6: did "A" where time between 0.015 seconds ago and 0.004 seconds ago
        segment s7: did "A" where when between now and 0.006 seconds from now
        segment s8: d > 0.004 seconds and d <= 0.013 seconds
        segment s9: d = 0.008 seconds or half between 0.003 seconds and 0.01 seconds
        segment s10: ratio > 2
        segment s11: was in segment s1 0.013 seconds ago
        segment s12: in segment s1 for at least 0.012 seconds
        segment s13: entered segment s2 in last 0.017 seconds
        segment s14: left segment s12 from 0.03 seconds ago to 0.01 seconds ago
        segment s15: entered segment s1 since last "B" and not in segment s8
        segment s16: m in top 50%
        segment s17: d in bottom 40% of segment s1
        segment s18: worth in quintile 5
        segment s19: in segment s16 for at least 0.006 seconds
        segment s20: left segment s17 in last 0.02 seconds
        segment s21: for some x: did "A" at least 2 times in last 0.02 seconds
        segment s22: every "A" in last 0.014 seconds has (x > 1 or when < now)
        segment s23: did "B" since last "A" where time < 0.01 seconds ago
        segment s24: trait.renewal < now
        segment s25: trait.renewal between 0.01 seconds ago and 0.005 seconds from now
        segment s26: hour(now) = 1 or date(now) = 2026-03-15
        segment s27: did "A" today or (did "A" yesterday and m = 0)
        segment s28: last(when of "A") + 0.01 seconds > now
        segment s29: now - 0.02 seconds > first("B") and not in segment s1 for at least 0.002 seconds
        segment s30: local_weekday(now - 0.01 seconds) = sunday
        segment s31: average(x of "A" where when > now) >= 2
        segment s32: trait.renewal anniversary in next 365 days
        segment s33: d in top 50% or not d in quintile 3
        """

    @Test(arguments: 1...4)
    func `every change is found, and none invented`(seed: UInt64) throws {
        let start = try #require(Timestamp(iso8601: "2026-03-14T23:59:59.930Z", zone: .utc)).milliseconds
        var random = SeededRandom(seed: seed)
        var lines: [String] = []
        for _ in 0..<14 {
            let time = Timestamp(milliseconds: start + Int64(random.int(below: 120))).iso8601
            let when = Timestamp(milliseconds: start + Int64(random.int(below: 160))).iso8601
            let who = ["a", "b", "c"][random.int(below: 3)]
            let what = ["A", "A", "B", "identify"][random.int(below: 4)]
            lines.append(
                what == "identify"
                    ? #"\#(who) \#(time) identify {"renewal": "\#(when)", "timezone": "Asia/Tokyo"}"#
                    : #"\#(who) \#(time) \#(what) {"x": \#(random.int(below: 4)), "when": "\#(when)"}"#)
        }
        let story = try Story(lines.joined(separator: "\n"), zone: seed % 2 == 0 ? "UTC" : "Europe/Berlin")
        let walking = try story.evaluator(Self.definitions)
        let looking = try story.evaluator(Self.definitions)
        let end = start + 200
        var seen: [Text: [Text: [Timestamp]]] = [:]
        var before: [Text: Set<Text>] = [:]
        for instant in (start - 1)...end {
            let now = Timestamp(milliseconds: instant)
            let members = looking.segments(at: now)
            for (segment, found) in members {
                for profile in found.symmetricDifference(before[segment] ?? []) {
                    seen[segment, default: [:]][profile, default: []].append(now)
                }
            }
            before = members
        }
        for segment in before.keys.sorted() {
            for profile in walking.profiles {
                let changes = walking.changes(of: segment, profile: profile, through: Timestamp(milliseconds: end))
                #expect(changes.map(\.instant) == seen[segment]?[profile] ?? [], "\(segment) of \(profile)")
            }
        }
    }
}
