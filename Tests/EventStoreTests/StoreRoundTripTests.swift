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
