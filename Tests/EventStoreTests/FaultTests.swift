import EventModel
import EventStore
import Foundation
import Synchronization
import Testing

/// Errors of the disk at every call: nothing acknowledged is lost, nothing is acknowledged that did not last.
@Suite struct FaultTests {
    static let isLong = ProcessInfo.processInfo.environment["SHOAL_LONG_TESTS"] != nil

    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case failed, full, short

        var fault: SimulatedDisk.Fault {
            switch self {
            case .failed: .error(.failed)
            case .full: .error(.full)
            case .short: .shortWrite(.full)
            }
        }

        var testDescription: String { rawValue }
    }

    @Test(arguments: Kind.allCases)
    func `after an error at any call everything acknowledged is there, now and after opening again`(
        kind: Kind
    ) throws {
        let stride = Self.isLong ? 1 : 23
        for call in Swift.stride(from: kind == .full ? 5 : 0, to: CrashTests.callCount, by: stride) {
            let disk = SimulatedDisk(faults: [call: kind.fault])
            let scenario = try Scenario()
            var failure: (any Error)?
            do { try scenario.run(on: disk) } catch { failure = error }
            if let failure = failure as? EventStoreError {
                #expect([73, 74].contains(failure.exitCode), "call \(call): \(failure)")
            }
            // What was not synced is lost with the machine as well.
            for survivor in [disk.copy(), disk.reboot(seed: UInt64(call))] {
                let store = try scenario.open(survivor)
                let complaint = try scenario.complaint(about: store)
                #expect(complaint == nil, "call \(call): \(disk.log[min(call, disk.log.count - 1)])")
                try store.close()
                if complaint != nil { return }
            }
        }
    }

    @Test func `a full disk refuses writes, answers reads, and takes writes again when there is room`() throws {
        let disk = SimulatedDisk()
        let scenario = try Scenario()
        let store = try scenario.open(disk)
        _ = try store.append(Array(scenario.messages[0..<5]), source: "web")
        disk.plan([:], lasting: .full)
        let error = #expect(throws: EventStoreError.self) {
            try store.append(Array(scenario.messages[5..<9]), source: "web")
        }
        #expect(error?.code == "disk-full")
        #expect(throws: EventStoreError.self) { try store.seal() }
        let snapshot = try store.snapshot()
        #expect(try snapshot.countProfiles() > 0)
        disk.plan([:])
        let verdicts = try store.append(Array(scenario.messages[5..<9]), source: "web")
        #expect(verdicts.contains(.accepted))
        try store.seal()
        #expect(try store.verify().isSound)
        try store.close()
    }

    @Test func `a failed sync stops the store for good, and opening it again loses nothing`() throws {
        let disk = SimulatedDisk()
        let scenario = try Scenario()
        let store = try scenario.open(disk)
        _ = try store.append(Array(scenario.messages[0..<5]), source: "web")
        // The log of a second append tells at which of its calls the sync comes.
        let before = disk.calls
        let probe = disk.copy()
        let trial = try scenario.open(probe)
        let start = probe.calls
        _ = try trial.append(Array(scenario.messages[5..<9]), source: "web")
        let offset = try #require(probe.log[start...].firstIndex { $0.hasPrefix("sync") }) - start
        disk.plan([before + offset: .error(.failed)])
        let error = #expect(throws: EventStoreError.self) {
            try store.append(Array(scenario.messages[5..<9]), source: "web")
        }
        #expect(error?.exitCode == 74)
        let later = #expect(throws: EventStoreError.self) {
            try store.append(Array(scenario.messages[9..<12]), source: "web")
        }
        #expect(later?.code == "store-stopped")
        let survivor = disk.reboot(seed: 0)
        let again = try scenario.open(survivor)
        var count = 0
        try again.snapshot().forEachMessage { _, _ in count += 1 }
        #expect(count >= 5)
        #expect(try again.verify().isSound)
        try again.close()
    }

    /// A store with some messages, and the disk call of its next change that fits, counted from then on.
    private func position(
        of call: String, in disk: SimulatedDisk, _ scenario: Scenario, _ change: (EventStore) throws -> Void
    ) throws -> Int {
        let probe = disk.copy()
        let trial = try scenario.open(probe)
        let start = probe.calls
        try change(trial)
        let log = probe.log
        return try #require(log[start...].firstIndex { $0.hasPrefix(call) && $0.hasSuffix("/shoal.db") }) - start
    }

    @Test func `a full disk while the log is copied turns nothing away that is durable`() throws {
        let disk = SimulatedDisk()
        let scenario = try Scenario()
        try scenario.open(disk).close()
        let more = Array(scenario.messages[0..<4])
        let offset = try position(of: "write", in: disk, scenario) { _ = try $0.append(more, source: "web") }
        let store = try scenario.open(disk)
        disk.plan([disk.calls + offset: .error(.full)])
        let verdicts = try store.append(more, source: "web")
        #expect(verdicts == [.accepted, .accepted, .accepted, .accepted])
        #expect(disk.log.contains { $0.hasPrefix("write") && $0.hasSuffix("/shoal.db") })
        try store.close()
        let again = try scenario.open(disk.reboot(seed: 0))
        #expect(try again.append(more, source: "web").allSatisfy { $0 == .duplicate })
        try again.close()
    }

    @Test func `a full disk after a part was named does not let it be made twice`() throws {
        let disk = SimulatedDisk()
        let scenario = try Scenario()
        let first = try scenario.open(disk)
        _ = try first.append(Array(scenario.messages[0..<6]), source: "web")
        try first.close()
        let offset = try position(of: "write", in: disk, scenario) { try $0.seal() }
        let store = try scenario.open(disk)
        disk.plan([disk.calls + offset: .error(.full)])
        try? store.seal()
        disk.plan([:])
        try store.seal()
        var count = 0
        try store.snapshot().forEachMessage { _, _ in count += 1 }
        #expect(count == 6)
        #expect(try store.verify().isSound)
        try store.close()
    }

    @Test func `whoever watches is told once that the store has stopped, and closing it then changes nothing`() throws {
        let disk = SimulatedDisk()
        let scenario = try Scenario()
        let store = try scenario.open(disk)
        _ = try store.append(Array(scenario.messages[0..<5]), source: "web")
        let told = Locked<[EventStoreError]>([])
        store.whenStopped { error in told.withLock { $0.append(error) } }
        disk.plan([:], lasting: .failed)
        for _ in 0..<2 {
            #expect(throws: EventStoreError.self) {
                try store.append(Array(scenario.messages[5..<9]), source: "web")
            }
        }
        disk.plan([:])
        #expect(told.withLock { $0.map(\.code) } == ["store-stopped"])
        #expect(told.withLock { $0.map(\.exitCode) } == [74])
        let calls = disk.calls
        try store.close()
        #expect(disk.calls == calls)
        let late = Locked<[EventStoreError]>([])
        store.whenStopped { error in late.withLock { $0.append(error) } }
        #expect(late.withLock { $0.count } == 1)
    }

    @Test(arguments: [0, 1, 4_096])
    func `a database whose first page was on its way is made anew`(written: Int) throws {
        let disk = SimulatedDisk()
        let scenario = try Scenario()
        // As SQLite's source has it: magic, records, nonce, pages before, sector size, page size.
        let magic: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
        let numbers: [UInt8] = [0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16, 0]
        let journal = magic + numbers + Array(repeating: 0, count: 4_068)
        try disk.createDirectory("/data")
        try disk.createDirectory(Scenario.directory)
        try disk.create("\(Scenario.directory)/shoal.db").write(Array(repeating: 0, count: written))
        try disk.create("\(Scenario.directory)/shoal.db-journal").write(journal)
        let store = try scenario.open(disk)
        _ = try store.append(Array(scenario.messages[0..<5]), source: "web")
        #expect(try store.verify().isSound)
        try store.close()
        try scenario.open(disk).close()
    }

    @Test func `the way to a new store is synced, whoever made its folders`() throws {
        let disk = SimulatedDisk()
        let scenario = try Scenario()
        // A process that was killed right after it had made them.
        try disk.createDirectory("/data")
        try disk.createDirectory(Scenario.directory)
        try scenario.open(disk).close()
        let made = try #require(disk.log.firstIndex { $0.hasPrefix("create ") && $0.hasSuffix("/shoal.db") })
        let synced = disk.log[..<made].filter { $0.hasPrefix("sync the directory") }
        #expect(synced.contains("sync the directory /data") && synced.contains("sync the directory /"))
        let calls = disk.calls
        try scenario.open(disk).close()
        #expect(!disk.log[calls...].contains("sync the directory /data"))
    }
}
