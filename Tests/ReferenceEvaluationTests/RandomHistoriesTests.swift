import EventModel
import ReferenceEvaluation
import TestSupport
import Testing

@Suite struct RandomHistoriesTests {
    @Test func `a seed means one case`() {
        let one = RandomHistories.make(seed: 7)
        let other = RandomHistories.make(seed: 7)
        #expect(one.lines == other.lines)
        #expect(one.instants == other.instants)
        #expect(one.lines != RandomHistories.make(seed: 8).lines)
    }

    @Test func `what is hard to get right happens often`() {
        var seen: [String: Int] = [:]
        for seed in UInt64(1)...200 {
            let made = RandomHistories.make(seed: seed)
            #expect(made.messages.count == made.lines.count, "a line was refused")
            for feature in features(of: made) { seen[feature, default: 0] += 1 }
        }
        for feature in [
            "ties", "late arrivals", "repeated messages", "repeated orders", "later than now", "links", "aliases",
            "half an hour apart", "exactly as old as a window", "other zones", "items", "own items", "texts as numbers",
        ] {
            #expect(seen[feature, default: 0] >= 20, "\(feature)")
        }
    }

    private func features(of made: RandomCase) -> Set<String> {
        var found: Set<String> = []
        let times = made.messages.map(\.time.milliseconds)
        let now = made.instants[0].milliseconds
        let orders = made.messages.compactMap { $0.properties["order_id"]?.identity }
        if Set(times).count < times.count { found.insert("ties") }
        if times != times.sorted() { found.insert("late arrivals") }
        if Set(made.messages.map(\.messageID)).count < times.count { found.insert("repeated messages") }
        if Set(orders).count < orders.count { found.insert("repeated orders") }
        if times.contains(where: { $0 > now }) { found.insert("later than now") }
        if made.messages.contains(where: { $0.userID != nil && $0.anonymousID != nil }) { found.insert("links") }
        if made.messages.contains(where: { $0.kind == .alias }) { found.insert("aliases") }
        if times.contains(where: { times.contains($0 + 1_800_000) }) { found.insert("half an hour apart") }
        if times.contains(now - 7 * 86_400_000) { found.insert("exactly as old as a window") }
        if made.settings.zone != .utc { found.insert("other zones") }
        if made.messages.contains(where: { !$0.items.isEmpty && !$0.isOwnItem }) { found.insert("items") }
        if made.messages.contains(where: \.isOwnItem) { found.insert("own items") }
        if made.messages.contains(where: { $0.properties.members.contains { $0.value == "10" } }) {
            found.insert("texts as numbers")
        }
        return found
    }
}
