import Analytics
import EventModel
import EventStore
import SegmentLanguage
import TestSupport
import Testing

@Suite struct PathsTests {
    @Test(arguments: 0..<(isLongRun ? 40 : 6))
    func `paths are what plain loops over the messages find`(batch: UInt64) async throws {
        for seed in batch * 50..<(batch + 1) * 50 {
            var random = SeededRandom(seed: seed ^ 0x9A7)
            let workspace = RandomHistories.make(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let start = NamedEvents.all[random.int(below: NamedEvents.all.count)]
            let steps = NamedEvents.all[random.int(below: 5)]
            let lengths: [Int64] = [0, 1_800, 86_400, 30 * 86_400]
            let length = random.chance(0.5) ? nil : random.pick(lengths)
            let scope: PathsQuery.Scope =
                try length.map { .within(try #require(DurationLiteral(Decimal128(Int($0)), .seconds))) } ?? .visit
            let property: Text? = random.chance(0.4) ? random.pick(["category", "x", "flag"]) : nil
            let query = PathsQuery(
                random.chance(0.5) ? .after : .before, try EventQuery(parsing: start.text), within: scope,
                steps: try EventQuery(parsing: steps.text),
                property: property.map { PropertyPath(.properties, [$0]) }, depth: random.int(below: 4),
                branches: 1 + random.int(below: 3), joinsRepeats: random.chance(0.3))
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let answer = try await query.answer(from: ReportInput(histories.source, at: now))
            let twin = PathsTwin(Twin(workspace, at: now), workspace, now, query, start, steps, property)
            let label = "seed \(seed) \(query.direction) \(start.text) of \(steps.text) \(length ?? -1)"
            #expect(answer.profiles == twin.profiles, "\(label)")
            #expect(answer.outsideVisits == twin.outsideVisits, "\(label)")
            #expect(answer.root == twin.root(query.branches), "\(label)")
        }
    }

    @Test func `rare branches are gathered, and those that go on are told from those that end`() async throws {
        let paths = ["SAB", "SAB", "SAC", "SA", "SB", "SC", "S", "SABD"]
        var messages: [Message] = []
        for (user, path) in paths.enumerated() {
            for (index, event) in path.enumerated() {
                messages.append(
                    Message(
                        kind: .track, messageID: Text("\(user)-\(index)"), userID: Text("u\(user)"),
                        time: Timestamp(milliseconds: Int64(index) * 1_000), event: Text(String(event)),
                        properties: JSONObject(), context: JSONObject(), traits: JSONObject()))
            }
        }
        let source = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        let hour = try #require(DurationLiteral(1, .hours))
        let query = PathsQuery(
            .after, try EventQuery(parsing: "\"S\""), within: .within(hour), depth: 2, branches: 1)
        let root = try await query.answer(from: ReportInput(source, at: .latest)).root
        #expect(root.count == 8 && root.ended == 1 && root.next.count == 2)
        #expect(root.next[0].event == "A" && root.next[0].count == 5 && root.next[0].ended == 1)
        #expect(root.next[1].event == nil && root.next[1].count == 2 && root.next[1].gathered == 2)
        let second = root.next[0].next
        // One of the three goes on further than two steps.
        #expect(second[0].event == "B" && second[0].count == 3 && second[0].ended == 2 && second[0].next.isEmpty)
        #expect(second[1].count == 1 && second[1].gathered == 1)
    }
}
