import Analytics
import Columns
import EventModel
import EventStore
import SegmentLanguage
import Testing

@testable import TestSupport

@Suite struct SatisfactionTests {
    /// Answers of a few people over two months, with all that can be wrong with one.
    private static func workspace(seed: UInt64) -> RandomCase {
        var random = SeededRandom(seed: seed)
        let zone = Zone(identifier: random.pick(["UTC", "Europe/Berlin", "America/New_York"]) as Text) ?? .utc
        let now = Timestamp(iso8601: "2026-03-29T12:00:00Z" as Text, zone: zone) ?? .earliest
        let messages = (0..<random.int(below: 60)).map { index in
            var properties = JSONObject()
            properties["survey"] = random.pick(["NPS", "nps", "CSAT", "Ces", "CES", "SUS", 7, .null])
            properties["score"] = random.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1, "4", "four", .null, true])
            if random.chance(0.3) { properties["comment"] = random.pick(["good", "slow", "", 3]) }
            if random.chance(0.2) { properties["feedback"] = "hm" }
            return Message(
                kind: .track, messageID: Text("m\(index)"), userID: Text(random.pick(["a", "b", "c", "d", "e"])),
                time: now.adding(milliseconds: Int64(random.int(below: 70 * 24)) * -3_600_000 + 7_200_000),
                event: random.pick(["Survey Answered", "Survey Answered", "Survey Answered", "Order Completed"]),
                properties: properties, context: JSONObject(), traits: JSONObject())
        }
        return RandomCase(
            seed: seed, settings: WorkspaceSettings(zone: zone), products: [], lines: [], messages: messages,
            instants: [now])
    }

    private func survey(_ event: Twin.Event) -> Survey? {
        switch event.properties["survey"]?.text?.string.uppercased() {
        case "NPS": .nps
        case "CSAT": .csat
        case "CES": .ces
        default: nil
        }
    }

    private func score(_ event: Twin.Event, _ survey: Survey) -> Int? {
        let score = event.properties["score"]?.numeric?.asInt()
        return score.flatMap { survey.scores.contains($0) ? $0 : nil }
    }

    private func scores(_ survey: Survey, _ events: [Twin.Event]) -> SurveyScores {
        let all = events.compactMap { score($0, survey) }
        return SurveyScores(survey, counts: survey.scores.map { wanted in all.count { $0 == wanted } })
    }

    @Test(arguments: 0..<(isLongRun ? 2_000 : 200))
    func `answers are what plain loops over the messages count`(seed: UInt64) async throws {
        let workspace = Self.workspace(seed: seed)
        var random = SeededRandom(seed: seed ^ 0x5A7)
        let now = workspace.instants[0]
        let unit = CalendarUnit.allCases[random.int(below: 3)]
        let histories = try Histories(workspace, inStore: seed % 5 == 0)
        let source = histories.source
        var group = Bitmap()
        for number in 0..<source.profileCount where random.chance(0.5) { group.insert(number) }
        let period =
            random.chance(0.5) ? nil : Period(from: now.adding(milliseconds: -20 * 86_400_000), to: now)
        let query = SatisfactionQuery(period, by: unit, groups: [MemberGroup("some", group)], commentLimit: 4)
        let answer = try await query.answer(from: ReportInput(source, at: now))
        let twin = Twin(workspace, at: now)
        let events = twin.events.filter { $0.name == "Survey Answered" && period?.contains($0.time) ?? true }
        for (kind, found) in zip(Survey.allCases, answer.surveys) {
            let own = events.filter { survey($0) == kind }
            #expect(found.all == scores(kind, own))
            #expect(found.unreadable == own.count { score($0, kind) == nil })
            let points = Dictionary(grouping: own.filter { score($0, kind) != nil }) { twin.period($0, unit) }
            #expect(found.points.map(\.firstDay) == points.keys.sorted())
            for point in found.points { #expect(point.scores == scores(kind, points[point.firstDay] ?? [])) }
            let inGroup = own.filter { source.profileNumber(for: $0.profile).map { group.contains(Int($0)) } ?? false }
            #expect(found.groups.map(\.scores) == [scores(kind, inGroup)])
        }
        let words = events.compactMap { event -> (Twin.Event, Text)? in
            guard survey(event) != nil else { return nil }
            let texts = ["comment", "feedback"].compactMap { (name: Text) in event.properties[name]?.text }
            return texts.first { !$0.utf8.isEmpty }.map { (event, $0) }
        }
        #expect(answer.comments.count == min(4, words.count))
        let latest = words.map(\.0.time).sorted(by: >).prefix(4)
        #expect(answer.comments.map(\.time) == Array(latest))
        for comment in answer.comments {
            #expect(
                words.contains { event, text in
                    event.profile == comment.profile && event.time == comment.time && text == comment.text
                        && survey(event) == comment.survey && score(event, comment.survey) == comment.score
                })
        }
    }

    @Test(arguments: 0..<(isLongRun ? 40 : 6))
    func `retention and churn rates are what plain loops over the messages count`(batch: UInt64) async throws {
        for seed in batch * 50..<(batch + 1) * 50 {
            var random = SeededRandom(seed: seed ^ 0xC4)
            let workspace = RandomHistories.make(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let events = NamedEvents.all[random.int(below: NamedEvents.all.count)]
            let unit = CalendarUnit.allCases[random.int(below: 3)]
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let query = RetentionRateQuery(try EventQuery(parsing: events.text), by: unit)
            let answer = try await query.answer(from: ReportInput(histories.source, at: now))
            let twin = Twin(workspace, at: now)
            let own = twin.events.filter(events.matches)
            let periods = Dictionary(grouping: own, by: \.profile).mapValues { Set($0.map { twin.period($0, unit) }) }
            for point in answer.points {
                let before = Self.before(point.firstDay, unit)
                let active = periods.filter { $0.value.contains(point.firstDay) }
                let label = "seed \(seed) \(events.text) by \(unit) \(point.firstDay.iso)"
                #expect(point.active == active.count, "\(label)")
                #expect(point.activeBefore == periods.count { $0.value.contains(before) }, "\(label)")
                #expect(point.retained == active.count { $0.value.contains(before) }, "\(label)")
                #expect(point.new == active.count { $0.value.min() == point.firstDay }, "\(label)")
                #expect(point.churned == point.activeBefore - point.retained)
            }
            let known = Set(periods.values.joined())
            #expect(known.isSubset(of: answer.points.map(\.firstDay)), "seed \(seed)")
        }
    }

    private static func before(_ day: CalendarDay, _ unit: CalendarUnit) -> CalendarDay {
        switch unit {
        case .day: day.adding(days: -1)
        case .week: day.adding(days: -7)
        case .month: day.startOfMonth(adding: -1)
        }
    }

    @Test(.enabled(if: sharedPath("anchors/cj_kpis.json") != nil, "the shared folder is absent"))
    func `scores are those of the anchor`() throws {
        let surveys = try #require(try anchor("cj_kpis.json")["survey"]?.elements)
        #expect(surveys.count == 9)
        for wanted in surveys {
            let survey = try #require(Survey(rawValue: wanted["kind"]?.text?.string ?? ""))
            let names: [Survey: Text] = [.nps: "counts_0_to_10", .csat: "counts_1_to_5", .ces: "counts_1_to_7"]
            let counts = try #require(wanted[names[survey] ?? ""]?.elements).map { $0.whole ?? 0 }
            let scores = SurveyScores(survey, counts: counts)
            #expect(scores.answers == wanted["n"]?.whole)
            func near(_ value: Double?, _ target: JSONValue?) {
                guard let target else { return }
                guard let number = target.approximate else { return #expect(value == nil) }
                #expect(abs((value ?? .nan) - number) <= 1e-9 * max(1, abs(number)), "\(wanted)")
            }
            let name: Text = survey == .nps ? "nps" : survey == .csat ? "csat_top2_pct" : "ces_mean"
            near(scores.value, wanted[name])
            near(scores.mean, wanted["mean"])
            near(scores.favourableShare, wanted["promoters"])
            near(scores.unfavourableShare, wanted["detractors"])
            near(scores.standardError, wanted["se"])
            near(scores.standardDeviation, wanted["sd"])
            near(scores.favourableShare.map { $0 * 100 }, wanted["easy_pct_5_to_7"])
            near(scores.net, wanted["net_pct"])
            for bounds in [wanted["ci95"], wanted["wilson95_pct"]].compactMap({ $0?.elements }) {
                near(scores.interval?.lowerBound, bounds[0])
                near(scores.interval?.upperBound, bounds[1])
            }
        }
    }
}
