import EventModel
import EventStore
import SegmentLanguage
import Testing

@testable import SegmentEngine

struct RankTests {
    private var shop: Shop {
        var shop = Shop()
        for (user, days) in [("a", 9), ("b", 7), ("c", 5), ("d", 3), ("e", 1)] as [(Text, Int64)] {
            shop.track("A", days * Shop.day, ["x": .number(Decimal128(Int(days)))], by: user)
        }
        return shop
    }

    @Test func `ties are broken by id, smallest first at the top`() async throws {
        var shop = Shop()
        for user in ["c", "a", "b"] as [Text] { shop.track("A", Shop.day, by: user) }
        #expect(try await shop.members("metric m: count(\"A\")\nsegment s: m in top 30%") == ["a"])
        #expect(try await shop.members("metric m: count(\"A\")\nsegment s: m in bottom 30%") == ["c"])
    }

    @Test func `a rank in the past ranks the profiles of then`() async throws {
        let definitions = "metric m: sum(x of \"A\")\nsegment top: m in top 1%\n"
        #expect(try await shop.members(definitions + "segment s: m in bottom 1%") == ["e"])
        #expect(
            try await shop.members(
                "metric m: sum(x of \"A\")\nsegment low: m in bottom 1%\nsegment s: was in segment low 4 days ago")
                == ["c"])
    }

    @Test func `entering a ranked segment happens when others come or fall behind`() async throws {
        let low = "metric m: sum(x of \"A\")\nsegment low: m in bottom 1%\n"
        #expect(try await shop.members(low + "segment s: left segment low in last 4 days") == ["c", "d"])
        #expect(try await shop.members(low + "segment s: in segment low for at least 1 day") == ["e"])
        #expect(try await shop.members(low + "segment s: entered segment low") == ["a", "b", "c", "d", "e"])
    }

    @Test func `a metric that runs with the clock is ranked without following every millisecond`() async throws {
        let recency = "metric m: now - last(\"A\")\nsegment low: m in bottom 20%\n"
        #expect(try await shop.members(recency + "segment s: in segment low") == ["e"])
        #expect(try await shop.members(recency + "segment s: left segment low in last 2 days") == ["d"])
    }

    @Test func `the k-th of a changing set is found`() {
        var tree = CountTree(count: 10)
        for place in [7, 2, 5, 9] { tree.add(1, at: place) }
        #expect((0..<4).map { tree.index(ofPosition: $0) } == [2, 5, 7, 9])
        tree.add(-1, at: 5)
        #expect((0..<3).map { tree.index(ofPosition: $0) } == [2, 7, 9])
    }

    @Test(arguments: 1...30)
    func `quintiles are cut as the page says`(count: Int) {
        for position in 0..<count {
            let quintile = 5 * position / count + 1
            for candidate in 1...5 {
                #expect(RankBand.quintile(candidate).positions(of: count).contains(position) == (candidate == quintile))
            }
        }
    }
}
