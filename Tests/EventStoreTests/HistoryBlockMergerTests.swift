import EventModel
import Testing

@testable import EventStore

@Suite struct HistoryBlockMergerTests {
    /// A message under its profile.
    private struct Placed {
        var message: Message
        var profile: ProfileNumber
        var arrival: UInt64
    }

    private func block(_ messages: [Placed]) -> HistoryBlock {
        var builder = HistoryBlockBuilder()
        for placed in messages {
            builder.add(placed.message, profile: placed.profile, id: id(placed.profile), arrival: placed.arrival)
        }
        return builder.finish()
    }

    private func id(_ profile: ProfileNumber) -> Text { Text("profile \(profile)") }

    private func merged(_ blocks: [HistoryBlock], _ unions: Unions = Unions()) -> HistoryBlock {
        HistoryBlockMerger(blocks, ids: .lookUp { Text("profile \($0)") }, unions: unions).merged()
    }

    private func facts(_ block: HistoryBlock) -> [ProfileFact] {
        (0..<block.profileCount).map { fact(of: $0, in: block) }
    }

    @Test(arguments: 0..<150)
    func `blocks merge to what one block of all messages is`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var source = RandomMessages(seed: UInt64(seed))
        let count = random.int(below: [6, 60, 600][seed % 3]) + 1
        let people = random.int(below: 20) + 1
        var messages: [Placed] = []
        for (number, message) in try source.messages(count).enumerated() {
            messages.append(
                Placed(message: message, profile: ProfileNumber(random.int(below: people)), arrival: UInt64(number)))
        }
        // Either any message anywhere, or each block later than the one before.
        if random.chance(0.5) { messages.sort { $0.message.time < $1.message.time } }
        let isSorted = random.chance(0.5)
        let blockCount = random.int(below: 5) + 2
        var pieces: [[Placed]] = Array(repeating: [], count: blockCount)
        for (place, message) in messages.enumerated() {
            pieces[isSorted ? place * blockCount / messages.count : random.int(below: blockCount)].append(message)
        }
        let blocks = pieces.filter { !$0.isEmpty }.map(block)
        let expected = block(messages)
        let unions = Unions()
        // Twice: the second time names and dictionaries are known.
        for _ in 0..<2 {
            let merged = merged(blocks, unions)
            #expect(merged.profileNumbers == expected.profileNumbers)
            #expect(merged.profileIDs == expected.profileIDs)
            #expect(facts(merged) == facts(expected))
            #expect(Set(merged.allColumns.keys) == Set(expected.allColumns.keys))
        }
    }

    private func orders(_ amounts: [String], from first: Int) throws -> [Placed] {
        try amounts.enumerated().map { index, amount in
            let number = first + index
            let body = """
                {"type":"track","event":"Order Completed","messageId":"m\(number)","userId":"u",\
                "timestamp":"2026-01-01T00:00:\(number % 60 < 10 ? "0" : "")\(number % 60)Z",\
                "properties":{"revenue":\(amount)}}
                """
            return Placed(
                message: try MessageDecoder().decode(Array(body.utf8), receivedAt: Timestamp(milliseconds: 0)),
                profile: ProfileNumber(number % 7), arrival: UInt64(number))
        }
    }

    @Test(arguments: [
        (0..<200).map { "\($0).25" }, (0..<200).map { "\($0).125" }, (0..<20).map { "\($0)" },
        (0..<200).map { "\($0 * 46_116_860_184_273)" }, (0..<20).map { $0 == 7 ? "\"seven\"" : "\($0)" },
    ])
    func `numbers of any scale merge to the same numbers`(second: [String]) throws {
        let first = try orders((0..<200).map { "\($0).5" }, from: 0)
        let revenue = PropertyPath(scope: .properties, parts: ["revenue"])
        let blocks = [block(first), block(try orders(second, from: 1_000))]
        if case .decimals = blocks[0].column(revenue)?.storage {} else { Issue.record("not scaled numbers") }
        let expected = block(first + (try orders(second, from: 1_000)))
        #expect(facts(merged(blocks)) == facts(expected))
        #expect(facts(merged(blocks.reversed())) == facts(expected))
    }

    @Test func `blocks with the same names and dictionaries share them when merged`() throws {
        let unions = Unions()
        let blocks = try [orders(["1", "2"], from: 0), orders(["2", "3"], from: 10)].map(block)
        let once = merged(blocks, unions)
        let again = merged(blocks, unions)
        #expect(once.names === again.names)
    }
}
