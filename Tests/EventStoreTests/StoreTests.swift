import EventModel
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import EventStore

/// What a store promises beside histories: duplicates, locks, formats, settings, repairs.
@Suite struct StoreTests {
    private func options(_ maintenance: EventStore.Maintenance = .none) -> EventStore.Options {
        var options = EventStore.Options()
        options.maintenance = maintenance
        return options
    }

    private func count(_ store: EventStore) throws -> Int {
        var count = 0
        try store.snapshot().forEachMessage { _, _ in count += 1 }
        return count
    }

    // MARK: - Duplicates

    @Test func `a message is stored once: in a batch, in the journal, in parts, after merges and restarts`() throws {
        let directory = try TemporaryDirectory()
        var generator = RandomMessages(seed: 1)
        generator.duplicateChance = 0
        let messages = try generator.messages(40)
        var store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        #expect(try store.append(messages + messages, source: "web").filter { $0 == .accepted }.count == 40)
        for step in 0..<4 {
            switch step {
            case 0: try store.seal()
            case 1:
                let writer = store.bulkWriter()
                #expect(try writer.add(messages, source: "other").allSatisfy { $0 == .accepted })
                #expect(try writer.add(messages, source: "other").allSatisfy { $0 == .duplicate })
                #expect(try writer.finish() == Counters(offered: 80, stored: 40, duplicates: 40))
            case 2: try store.compactIfNeeded(minimumParts: 2)
            default:
                try store.close()
                store = try EventStore.open(directory: directory.path, options: options())
            }
            #expect(try store.append(messages, source: "web").allSatisfy { $0 == .duplicate }, "step \(step)")
            let writer = store.bulkWriter()
            #expect(try writer.add(messages, source: "web").allSatisfy { $0 == .duplicate }, "step \(step)")
            _ = try writer.finish()
        }
        #expect(try count(store) == 80)
        let counters = try store.counters()
        #expect(counters.balance)
        #expect(counters.stored == 80)
        try store.close()
    }

    @Test func `two writers that add the same message store it once`() throws {
        let directory = try TemporaryDirectory()
        var generator = RandomMessages(seed: 2)
        generator.duplicateChance = 0
        let messages = try generator.messages(10)
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        let first = store.bulkWriter()
        let second = store.bulkWriter()
        _ = try first.add(messages, source: "web")
        _ = try second.add(messages, source: "web")
        _ = try store.append(Array(messages[0..<3]), source: "web")
        _ = try first.finish()
        _ = try second.finish()
        #expect(try count(store) == 10)
        let counters = try store.counters()
        #expect(counters == Counters(offered: 23, stored: 10, duplicates: 13))
        try store.close()
    }

