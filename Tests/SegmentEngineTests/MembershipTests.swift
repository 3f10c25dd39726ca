import EventModel
import Testing

@testable import SegmentEngine

struct MembershipTests {
    private let lapsed = "segment lapsed: did \"A\" and did not \"A\" in last 5 days\n"

    private func shop(_ days: Int64...) -> Shop {
        var shop = Shop()
        for day in days { shop.track("A", day * Shop.day) }
        return shop
    }

    @Test func `entering by the clock counts at its instant`() async throws {
        let shop = shop(9)
        #expect(try await shop.members(lapsed + "segment s: entered segment lapsed in last 4 days") == [])
        #expect(try await shop.members(lapsed + "segment s: entered segment lapsed in last 4 days", later: -1) == ["u"])
        #expect(try await shop.members(lapsed + "segment s: entered segment lapsed") == ["u"])
    }

    @Test func `leaving needs membership before`() async throws {
        #expect(try await shop(9).members(lapsed + "segment s: left segment lapsed") == [])
        #expect(try await shop(9, 1).members(lapsed + "segment s: left segment lapsed in last 2 days") == ["u"])
    }

    @Test func `changes since an event lie after its time`() async throws {
        let shop = shop(9, 1)
        #expect(try await shop.members(lapsed + "segment s: left segment lapsed since last \"A\"") == [])
        #expect(try await shop.members(lapsed + "segment s: left segment lapsed since first \"A\"") == ["u"])
    }

    @Test func `a member from the first message enters then`() async throws {
        let definitions = "segment a: did \"A\"\nsegment s: entered segment a in last 3 days"
        #expect(try await shop(2).members(definitions) == ["u"])
        #expect(try await shop(3).members(definitions) == [])
    }

    @Test func `a past window sees the changes that lie in it`() async throws {
        let definitions = lapsed + "segment s: entered segment lapsed from 5 days ago to 3 days ago"
        #expect(try await shop(9).members(definitions) == ["u"])
        #expect(try await shop(8).members(definitions) == ["u"])
        #expect(try await shop(7).members(definitions) == [])
        #expect(try await shop(10).members(definitions) == [])
    }

    @Test func `for at least D says when it will hold`() async throws {
        let shop = shop(9)
        let definitions = lapsed + "segment s: in segment lapsed for at least 6 days"
        let state = try await shop.state(definitions)
        #expect(state.answers["s"]?.isMember == false)
        #expect(state.answers["s"]?.validUntil == Shop.now.adding(milliseconds: 2 * Shop.day))
        #expect(try await shop.members(definitions, later: 2 * Shop.day) == ["u"])
    }

    @Test func `expressions that move with the clock are followed without haste`() async throws {
        let shop = shop(9, 3)
        let ratio = "segment r: (now - last(\"A\")) / (now - first(\"A\")) >= 0.25\n"
        #expect(try await shop.members(ratio + "segment s: entered segment r in last 2 days") == ["u"])
        #expect(try await shop.members(ratio + "segment s: in segment r for at least 1 day") == ["u"])
        let same = "segment r: (now - last(\"A\")) / (now - last(\"A\")) >= 1\n"
        #expect(try await shop.members(same + "segment s: in segment r for at least 2 days") == ["u"])
    }
}
