import Dispatch
import EventModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EventStore

/// A backup is what was acknowledged before its mark, whatever goes on beside it; and a restore is that or nothing.
@Suite struct BackupTests {
    private func options() -> EventStore.Options {
        var options = EventStore.Options()
        options.sealMessages = 400
        options.compactionFanIn = 3
        return options
    }

    private func message(_ id: String, of person: Int) throws -> Message {
        try MessageDecoder().decode(
            Array(
                #"{"type":"track","event":"E","messageId":"\#(id)","userId":"u\#(person)","properties":{"n":1}}"#.utf8),
            receivedAt: Timestamp(milliseconds: 1_800_000_000_000))
    }

    private func messageIDs(_ path: String) throws -> Set<Text> {
        let store = try EventStore.open(directory: path)
        var ids: Set<Text> = []
        try store.snapshot().forEachMessage { stored, _ in ids.insert(stored.message.messageID) }
        #expect(try store.verify().problems == [])
        try store.close()
        return ids
    }

    private func restore(_ source: String, to target: String) throws {
        let restorer = try BackupRestorer(from: source, to: target)
        do {
            try restorer.copy()
            try restorer.settle(clock: SystemClock()) { _ in }
            try restorer.finish()
        } catch {
            restorer.abandon()
            throw error
        }
    }

    @Test(arguments: [1, 2, 3])
    func `a backup during appends from several threads has all that was acknowledged before it`(round: Int) throws {
        let folder = try TemporaryDirectory()
        let store = try EventStore.open(
            directory: folder.path + "/shop", mode: .createIfMissing, options: options())
        let acknowledged = Locked<Set<Text>>([])
        let offered = Locked<Set<Text>>([])
        let isOver = Atomic(false)
        let group = DispatchGroup()
        for thread in 0..<3 {
            DispatchQueue.global().async(group: group) {
                var number = 0
                while !isOver.load(ordering: .relaxed) {
                    do {
                        let batch = try (0..<20).map { try message("\(thread)-\(number + $0)", of: number % 50) }
                        number += 20
                        offered.withLock { $0.formUnion(batch.map(\.messageID)) }
                        _ = try store.append(batch, source: "web")
                        acknowledged.withLock { $0.formUnion(batch.map(\.messageID)) }
                    } catch {
                        Issue.record(error)
                        return
                    }
                }
            }
        }
        while acknowledged.withLock({ $0.count }) < 200 * round { Thread.sleep(forTimeInterval: 0.005) }
        let before = acknowledged.withLock { $0 }
        let target = folder.path + "/backup"
        let manifest = try store.backup(to: target)
        let after = offered.withLock { $0 }
        isOver.store(true, ordering: .relaxed)
        group.wait()
        try store.close()

        try restore(target, to: folder.path + "/restored")
        let restored = try messageIDs(folder.path + "/restored")
        #expect(!before.isEmpty)
        #expect(restored.isSuperset(of: before))
        #expect(restored.isSubset(of: after))
        #expect(restored.count == manifest.messages)
        #expect(!FileManager.default.fileExists(atPath: target + ".partial"))
    }

    /// A store with a part, messages in the journal and a definition.
    private func filled(_ path: String) throws -> EventStore {
        let store = try EventStore.open(directory: path, mode: .createIfMissing, options: options())
        _ = try store.append((0..<300).map { try message("a\($0)", of: $0 % 20) }, source: "web")
        try store.seal()
        _ = try store.append((0..<50).map { try message("b\($0)", of: $0 % 20) }, source: "web")
        try FileManager.default.createDirectory(atPath: path + "/segments/deep", withIntermediateDirectories: true)
        try Data("segment a: did \"E\"\n".utf8).write(to: URL(fileURLWithPath: path + "/segments/deep/a.shoal"))
        return store
    }

    @Test func `a restored store is the same, in a new epoch, and goes on`() throws {
        let folder = try TemporaryDirectory()
        let store = try filled(folder.path + "/shop")
        let before = try facts(of: store.snapshot())
        _ = try store.backup(to: folder.path + "/backup", taking: ["segments/deep/a.shoal"])
        #expect(try store.epoch() == 0)
        try store.close()
        try restore(folder.path + "/backup", to: folder.path + "/restored")
        let restored = try EventStore.open(directory: folder.path + "/restored")
        #expect(try restored.epoch() == 1)
        #expect(difference(try facts(of: restored.snapshot()), before) == nil)
        #expect(try restored.append([message("a7", of: 7)], source: "web") == [.duplicate])
        #expect(try restored.append([message("new", of: 7)], source: "web") == [.accepted])
        try restored.close()
        let text = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/restored/segments/deep/a.shoal"))
        #expect(text == Data("segment a: did \"E\"\n".utf8))
    }

    @Test func `a backup with a byte changed, missing or added is refused, whichever file it is in`() throws {
        let folder = try TemporaryDirectory()
        let store = try filled(folder.path + "/shop")
        let backup = folder.path + "/backup"
        let manifest = try store.backup(to: backup, taking: ["segments/deep/a.shoal"])
        try store.close()
        for name in manifest.files.map(\.path) + ["BACKUP"] {
            let url = URL(fileURLWithPath: "\(backup)/\(name)")
            let whole = try Data(contentsOf: url)
            for way in 0..<3 {
                var bytes = whole
                switch way {
                case 0: bytes[bytes.count / 2] ^= 1
                case 1: bytes.removeLast(2)
                default: bytes.append(7)
                }
                try bytes.write(to: url)
                let error = #expect(throws: BackupError.self) { try restore(backup, to: folder.path + "/restored") }
                #expect(error?.code == "backup-damaged", "\(name), way \(way)")
                #expect(throws: BackupError.self, "\(name), way \(way)") { try BackupCheck.run(backup) }
            }
            try FileManager.default.removeItem(at: url)
            #expect(throws: BackupError.self) { try BackupCheck.run(backup) }
            #expect(throws: BackupError.self) { try restore(backup, to: folder.path + "/restored") }
            try whole.write(to: url)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/restored"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/restored.partial"))
        var done = (0, 0)
        try BackupCheck.run(backup) { done = ($0, $1) }
        #expect(done.0 == manifest.bytes && done.1 == manifest.bytes)
        try restore(backup, to: folder.path + "/restored")
        #expect(try messageIDs(folder.path + "/restored").count == 350)
    }

