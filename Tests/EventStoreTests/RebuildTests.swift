import EventModel
import Synchronization
import Testing

@testable import EventStore

/// Repairs: what is derived is made anew from originals, and the manifest from parts.
@Suite struct RebuildTests {
    let disk = SimulatedDisk()
    let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))

    private func options() -> EventStore.Options {
        var options = EventStore.Options()
        options.maintenance = .none
        options.bulkMessages = 25
        return options
    }

    private func open() throws -> EventStore {
        try EventStore.open(
            directory: Scenario.directory, mode: .createIfMissing, disk: disk, clock: clock,
            random: SeededRandomSource(seed: UInt64(disk.calls)), options: options())
    }

    private func rebuild() throws -> RebuildReport {
        try EventStore.rebuild(
            directory: Scenario.directory, disk: disk, clock: clock,
            random: SeededRandomSource(seed: UInt64(disk.calls)), options: options())
    }

    /// A store of three parts and some messages in the journal.
    private func fill() throws -> (messages: [Message], parts: [PartFile]) {
        let messages = try RandomMessages(seed: 21).drawn(90)
        let store = try open()
        for start in stride(from: 0, to: 75, by: 25) {
            _ = try store.append(Array(messages[start..<(start + 25)]), source: "web")
            try store.seal()
        }
        _ = try store.append(Array(messages[75...]), source: "web")
        let parts = store.published.withLock { $0.parts }
        try store.close()
        return (messages, parts)
    }

    private func complaint(_ messages: [Message]) throws -> String? {
        let store = try open()
        let memory = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        let found = try facts(of: store.snapshot())
        let problems = try store.verify().problems
        let counters = try store.counters()
        try store.close()
        if !counters.balance { return "the counters are out of balance" }
        if let problem = problems.first { return problem.message }
        return difference(found, shifted(try facts(of: memory)))
    }

    @Test func `a rebuild of a sound store changes nothing that can be asked`() throws {
        let (messages, _) = try fill()
        let report = try rebuild()
        #expect(!report.restoredManifest)
        #expect(report.losses.isEmpty)
        #expect(try complaint(messages) == nil)
    }

    @Test func `damaged columns, keys and directories come back from the originals`() throws {
        let (messages, parts) = try fill()
        for (number, part) in parts.enumerated() {
            let place =
                number == 0
                ? part.index.rowBlocks[0].place : number == 1 ? part.index.keyBlocks[0].place : part.indexPlace
            disk.damage(part.path) { $0[place.offset + place.length - 3] ^= 0x10 }
        }
        let report = try rebuild()
        #expect(report.losses.isEmpty)
        #expect(try complaint(messages) == nil)
        let kept = try disk.list(Scenario.directory + "/parts").filter { $0.hasSuffix(".damaged") }
        #expect(kept.count == 3)
    }

    @Test func `damaged originals are lost, named, and nothing else is`() throws {
        let (_, parts) = try fill()
        let frame = parts[1].index.frames[0]
        disk.damage(parts[1].path) { $0[frame.place.offset + frame.place.length - 1] ^= 1 }
        let report = try rebuild()
        #expect(report.losses.map(\.messages) == [frame.messages])
        #expect(report.losses.first?.arrivals == frame.firstArrival...frame.lastArrival)
        let store = try open()
        #expect(try store.verify().isSound)
        var arrivals: [UInt64] = []
        try store.snapshot().forEachMessage { message, _ in arrivals.append(message.arrival) }
        #expect(!arrivals.contains { (frame.firstArrival...frame.lastArrival).contains($0) })
        #expect(try store.counters().balance)
        try store.close()
    }

    @Test(arguments: ["missing", "empty", "garbled", "torn"])
    func `a lost manifest is made from the parts`(how: String) throws {
        let messages = try RandomMessages(seed: 22).drawn(75)
        let store = try open()
        for start in stride(from: 0, to: 75, by: 25) {
            _ = try store.append(Array(messages[start..<(start + 25)]), source: "web")
            try store.seal()
        }
        try store.close()
        let path = Scenario.directory + "/shoal.db"
        switch how {
        case "missing": try disk.remove(path)
        case "empty": disk.damage(path) { $0 = [] }
        case "garbled": disk.damage(path) { $0 = $0.map { $0 ^ 0x55 } }
        default: disk.damage(path) { bytes in for index in 4_096..<bytes.count { bytes[index] = 0xEE } }
        }
        #expect(throws: EventStoreError.self) { try open() }
        let report = try rebuild()
        #expect(report.restoredManifest)
        #expect(report.losses.isEmpty)
        #expect(try complaint(messages) == nil)
        // And goes on: the same messages again are duplicates still.
        let again = try open()
        #expect(try again.append(messages, source: "web").allSatisfy { $0 == .duplicate })
        try again.close()
    }
}
