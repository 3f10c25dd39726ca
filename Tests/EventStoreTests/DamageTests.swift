import EventModel
import Foundation
import Testing

@testable import EventStore

/// Flipped bits, cut and swapped files: whatever is wrong is found before a wrong row leaves.
@Suite struct DamageTests {
    /// A store with one small part, and what it should say.
    struct Sample {
        let disk = SimulatedDisk()
        let messages: [Message]
        let path: String
        let id: StoreID
        let bytes: [UInt8]
        let facts: [Text: ProfileFact]
        let identity: IdentityView
        let keys: [DedupKey]

        init(messages count: Int = 14, seed: UInt64 = 11) throws {
            var generator = RandomMessages(seed: seed)
            generator.people = 4
            generator.duplicateChance = 0
            messages = try generator.messages(count)
            let store = try Sample.open(disk)
            _ = try store.append(messages, source: "web")
            try store.seal()
            let snapshot = try store.snapshot()
            facts = try EventStoreTests.facts(of: snapshot)
            identity = snapshot.assembler.identity
            let part = snapshot.assembler.parts[0]
            id = part.id
            path = part.path
            keys = messages.map { DedupKey(source: "web", messageID: $0.messageID) }
            try store.close()
            bytes = try #require(disk.contents(path))
        }

        static func open(_ disk: SimulatedDisk) throws -> EventStore {
            var options = EventStore.Options()
            options.maintenance = .none
            return try EventStore.open(
                directory: Scenario.directory, mode: .createIfMissing, disk: disk,
                clock: ManualClock(Timestamp(milliseconds: 1_800_000_000_000)),
                random: SeededRandomSource(seed: 5), options: options)
        }

        /// Reads the part out of `bytes` as verification does: true when it finds the damage.
        func isDetected(_ bytes: [UInt8]) -> Bool {
            disk.damage(path) { $0 = bytes }
            guard let part = try? PartFile(id, path: path, on: disk, workspace: nil, size: self.bytes.count) else {
                return true
            }
            return part.digest() != part.footerDigest
        }

        /// Reads everything out of `bytes` as queries do; what they say that is not so, or nil.
        func wrongAnswer(_ bytes: [UInt8]) -> String? {
            disk.damage(path) { $0 = bytes }
            guard let part = try? PartFile(id, path: path, on: disk, workspace: nil, size: self.bytes.count) else {
                return nil
            }
            let assembler = HistoryAssembler(parts: [part], recent: [], identity: identity)
            for range in assembler.plan() {
                guard let block = try? assembler.block(range, projection: .everything) else { continue }
                for profile in 0..<block.profileCount {
                    let found = fact(of: profile, in: block)
                    guard let expected = facts[block.profileIDs[profile]] else { return "an unknown profile" }
                    if let difference = difference(found, expected) { return difference }
                }
            }
            for key in keys {
                // Not finding a key that is there would let a message in twice.
                if (try? part.contains(key)) == false { return "a key is gone" }
            }
            let decoder = MessageDecoder()
            for frame in part.index.frames.indices {
                guard let records = try? part.records(frame) else { continue }
                for (record, message) in zip(records, messages) {
                    guard let decoded = try? record.decode(decoder, source: "web") else {
                        return "a record that cannot be decoded"
                    }
                    if decoded.message.original != message.original { return "another original" }
                }
            }
            return nil
        }
    }

    static let isLong = ProcessInfo.processInfo.environment["SHOAL_LONG_TESTS"] != nil

