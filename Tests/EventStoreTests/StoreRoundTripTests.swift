import EventModel
import EventStore
import TestSupport
import Testing

/// The store against a source that holds everything in memory.
@Suite struct StoreRoundTripTests {
    private func check(_ store: EventStore, _ messages: [Message], _ comment: Comment) throws {
        let memory = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        let snapshot = try store.snapshot()
        let expected = shifted(try facts(of: memory))
        let found = try facts(of: snapshot)
        #expect(difference(found, expected) == nil, comment)
        for (id, fact) in expected {
            let number = try #require(snapshot.profileNumber(for: id))
            let block = try #require(try snapshot.history(of: number, projection: .everything))
            #expect(difference(EventStoreTests.fact(of: 0, in: block), fact) == nil, comment)
        }
        try checkSome(snapshot, expected, comment)
    }

    /// Every second and every third number at once, those too that are no profiles.
    private func checkSome(_ snapshot: Snapshot, _ expected: [Text: ProfileFact], _ comment: Comment) throws {
        for step in [2, 3] {
            let numbers = stride(from: 0, to: ProfileNumber(snapshot.profileCount), by: step).map { $0 }
            let block = try snapshot.histories(of: numbers, projection: .everything)
            var found: [Text] = []
            for place in 0..<(block?.profileCount ?? 0) {
                let block = try #require(block)
                found.append(block.profileID(place))
                let fact = try #require(expected[block.profileID(place)], comment)
                #expect(difference(EventStoreTests.fact(of: place, in: block), fact) == nil, comment)
            }
            let wanted = expected.keys.filter { id in
                snapshot.profileNumber(for: id).map { $0 % ProfileNumber(step) == 0 } ?? false
            }
            #expect(found.sorted() == wanted.sorted(), comment)
        }
    }

    @Test(arguments: UInt64(0)..<(CrashTests.isLong ? 100 : 6))
    func `appended, sealed, imported, merged and reopened histories are those of the messages`(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var random = SeededRandom(seed: seed)
        var generator = RandomMessages(seed: seed)
        var options = EventStore.Options()
        options.maintenance = .none
        options.rowsPerBlock = 1 + random.int(below: 60)
        var store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options)
        var all: [Message] = []
        for step in 0..<24 {
            let operation = random.int(below: 8)
            switch operation {
            case 0...2:
                let some = try generator.messages(random.int(below: 30))
                let verdicts = try store.append(some, source: "web")
                #expect(verdicts.count == some.count)
                all += some
            case 3, 4:
                let writer = store.bulkWriter()
                let some = try generator.messages(random.int(below: 60))
                for message in some { _ = try writer.add(message, source: "web") }
                try writer.flush()
                all += some
            case 5:
                try store.seal()
            case 6:
                try store.compactIfNeeded(minimumParts: 2)
            default:
                try store.close()
                store = try EventStore.open(directory: directory.path)
            }
            try check(store, all, "seed \(seed), step \(step), operation \(operation)")
        }
        #expect(try store.counters().balance)
        try store.close()
    }
}