    @Test func `ids are bytes: two forms of an accented letter are two messages and two people`() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        let time = Timestamp(milliseconds: 1_700_000_000_000)
        let messages = ["é", "e\u{301}"].map { letter in
            Message(kind: .track, messageID: Text("id-\(letter)"), userID: Text(letter), time: time, event: "Played")
        }
        #expect(try store.append(messages, source: "web") == [.accepted, .accepted])
        try store.seal()
        let snapshot = try store.snapshot()
        #expect(snapshot.profileNumber(for: "é") != snapshot.profileNumber(for: "e\u{301}"))
        #expect(try snapshot.countProfiles() == 2)
        try store.close()
    }

    // MARK: - Opening

    @Test func `a second opening is refused and says who holds the store`() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        let error = #expect(throws: EventStoreError.self) { try EventStore.open(directory: directory.path) }
        #expect(error?.code == "store-locked")
        #expect(error?.exitCode == 73)
        #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
        try store.close()
        try EventStore.open(directory: directory.path).close()
    }

    @Test func `a directory without a store is an error and stays empty`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/none"
        let error = #expect(throws: EventStoreError.self) { try EventStore.open(directory: path) }
        #expect(error == .noStore(directory: path))
        #expect(error?.exitCode == 66)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a file that is no database is refused untouched`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/shoal.db"
        let bytes = Data(repeating: 65, count: 5_000)
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: EventStoreError.self) {
            try EventStore.open(directory: directory.path, mode: .createIfMissing)
        }
        #expect(error == .notAStore(path: path))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["shoal.db"])
    }

    @Test func `a store of a newer format is refused and not a byte is written`() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        try store.database.write("pretend to be newer") {
            try $0.execute(sql: "PRAGMA user_version = \(StoreDatabase.format + 1)")
        }
        try store.close()
        func contents() throws -> [String: Data] {
            var contents: [String: Data] = [:]
            for case let name as String in FileManager.default.enumerator(atPath: directory.path) ?? .init() {
                contents[name] = FileManager.default.contents(atPath: directory.path + "/" + name)
            }
            return contents
        }
        let before = try contents()
        let error = #expect(throws: EventStoreError.self) { try EventStore.open(directory: directory.path) }
        let format = Int(StoreDatabase.format)
        #expect(error == .newerFormat(path: directory.path + "/shoal.db", found: format + 1, supported: format))
        #expect(error?.code == "store-newer-format")
        #expect(try contents() == before)
    }

    @Test func `the database is as durable as it is said to be`() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        let found = try store.database.read("read the settings of SQLite") { database in
            try ["synchronous", "journal_mode", "locking_mode", "wal_autocheckpoint"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(found == ["2", "wal", "exclusive", "0"])
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/shoal.db-shm"))
        try store.close()
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/shoal.db-wal"))
    }

    @Test func `readers do not wait for a writer, and find a closed store closed`() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        // Within a writer's turn: a reader that waited for it would wait for ever.
        try store.asWriter { _ throws(EventStoreError) in #expect(try store.snapshot().profileCount == 0) }
        try store.close()
        #expect(throws: EventStoreError.closed) { try store.snapshot() }
    }

    @Test func `the log of the database is copied when it is long, and then written over`() throws {
        let directory = try TemporaryDirectory()
        var options = options()
        options.logBytes = 200_000
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options)
        var generator = RandomMessages(seed: 1)
        var sizes: [Int] = []
        for _ in 0..<200 {
            _ = try store.append(try generator.messages(20), source: "web")
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/shoal.db-wal")
            sizes.append(try #require(attributes[.size] as? Int))
        }
        #expect(sizes == sizes.sorted(), "the file is not cut off, so what is written later lies where something was")
        #expect((200_000..<400_000).contains(try #require(sizes.last)))
        #expect(Set(sizes.suffix(100)).count == 1)
        let count = try count(store)
        try store.close()
        let reopened = try EventStore.open(directory: directory.path, options: options)
        #expect(try self.count(reopened) == count)
        try reopened.close()
    }

    @Test(arguments: [
        ("3.6.23", false), ("3.7.0", true), ("3.40.1", true), ("3.44.5", true), ("3.44.6", false), ("3.45.0", true),
        ("3.50.6", true), ("3.50.7", false), ("3.51.2", true), ("3.51.3", false), ("3.52.0", false), ("4.0.0", false),
    ])
    func `versions of SQLite with the WAL-reset bug are known`(version: String, hasBug: Bool) {
        #expect(SQLiteVersion(version)?.hasResetBug == hasBug)
    }

    // MARK: - Settings, state, information

    @Test func `settings, products and the state of imports are there after opening again`() throws {
        let directory = try TemporaryDirectory()
        var store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        try store.update { settings in
            settings.zone = Zone(identifier: "America/New_York") ?? .utc
            settings.baseCurrency = "EUR"
            settings.consentPurposeByChannel = ["email": "marketing"]
        }
        let products: [JSONValue] = [["product_id": 17, "category": "tea"], ["name": "nameless"]]
        #expect(try store.addProducts(products) == [.stored, .withoutID])
        #expect(try store.addProducts(products) == [.unchanged, .withoutID])
        #expect(try store.addProducts([["product_id": "17", "category": "coffee"]]) == [.stored])
        let key = ImportStateKey(source: "orders", key: "#1044", kind: "refunded")
        let writer = store.bulkWriter()
        writer.setImportState(key, to: 12)
        #expect(try writer.importState(key) == 12)
        #expect(try store.importState(key) == nil)
        _ = try writer.finish()
        try store.close()
        store = try EventStore.open(directory: directory.path, options: options())
        #expect(store.settings.zone.identifier == "America/New_York")
        #expect(store.settings.baseCurrency == "EUR")
        #expect(store.settings.consentPurposeByChannel == ["email": "marketing"])
        #expect(store.settings.catalogue.value(productID: "17", path: ["category"]) == "coffee")
        #expect(try store.importState(key) == 12)
        try store.update { $0.baseCurrency = nil }
        #expect(store.settings.baseCurrency == nil)
        try store.close()
    }

    @Test func `info counts what is there`() throws {
        let directory = try TemporaryDirectory()
        let messages = try RandomMessages(seed: 4).drawn(80)
        let memory = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        _ = try store.append(Array(messages[0..<50]), source: "web")
        try store.seal()
        _ = try store.append(Array(messages[50...]), source: "web")
        try store.countRejected(3)
        let info = try store.info()
        #expect(info.profiles == memory.profileCount)
        #expect(info.messages == 80 - memory.duplicateCount)
        #expect(
            info.counters
                == Counters(offered: 83, stored: info.messages, duplicates: memory.duplicateCount, rejected: 3))
        let rows = try facts(of: memory).values.flatMap(\.rows)
        #expect(info.events == rows.filter { $0.event != "$identify" }.count)
        #expect(info.identifies == rows.filter { $0.event == "$identify" }.count)
        #expect(info.firstTime?.milliseconds == rows.map(\.time).min())
        #expect(info.lastTime?.milliseconds == rows.map(\.time).max())
        for event in info.eventNames { #expect(event.rows == rows.filter { $0.event == event.name }.count) }
        #expect(info.sources == ["web"])
        #expect(info.watermark == messages.map(\.receivedAt).max())
        try store.close()
    }

    @Test func `messages of a profile are those that came in, its anonymous ones and its aliases too`() throws {
        let directory = try TemporaryDirectory()
        let messages = try RandomMessages(seed: 5).drawn(120)
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        var resolver = IdentityResolver()
        var seen: Set<Text> = []
        let kept = messages.filter { seen.insert($0.messageID).inserted }
        for message in kept { resolver.observe(message) }
        let identities = resolver.resolved()
        for (index, some) in [messages[0..<40], messages[40..<80], messages[80...]].enumerated() {
            _ = try store.append(Array(some), source: "web")
            if index < 2 { try store.seal() }
        }
        for step in 0..<2 {
            let snapshot = try store.snapshot()
            for id in Set(kept.compactMap { identities.profileID(of: $0) }) {
                guard let number = snapshot.profileNumber(for: id) else { continue }
                let expected = kept.filter { identities.profileID(of: $0) == id }
                let found = try snapshot.messages(of: number)
                #expect(Set(found) == Set(expected), "\(id), step \(step)")
                #expect(found.map(\.time) == found.map(\.time).sorted())
            }
            try store.compactIfNeeded(minimumParts: 2)
        }
        try store.close()
    }

    @Test func `a message without a JSON original keeps all its fields`() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        let time = Timestamp(milliseconds: 1_700_000_000_123)
        let message = Message(
            kind: .identify, messageID: "m", userID: "u", anonymousID: "a", time: time,
            originalTime: time.adding(milliseconds: 5), sentAt: time.adding(milliseconds: 9),
            receivedAt: time.adding(milliseconds: 77), context: JSONObject([("ip", "::1")]),
            traits: JSONObject([("email", "a@example.org"), ("gone", .null)]), original: Array("a,b,c".utf8),
            warnings: ["future-time"])
        _ = try store.append([message], source: "csv")
        try store.seal()
        let snapshot = try store.snapshot()
        let number = try #require(snapshot.profileNumber(for: "u"))
        #expect(try snapshot.messages(of: number) == [message])
        try store.close()
    }

    // MARK: - Maintenance

    @Test func `appends seal and merge in the background, and readers see everything all the time`() throws {
        let directory = try TemporaryDirectory()
        var options = options(.background)
        options.sealMessages = 50
        options.compactionFanIn = 3
        let messages = try RandomMessages(seed: 6).drawn(600)
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options)
        var stored = 0
        for start in stride(from: 0, to: messages.count, by: 20) {
            let verdicts = try store.append(Array(messages[start..<(start + 20)]), source: "web")
            stored += verdicts.filter { $0 == .accepted }.count
            #expect(try count(store) == stored)
        }
        try store.close()
        let again = try EventStore.open(directory: directory.path)
        let info = try again.info()
        #expect(info.messages == stored)
        #expect(info.parts > 0)
        #expect(info.maintenanceFailure == nil)
        #expect(try again.verify().isSound)
        let memory = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        #expect(difference(try facts(of: again.snapshot()), shifted(try facts(of: memory))) == nil)
        try again.close()
    }

    @Test(arguments: [EventStore.Maintenance.none, .background])
    func `what is stored is known again, whether its part has a filter over its keys or not`(
        maintenance: EventStore.Maintenance
    ) throws {
        let directory = try TemporaryDirectory()
        var messages: [Message] = []
        for number in 0..<300 {
            messages.append(
                Message(
                    kind: .track, messageID: Text("m\(number)"), anonymousID: "a",
                    time: Timestamp(milliseconds: Int64(number)), event: "Played"))
        }
        let store = try EventStore.open(
            directory: directory.path, mode: .createIfMissing, options: options(maintenance))
        for end in stride(from: 100, through: 300, by: 100) {
            // The first hundred go through two parts, the next through one, the last are recent.
            #expect(try store.append(Array(messages[..<(end - 100)]), source: "web").allSatisfy { $0 == .duplicate })
            store.maintenanceThread.wait()
            let filters = store.published.withLock { $0.parts.map(\.hasFilter) }
            #expect(filters == [Bool](repeating: maintenance == .background, count: end / 100 - 1))
            let verdicts = try store.append(Array(messages[..<end]), source: "web")
            #expect(verdicts[..<(end - 100)].allSatisfy { $0 == .duplicate })
            #expect(verdicts[(end - 100)...].allSatisfy { $0 == .accepted })
            #expect(try store.append(Array(messages[..<end]), source: "web").allSatisfy { $0 == .duplicate })
            #expect(try store.append(messages, source: "app").contains(.accepted) == (end == 100))
            try store.seal()
        }
        try store.close()
    }

    @Test func `a snapshot stays as it is while its parts are merged and removed`() throws {
        let directory = try TemporaryDirectory()
        let messages = try RandomMessages(seed: 7).drawn(100)
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        for start in stride(from: 0, to: 60, by: 20) {
            _ = try store.append(Array(messages[start..<(start + 20)]), source: "web")
            try store.seal()
        }
        let snapshot = try store.snapshot()
        let before = try facts(of: snapshot)
        _ = try store.append(Array(messages[60...]), source: "web")
        try store.seal()
        try store.compactIfNeeded(minimumParts: 2)
        #expect(difference(try facts(of: snapshot), before) == nil)
        #expect(try store.info().parts == 1)
        try store.close()
    }

    @Test func `a projection gives only what was asked, with the whole span of each profile`() throws {
        let directory = try TemporaryDirectory()
        let messages = try RandomMessages(seed: 8).drawn(200)
        let memory = MemoryHistorySource(messages: messages, settings: WorkspaceSettings())
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options())
        _ = try store.append(Array(messages[0..<90]), source: "web")
        try store.seal()
        _ = try store.append(Array(messages[90..<150]), source: "web")
        try store.seal()
        _ = try store.append(Array(messages[150...]), source: "web")
        let projections = [
            Projection(events: ["Order Completed"], paths: [PropertyPath(.properties, ["price"])], traits: false),
            Projection(events: [], paths: [], traits: true),
            Projection(events: nil, paths: [PropertyPath(.items, ["price"])], traits: false),
            Projection(events: ["Played", "Rare 3"], paths: nil, traits: true),
            Projection(events: [], paths: [], traits: false),
        ]
        for step in 0..<2 {
            let snapshot = try store.snapshot()
            for projection in projections {
                let expected = shifted(try facts(of: memory, projection: projection))
                let found = try facts(of: snapshot, projection: projection)
                #expect(difference(found, expected) == nil, "step \(step), \(projection)")
            }
            try store.seal()
            try store.compactIfNeeded(minimumParts: 2)
        }
        try store.close()
    }

    @Test func `orphans go when their messages are elsewhere, and stay when they are not`() throws {
        let disk = SimulatedDisk()
        let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
        func open() throws -> EventStore {
            try EventStore.open(
                directory: Scenario.directory, mode: .createIfMissing, disk: disk, clock: clock,
                random: SeededRandomSource(seed: UInt64(disk.calls)), options: options())
        }
        var store = try open()
        let messages = try RandomMessages(seed: 9).drawn(30)
        _ = try store.append(messages, source: "web")
        try store.seal()
        let part = try #require(store.published.withLock { $0.parts.first })
        let bytes = try #require(disk.contents(part.path))
        // The manifest forgets the part, as one would that was set back to an earlier day.
        try store.database.write("forget") { try $0.execute(sql: "DELETE FROM part") }
        try store.close()
        for _ in 0..<2 {
            store = try open()
            #expect(disk.contents(part.path) == bytes)
            try store.close()
            clock.advance(milliseconds: 700_000)
        }
        // Stored again, the messages are elsewhere; the file goes after the grace.
        store = try open()
        _ = try store.append(messages, source: "web")
        try store.close()
        store = try open()
        #expect(disk.contents(part.path) == nil)
        #expect(try count(store) == Set(messages.map(\.messageID)).count)
        try store.close()
    }
}

extension RandomMessages {
    /// Some messages, for a generator that is not needed further.
    func drawn(_ count: Int) throws -> [Message] {
        var copy = self
        return try copy.messages(count)
    }
}
