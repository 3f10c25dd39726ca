import EventModel
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventStore

/// Erasing takes away one profile down to the bytes, and nothing else.
@Suite struct ErasureTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    private static var options: EventStore.Options {
        var options = EventStore.Options()
        options.maintenance = .none
        options.rowsPerBlock = 8
        return options
    }

    private func open(_ path: String, seed: UInt64 = 1) throws -> EventStore {
        try EventStore.open(
            directory: path, mode: .createIfMissing, clock: ManualClock(Self.now),
            random: SeededRandomSource(seed: seed), options: Self.options)
    }

    // MARK: - Canaries

    private static let canaries = [
        "canary-user", "canary-device", "canary-old", "canary-event", "canary-key", "canary-value", "canary-item",
        "canary-trait", "canary-context", "canary-group", "canary-message", "canary-order", "canary-ünï",
        "canary-external", "canary-gadget", "491705550199", "+49 (170) 555-0199",
    ]

    /// Everything somebody may leave behind, in every field and under every kind of id.
    private static func canaryMessages() throws -> [Message] {
        let texts = [
            #"{"type":"identify","messageId":"canary-message-1","userId":"canary-user","traits":{"canary-trait":"canary-value","email":"Canary-Value@example.com","phone":"+49 (170) 555-0199"},"context":{"externalIds":[{"type":"crm","id":"canary-external"}],"device":{"id":"canary-gadget"}}}"#,
            #"{"type":"track","messageId":"canary-message-2","anonymousId":"canary-device","event":"canary-event","properties":{"canary-key":"canary-value","n":17.25,"products":[{"product_id":"canary-item","canary-item":"canary-ünï"}]}}"#,
            #"{"type":"track","messageId":"canary-message-3","anonymousId":"canary-device","userId":"canary-user","event":"Order Completed","properties":{"order_id":"canary-order","list":["canary-value"],"deep":{"canary-key":{"x":"canary-value"}}},"context":{"canary-context":"canary-context","page":{"url":"https://shop.example/canary-context"}}}"#,
            #"{"type":"alias","messageId":"canary-message-4","previousId":"canary-old","userId":"canary-user"}"#,
            #"{"type":"group","messageId":"canary-message-5","userId":"canary-user","groupId":"canary-group","traits":{"canary-trait":1}}"#,
            #"{"type":"page","messageId":"canary-message-6","anonymousId":"canary-old","name":"canary-event","properties":{"title":"canary-value"}}"#,
            #"{"type":"screen","messageId":"canary-message-7","userId":"canary-user","name":"canary-event"}"#,
        ]
        let decoder = MessageDecoder()
        return try texts.enumerated().map { number, text in
            try decoder.decode(
                Array(text.utf8), receivedAt: Timestamp(milliseconds: 1_750_000_000_000 + Int64(number)))
        }
    }

    /// A store in which one person is everywhere: in a merged part, in a sealed one, and in the journal.
    private func fill(_ store: EventStore, with others: [Message]) throws {
        let canaries = try Self.canaryMessages()
        func mixed(_ mine: ArraySlice<Message>, _ range: Range<Int>) -> [Message] {
            Array(others[range]) + mine
                + Array(others[range]).map { message in
                    var copy = message
                    copy.messageID = Text("\(message.messageID) again")
                    copy.original = []
                    return copy
                }
        }
        _ = try store.append(mixed(canaries[0..<2], 0..<20), source: "web")
        try store.seal()
        _ = try store.append(mixed(canaries[2..<4], 20..<40), source: "web")
        try store.seal()
        try store.compactIfNeeded(minimumParts: 2)
        let writer = store.bulkWriter()
        let state = [
            ImportStateKey(source: "import", key: "traits/shop/canary-user", kind: "seen"): JSONValue.string("1 ab")
        ]
        _ = try writer.add(mixed(canaries[4..<5], 40..<50), source: "import", state: state)
        _ = try writer.add(
            [], source: "import",
            state: [
                ImportStateKey(source: "import", key: "refunded/shop/canary-order", kind: "seen"): "2",
                ImportStateKey(source: "import", key: "refunded/shop/other", kind: "seen"): "3",
            ])
        _ = try writer.finish()
        _ = try store.append(mixed(canaries[5..<7], 50..<60), source: "web")
    }

    @Test func `after an erasure no byte of the person is left, and everything else is as it was`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/shop"
        var store = try open(path)
        try fill(store, with: RandomMessages(seed: 5).drawn(60))
        let before = try facts(of: store.snapshot())
        let counts = try store.counters()
        try store.close()
        let planted = try StoredBytes(path, on: PosixDisk())
        for canary in Self.canaries { #expect(!planted.places(of: canary).isEmpty, "\(canary) was not planted") }

        store = try open(path, seed: 2)
        let profile = try #require(store.profile(of: "canary-device"))
        #expect(store.profile(of: "canary-old") == profile)
        let report = try store.erase([profile])
        #expect(report.messages == 7)
        #expect(report.identifiers == 3)
        #expect(report.unknownFiles.isEmpty)
        #expect(store.profile(of: "canary-user") == nil)
        var expected = before
        expected["canary-user"] = nil
        #expect(difference(try facts(of: store.snapshot()), expected) == nil)
        #expect(try store.verify().problems == [])
        #expect(try store.counters().stored == counts.stored - 7)
        let key = ImportStateKey(source: "import", key: "refunded/shop/other", kind: "seen")
        #expect(try store.database.importState(key) == "3")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/shoal.db-wal")).count < 100_000)
        try store.close()

        let bytes = try StoredBytes(path, on: PosixDisk())
        for canary in Self.canaries { #expect(bytes.places(of: canary) == [], "\(canary)") }
        let database = try DatabaseQueue(path: path + "/shoal.db")
        #expect(try database.read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") } == 0)
        try database.close()

        try checkAgain(path, expected)
    }

    /// Opened again, rebuilt, and with its manifest made anew, everybody else's answers are the same.
    private func checkAgain(_ path: String, _ expected: [Text: ProfileFact]) throws {
        var store = try open(path, seed: 3)
        #expect(difference(try facts(of: store.snapshot()), expected) == nil)
        #expect(try store.verify().problems == [])
        try store.seal()
        try store.compactIfNeeded(minimumParts: 2)
        #expect(difference(try facts(of: store.snapshot()), expected) == nil)
        try store.close()
        #expect(try EventStore.rebuild(directory: path, options: Self.options).losses.isEmpty)
        store = try open(path, seed: 4)
        #expect(difference(try facts(of: store.snapshot()), expected) == nil)
        #expect(try store.verify().problems == [])
        try store.close()
        try FileManager.default.removeItem(atPath: path + "/shoal.db")
        #expect(try EventStore.rebuild(directory: path, options: Self.options).restoredManifest)
        store = try open(path, seed: 5)
        #expect(difference(try facts(of: store.snapshot()), expected) == nil)
        #expect(try store.verify().problems == [])
        // The ids begin anew, with new numbers.
        let messages = try Self.canaryMessages()
        #expect(try store.append(messages, source: "web").allSatisfy { $0 == .accepted })
        #expect(try facts(of: store.snapshot())["canary-user"]?.rows.count == 5)
        #expect(try store.verify().problems == [])
        try store.close()
    }

    @Test(arguments: 0..<12)
    func `erasing anybody of a random store leaves everybody else as they were`(seed: Int) throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/shop"
        var generator = RandomMessages(seed: UInt64(seed) + 100)
        generator.people = 6
        let messages = try generator.messages(160)
        var store = try open(path)
        for start in stride(from: 0, to: 160, by: 40) {
            _ = try store.append(Array(messages[start..<(start + 40)]), source: "web")
            if start < 120 { try store.seal() }
            if start == 40 { try store.compactIfNeeded(minimumParts: 2) }
        }
        var expected = try facts(of: store.snapshot())
        let ids = expected.keys.sorted()
        for id in [ids[seed % ids.count], ids[(seed * 5 + 2) % ids.count]] where expected[id] != nil {
            let profile = try #require(store.snapshot().profileNumber(for: id))
            let own = try store.snapshot().messages(of: profile).count
            let report = try store.erase([profile])
            #expect(report.messages == own)
            expected[id] = nil
            #expect(difference(try facts(of: store.snapshot()), expected) == nil, "\(id)")
            #expect(try store.verify().problems == [])
        }
        try store.close()
        store = try open(path, seed: 9)
        #expect(difference(try facts(of: store.snapshot()), expected) == nil)
        try store.close()
        _ = try EventStore.rebuild(directory: path, options: Self.options)
        store = try open(path, seed: 10)
        #expect(difference(try facts(of: store.snapshot()), expected) == nil)
        #expect(try store.verify().problems == [])
        try store.close()
    }

    @Test func `a device that two people share stays with the other one`() throws {
        let folder = try TemporaryDirectory()
        let store = try open(folder.path + "/shop")
        func message(_ id: String, _ who: String, _ second: Int) throws -> Message {
            try MessageDecoder().decode(
                Array(
                    #"{"type":"track","event":"E","messageId":"\#(id)",\#(who),"timestamp":"2026-01-01T00:00:0\#(second)Z"}"#
                        .utf8), receivedAt: Self.now)
        }
        _ = try store.append(
            [
                message("1", #""anonymousId":"tablet","userId":"ann""#, 1), message("2", #""anonymousId":"tablet""#, 2),
                message("3", #""anonymousId":"tablet","userId":"bob""#, 3),
            ], source: "web")
        try store.seal()
        let report = try store.erase([try #require(store.profile(of: "ann"))])
        #expect(report.messages == 2)
        #expect(report.sharedIdentifiers == 1)
        #expect(store.profile(of: "tablet") == store.profile(of: "bob"))
        #expect(try facts(of: store.snapshot()).mapValues(\.rows.count) == ["bob": 1])
        #expect(try store.verify().problems == [])
        try store.close()
    }

    @Test func `a log of erasures tells who was erased only to whom it knows the key`() throws {
        let folder = try TemporaryDirectory()
        let store = try open(folder.path + "/shop")
        try fill(store, with: RandomMessages(seed: 5).drawn(60))
        _ = try store.erase([try #require(store.profile(of: "canary-user"))])
        let log = try store.erasureLog()
        #expect(log.entries.count == 1)
        #expect(try store.identifiers(erasedIn: log, after: 0).isEmpty)
        _ = try store.append(Self.canaryMessages(), source: "again")
        let back = try #require(store.profile(of: "canary-user"))
        #expect(try store.profiles(of: store.identifiers(erasedIn: log, after: 0)) == [back])
        #expect(try store.identifiers(erasedIn: log, after: 1).isEmpty)
        try store.close()
        let other = try open(folder.path + "/other", seed: 77)
        #expect(throws: EventStoreError.erasuresForeign) { try other.identifiers(erasedIn: log, after: 0) }
        try other.close()
    }

    // MARK: - Stops

    /// What a stop in the middle of an erasure leaves: all of the person, or nothing.
    @Test(arguments: [0, 1, 2])
    func `a stop at any call of an erasure leaves the person whole or gone, and nobody else changed`(kind: Int) throws {
        let faults: [SimulatedDisk.Fault] = [.stopBefore, .stopWithin, .stopAfter]
        let directory = Scenario.directory
        func open(_ disk: SimulatedDisk) throws -> EventStore {
            try EventStore.open(
                directory: directory, mode: .createIfMissing, disk: disk, clock: ManualClock(Self.now),
                random: SeededRandomSource(seed: UInt64(disk.calls)), options: Self.options)
        }
        func prepared(_ disk: SimulatedDisk) throws -> EventStore {
            let store = try open(disk)
            try fill(store, with: RandomMessages(seed: 5).drawn(60))
            return store
        }
        let trial = SimulatedDisk()
        let whole = try prepared(trial)
        let before = try facts(of: whole.snapshot())
        var after = before
        after["canary-user"] = nil
        let first = trial.calls
        _ = try whole.erase([try #require(whole.profile(of: "canary-user"))])
        let last = trial.calls
        try whole.close()
        #expect(last - first > 20)
        let step = CrashTests.isLong ? 1 : 5
        for call in stride(from: first + kind, to: last, by: step) {
            let disk = SimulatedDisk(faults: [call: faults[kind]])
            let store = try prepared(disk)
            let profile = try #require(store.profile(of: "canary-user"))
            #expect(throws: (any Error).self) { try store.erase([profile]) }
            let survivor = disk.reboot(seed: UInt64(call) &* 31)
            let again = try open(survivor)
            let isThere = again.profile(of: "canary-user") != nil
            #expect(difference(try facts(of: again.snapshot()), isThere ? before : after) == nil, "call \(call)")
            #expect(try again.verify().problems == [], "call \(call)")
            if isThere { _ = try again.erase([try #require(again.profile(of: "canary-user"))]) }
            try again.close()
            // An orphan that a stop left is removed by the next erasure, or when the directory is opened.
            let bytes = try StoredBytes(directory, on: survivor)
            for canary in Self.canaries { #expect(bytes.places(of: canary) == [], "\(canary), call \(call)") }
        }
    }
}
