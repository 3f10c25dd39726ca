import EventModel
import EventStore

/// A short life of a store, the same every time: what is acknowledged is noted, so that nothing of it may be missing
/// after a stop at any call.
final class Scenario {
    static let directory = "/data/shop"

    let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
    let random = SeededRandomSource(seed: 7)
    let messages: [Message]
    /// Message ids the store said it had, and those it may have without having said so.
    private(set) var acknowledged: Set<Text> = []
    private(set) var offered: Set<Text> = []

    init(messages count: Int = 60) throws {
        var generator = RandomMessages(seed: 3)
        generator.people = 5
        messages = try generator.messages(count)
    }

    static var options: EventStore.Options {
        var options = EventStore.Options()
        options.sealMessages = 14
        options.bulkMessages = 15
        options.compactionFanIn = 2
        options.orphanGraceMilliseconds = 0
        options.maintenance = .inline
        options.rowsPerBlock = 6
        options.logBytes = 12_000
        return options
    }

    func open(_ disk: SimulatedDisk) throws -> EventStore {
        try EventStore.open(
            directory: Self.directory, mode: .createIfMissing, disk: disk, clock: clock, random: random,
            options: Self.options)
    }

    /// Appends, imports, seals, merges, changes settings, closes, opens again and goes on.
    func run(on disk: SimulatedDisk) throws {
        var store = try open(disk)
        var next = 0
        func take(_ count: Int) -> [Message] {
            defer { next = min(next + count, messages.count) }
            return Array(messages[min(next, messages.count)..<min(next + count, messages.count)])
        }
        for size in [3, 1, 4, 4] { try append(take(size), to: store) }
        try bulk(take(16), to: store)
        try append(take(5), to: store)
        try store.seal()
        try store.update { $0.zone = Zone(identifier: "Europe/Berlin") ?? .utc }
        try store.addProducts([["product_id": "p1", "category": "tea"]])
        try append(take(2), to: store)
        try store.close()
        store = try open(disk)
        try append(take(6), to: store)
        try bulk(take(9), to: store)
        try append(take(messages.count), to: store)
        try store.compactIfNeeded(minimumParts: 2)
        try store.close()
    }

    private func append(_ some: [Message], to store: EventStore) throws {
        offered.formUnion(some.map(\.messageID))
        _ = try store.append(some, source: "web")
        acknowledged.formUnion(some.map(\.messageID))
    }

    private func bulk(_ some: [Message], to store: EventStore) throws {
        offered.formUnion(some.map(\.messageID))
        let writer = store.bulkWriter()
        for (index, message) in some.enumerated() {
            _ = try writer.add(
                [message], source: "web",
                state: [ImportStateKey(source: "web", key: "last", kind: "position"): .number(Decimal128(index))])
        }
        _ = try writer.finish()
        acknowledged.formUnion(some.map(\.messageID))
    }

    /// What is wrong with a store that was opened after a stop; nil when nothing is.
    func complaint(about store: EventStore) throws -> String? {
        let snapshot = try store.snapshot()
        var stored: [Message] = []
        var arrivals: [UInt64] = []
        try snapshot.forEachMessage { message, _ in
            stored.append(message.message)
            arrivals.append(message.arrival)
        }
        let ids = stored.map(\.messageID)
        if Set(ids).count != ids.count { return "a message is stored twice" }
        if let lost = acknowledged.subtracting(ids).sorted().first { return "\(lost) was acknowledged and is gone" }
        if let invented = Set(ids).subtracting(offered).first { return "\(invented) was never offered" }
        if arrivals != arrivals.sorted() || Set(arrivals).count != arrivals.count { return "arrivals are out of order" }
        let memory = MemoryHistorySource(messages: stored, settings: WorkspaceSettings())
        var found = try facts(of: snapshot)
        var expected = try facts(of: memory)
        for (id, fact) in found { found[id]?.rows = ranked(fact.rows, arrivals) }
        for (id, fact) in expected { expected[id]?.rows = ranked(fact.rows, Array(0..<UInt64(arrivals.count))) }
        if let difference = difference(found, expected) { return difference }
        let report = try store.verify(sampleSize: 20)
        if let problem = report.problems.first { return "\(problem.code): \(problem.message)" }
        return nil
    }

    private func ranked(_ rows: [RowFact], _ arrivals: [UInt64]) -> [RowFact] {
        rows.map { row in
            var row = row
            row.arrival = UInt64(arrivals.firstIndex(of: row.arrival) ?? -1)
            return row
        }
    }
}