    @Test func `nothing that is there is overwritten, and a newer backup is refused`() throws {
        let folder = try TemporaryDirectory()
        let store = try filled(folder.path + "/shop")
        _ = try store.backup(to: folder.path + "/backup")
        #expect(throws: BackupError.exists(path: folder.path + "/backup")) {
            try store.backup(to: folder.path + "/backup")
        }
        try store.close()
        #expect(throws: BackupError.targetNotEmpty(path: folder.path + "/shop")) {
            try restore(folder.path + "/backup", to: folder.path + "/shop")
        }
        #expect(throws: BackupError.noBackup(path: folder.path + "/shop")) {
            try restore(folder.path + "/shop", to: folder.path + "/restored")
        }
        let newer = BackupManifest(
            workspace: "w", made: Timestamp(milliseconds: 0), messages: 0, lastArrival: 0, erasures: 0)
        #expect(throws: BackupError.newerFormat(path: "p", found: 2, supported: 1)) {
            try BackupManifest(newer.encoded(format: 2), path: "p")
        }
    }

    @Test func `a backup that is broken off leaves nothing behind`() throws {
        let folder = try TemporaryDirectory()
        let store = try filled(folder.path + "/shop")
        #expect(throws: CancellationError.self) {
            try store.backup(to: folder.path + "/backup", progress: { _, _ in throw CancellationError() })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["shop"])
        try store.close()
    }

    @Test func `a store with a damaged part is not backed up as if it were sound`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/shop"
        try filled(path).close()
        let name = try #require(FileManager.default.contentsOfDirectory(atPath: path + "/parts").first)
        let url = URL(fileURLWithPath: "\(path)/parts/\(name)")
        var bytes = try Data(contentsOf: url)
        bytes[200] ^= 1
        try bytes.write(to: url)
        let store = try EventStore.open(directory: path)
        let error = #expect(throws: EventStoreError.self) { try store.backup(to: folder.path + "/backup") }
        #expect(error?.code == "part-damaged")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/backup"))
        try store.close()
    }
}
