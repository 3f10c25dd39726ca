import Analytics
import EventModel
import EventStore
import SegmentLanguage
import TestSupport
import Testing

@Suite struct TopTests {
    @Test(arguments: 0..<(isLongRun ? 40 : 6))
    func `the most frequent values are what plain loops over the messages count`(batch: UInt64) async throws {
        for seed in batch * 50..<(batch + 1) * 50 {
            var random = SeededRandom(seed: seed ^ 0x70B)
            let workspace = RandomHistories.make(seed: seed)
            let now = workspace.instants[Int(seed % UInt64(workspace.instants.count))]
            let events = NamedEvents.all[random.int(below: NamedEvents.all.count)]
            let names: [Text] = ["x", "y", "coupon", "flag", "revenue", "order_id"]
            let name = names[random.int(below: names.count)]
            let group = random.chance(0.5) ? names[random.int(below: names.count)] : nil
            let limit = 1 + random.int(below: 3)
            let query = TopQuery(
                value(name), of: try EventQuery(parsing: events.text), by: group.map(value), limit: limit)
            let histories = try Histories(workspace, inStore: seed % 5 == 0)
            let answer = try await query.answer(from: ReportInput(histories.source, at: now))
            let expected = counts(Twin(workspace, at: now).events.filter(events.matches), name, group)
            let label = "seed \(seed) \(name) of \(events.text) by \(group?.string ?? "nothing")"
            #expect(answer.lists.count == expected.count, "\(label)")
            for list in answer.lists {
                let wanted = expected[list.group ?? ""] ?? [:]
                #expect(list.distinct == wanted.count, "\(label)")
                #expect(list.total == wanted.values.reduce(0, +), "\(label)")
                #expect(list.entries.count == min(limit, wanted.count), "\(label)")
                #expect(list.entries.allSatisfy { wanted[$0.value] == $0.count }, "\(label)")
                let most = wanted.values.sorted(by: >).prefix(limit)
                #expect(list.entries.map(\.count) == Array(most), "\(label)")
            }
        }
    }

    private func value(_ name: Text) -> SegmentLanguage.Value {
        SegmentLanguage.Value(.property(PropertyPath(.properties, [name])))
    }

    /// By group, "" without one, and value.
    private func counts(_ events: [Twin.Event], _ name: Text, _ group: Text?) -> [Text: [Text: Int]] {
        var found: [Text: [Text: Int]] = [:]
        for event in events {
            guard let value = event.properties[name]?.identity else { continue }
            if let group {
                guard let own = event.properties[group]?.identity else { continue }
                found[own, default: [:]][value, default: 0] += 1
            } else {
                found["", default: [:]][value, default: 0] += 1
            }
        }
        return found
    }

    @Test func `of equal counts numbers come before texts, each ascending`() async throws {
        let values: [JSONValue] = ["b", 10, "a", 9, "b", "a", 10, 9, "x"]
        let messages = values.enumerated().map { index, value in
            Message(
                kind: .track, messageID: Text("m\(index)"), userID: "u", time: Timestamp(milliseconds: Int64(index)),
                event: "E", properties: JSONObject([(key: "v", value: value)]), context: JSONObject(),
                traits: JSONObject())
        }
        let source = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        let query = TopQuery(value("v"), of: try EventQuery(parsing: "\"E\""), limit: 3)
        let answer = try await query.answer(from: ReportInput(source, at: .latest))
        #expect(answer.lists.map { $0.entries.map(\.value.string) } == [["9", "10", "a"]])
        #expect(answer.lists.map(\.distinct) == [5])
    }
}
