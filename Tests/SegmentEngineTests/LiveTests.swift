import EventModel
import EventStore
import Testing

@testable import SegmentEngine

struct LiveTests {
    private let definitions = """
        segment viewers: did "Product Viewed" in last 7 days
        segment golden: trait.tier = "gold"
        segment mail: did events like "Email *"
        segment visitors: did visit
        segment both: in segment viewers and in segment golden
        """

    private func affected(_ kind: MessageKind, _ event: Text = "") throws -> [Text] {
        let plan = try Shop().plan(definitions)
        return plan.affected(by: Message(kind: kind, messageID: "m", userID: "u", time: Shop.now, event: event))
    }

    @Test func `a message affects the definitions that speak of it`() throws {
        #expect(try affected(.track, "Product Viewed") == ["viewers", "visitors", "both"])
        #expect(try affected(.track, "Email Opened") == ["mail"])
        #expect(try affected(.page, "Page Viewed") == ["visitors"])
        #expect(try affected(.identify) == ["golden", "both"])
        #expect(try affected(.track, "Else") == [])
    }

    @Test func `an answer ends when the window leaves the last event behind`() async throws {
        var shop = Shop()
        shop.track("A", 5 * Shop.day)
        shop.track("A", 2 * Shop.day)
        #expect(try await shop.sure("did \"A\" in last 7 days") == 5 * Shop.day)
        #expect(try await shop.sure("did \"A\" at least 2 times in last 7 days") == 2 * Shop.day)
        #expect(try await shop.sure("did \"A\" before 3 days ago") == nil)
        #expect(try await shop.sure("did \"A\" before 6 days ago") == Shop.day)
        #expect(try await shop.sure("did \"B\" in last 7 days") == nil)
        #expect(try await shop.sure("now - last(\"A\") > 3 days") == Shop.day)
        #expect(try await shop.sure("last(\"A\") < 1 day ago") == nil)
    }

    @Test func `an answer is never sure beyond the profile's next event`() async throws {
        var shop = Shop()
        shop.track("A", 5 * Shop.day)
        shop.track("Else", -Shop.hour)
        #expect(try await shop.sure("did \"B\"") == Shop.hour)
    }

    @Test func `sections that do not lie in the order of the name codes are followed all the same`() throws {
        let plan = try Shop().plan(
            "segment silent: now > last(\"A\") + 10 days\nsegment back: left segment silent in last 90 days\nmetric b: count(\"B\")"
        )
        func time(_ days: Int64) -> Int64 { Shop.now.milliseconds - days * Shop.day }
        // The rows of B, code 2, lie before those of A, code 1.
        let block = HistoryBlock(
            profileNumbers: [0], profileIDs: ["u"], firstTimes: [time(60)], lastTimes: [time(3)],
            eventNames: ["$identify", "A", "B"],
            sections: [
                HistoryBlock.Section(name: 2, profiles: [0], starts: [0, 2]),
                HistoryBlock.Section(name: 1, profiles: [0], starts: [2, 4]),
            ],
            times: [time(55), time(50), time(60), time(3)], arrivals: [1, 2, 0, 3], flags: [0, 0, 0, 0],
            itemOffsets: [0, 0, 0, 0, 0], columns: [:])
        let live = LiveEvaluator(plan: plan)
        let state = live.state(of: block, at: Shop.now, ranks: .none(for: plan))
        #expect(state.answers["back"]?.isMember == true)
        let earlier = live.state(of: block, at: Timestamp(milliseconds: time(58)), ranks: .none(for: plan))
        #expect(earlier.answers["b"]?.validUntil == Timestamp(milliseconds: time(55)))
    }

    @Test func `a profile that does not exist yet is in nothing until it does`() async throws {
        var shop = Shop()
        shop.track("A", -Shop.hour)
        let state = try await shop.state("segment s: did not \"A\"\nmetric m: count(\"A\")")
        #expect(state.exists == false)
        #expect(state.answers["s"]?.isMember == false)
        #expect(state.answers["m"]?.value == .null)
        #expect(state.validUntil == Shop.now.adding(milliseconds: Shop.hour))
    }
}