    @Test func `every single flipped bit of a part is detected`() throws {
        let sample = try Sample()
        #expect((2_000...65_536).contains(sample.bytes.count), "\(sample.bytes.count) bytes")
        #expect(!sample.isDetected(sample.bytes))
        var bytes = sample.bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                bytes[index] ^= 1 << UInt8(bit)
                if !sample.isDetected(bytes) { Issue.record("bit \(bit) of byte \(index) flipped unnoticed") }
                bytes[index] ^= 1 << UInt8(bit)
            }
        }
    }

    @Test func `no flipped bit makes a query answer wrongly`() throws {
        let sample = try Sample()
        #expect(sample.wrongAnswer(sample.bytes) == nil)
        var bytes = sample.bytes
        for index in stride(from: 0, to: bytes.count, by: Self.isLong ? 1 : 5) {
            for bit in 0..<8 where Self.isLong || bit == index % 8 {
                bytes[index] ^= 1 << UInt8(bit)
                let answer = sample.wrongAnswer(bytes)
                #expect(answer == nil, "bit \(bit) of byte \(index)")
                bytes[index] ^= 1 << UInt8(bit)
            }
        }
    }

    @Test func `a part cut short at any byte, or longer by some, does not open`() throws {
        let sample = try Sample()
        for length in 0..<sample.bytes.count {
            sample.disk.damage(sample.path) { $0 = Array(sample.bytes[0..<length]) }
            #expect(throws: EventStoreError.self, "\(length) bytes") {
                try PartFile(sample.id, path: sample.path, on: sample.disk, workspace: nil, size: nil)
            }
        }
        sample.disk.damage(sample.path) { $0 = sample.bytes + [0] }
        #expect(throws: EventStoreError.self) {
            try PartFile(sample.id, path: sample.path, on: sample.disk, workspace: nil, size: nil)
        }
    }

    @Test func `two blocks swapped, and a part of another store, are noticed`() throws {
        let sample = try Sample()
        let part = try PartFile(sample.id, path: sample.path, on: sample.disk, workspace: nil, size: nil)
        let blocks = part.allBlocks.map(\.place)
        for (first, second) in zip(blocks, blocks.dropFirst()) {
            var bytes = Array(sample.bytes[0..<first.offset])
            bytes += sample.bytes[second.offset..<(second.offset + second.length)]
            bytes += sample.bytes[first.offset..<(first.offset + first.length)]
            bytes += sample.bytes[(second.offset + second.length)...]
            #expect(sample.isDetected(bytes))
            #expect(sample.wrongAnswer(bytes) == nil)
        }
        let other = try Sample(seed: 12)
        sample.disk.damage(sample.path) { $0 = other.bytes }
        let store = try Sample.open(sample.disk)
        #expect(try store.info().unreadableParts.count == 1)
        #expect(!(try store.verify().isSound))
        try store.close()
    }

    @Test func `a damaged block fails the reads that touch it, and only those`() throws {
        let sample = try Sample()
        let part = try PartFile(sample.id, path: sample.path, on: sample.disk, workspace: nil, size: nil)
        let frame = part.index.frames[0].place
        sample.disk.damage(sample.path) { $0[frame.offset + frame.length - 1] ^= 1 }
        let store = try Sample.open(sample.disk)
        let snapshot = try store.snapshot()
        #expect(difference(try facts(of: snapshot), sample.facts) == nil)
        let error = #expect(throws: EventStoreError.self) { try snapshot.forEachMessage { _, _ in } }
        #expect(error?.code == "part-damaged")
        #expect(error?.message.contains("block \(frame.number)") == true)
        let report = try store.verify()
        #expect(report.problems.contains { $0.code == "part-damaged" && $0.message.contains("block \(frame.number)") })
        try store.close()
    }

    @Test func `a part that does not open stops what needs it, and nothing is taken meanwhile`() throws {
        let sample = try Sample()
        sample.disk.damage(sample.path) { $0[$0.count - 100] ^= 1 }
        let store = try Sample.open(sample.disk)
        let snapshot = try store.snapshot()
        #expect(throws: EventStoreError.self) { try snapshot.block(0, projection: .everything) }
        #expect(throws: EventStoreError.self) { try store.append(sample.messages, source: "web") }
        #expect(try store.counters().balance)
        try store.close()
    }
}
