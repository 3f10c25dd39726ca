import EventModel
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventStore

/// Identities of a whole store: journal, parts, merges of parts and opening again.
@Suite struct IdentityStoreTests {
    private func options(_ random: inout SeededRandom) -> EventStore.Options {
        var options = EventStore.Options()
        options.maintenance = .none
        options.rowsPerBlock = 1 + random.int(below: 80)
        return options
    }

    @Test(arguments: UInt64(0)..<4)
    func `past the limits too, every order of arrival gives the same profiles, stored in every way`(
        seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed)
        var links = RandomLinks(seed: seed, users: 1 + random.int(below: 3), devices: 300, handles: 40)
        var messages = links.messages(900)
        var profiles: [Text: Set<Text>]?
        for order in 0..<3 {
            let directory = try TemporaryDirectory()
            let options = options(&random)
            var store = try EventStore.open(directory: directory.path, mode: .createIfMissing, options: options)
            var start = 0
            while start < messages.count {
                let end = min(start + 1 + random.int(below: 250), messages.count)
                if random.chance(0.5) {
                    _ = try store.append(Array(messages[start..<end]), source: "web")
                } else {
                    let writer = store.bulkWriter()
                    _ = try writer.add(Array(messages[start..<end]), source: "web")
                    try writer.flush()
                }
                switch random.int(below: 4) {
                case 0: try store.seal()
                case 1: try store.compactIfNeeded(minimumParts: 2)
                case 2:
                    try store.close()
                    store = try EventStore.open(directory: directory.path, options: options)
                default: break
                }
                start = end
                let memory = MemoryHistorySource(
                    messages: Array(messages[..<end]), settings: WorkspaceSettings())
                let (found, expected) = (try facts(of: store.snapshot()), shifted(try facts(of: memory)))
                #expect(difference(found, expected) == nil, "order \(order), after \(end)")
            }
            try store.seal()
            try store.compactIfNeeded(minimumParts: 2)
            let snapshot = try store.snapshot()
            var found: [Text: Set<Text>] = [:]
            for profile in 0..<ProfileNumber(snapshot.profileCount) {
                let ids = try snapshot.storedMessages(of: profile).filter(\.hasRow).map(\.message.messageID)
                if !ids.isEmpty { found[snapshot.profileID(of: profile)] = Set(ids) }
            }
            #expect(profiles == nil || profiles == found)
            #expect(try store.verify().isSound)
            profiles = found
            try store.close()
            messages.shuffle(using: &random)
        }
    }

    // MARK: - Unmerging

    /// A device that was first ann's, then ben's, with one event of its own.
    private func fill(_ store: EventStore) throws {
        _ = try store.append(
            [
                message("1", anonymous: "tablet", at: 1), message("2", user: "ann", anonymous: "tablet", at: 2),
                message("3", user: "ben", anonymous: "tablet", at: 3), message("4", user: "ann", at: 4),
            ], source: "web")
    }

    private func message(
        _ id: Text, user: Text? = nil, anonymous: Text? = nil, email: Text? = nil, at second: Int64
    ) -> Message {
        var message = Message(
            kind: .track, messageID: id, userID: user, anonymousID: anonymous,
            time: Timestamp(milliseconds: 1_700_000_000_000 + second * 1_000), event: "Played")
        if let email { message.context = JSONObject([("traits", ["email": .string(email)])]) }
        return message
    }

    private func ids(of profile: Text, _ store: EventStore) throws -> [Text] {
        let snapshot = try store.snapshot()
        guard let number = snapshot.profileNumber(for: profile) else { return [] }
        return try snapshot.messages(of: number).map(\.messageID)
    }

    @Test(arguments: ["journal", "part", "merged part"])
    func `an unmerge moves the history at once, lasts, and is not undone by late evidence`(place: String) throws {
        let directory = try TemporaryDirectory()
        var random = SeededRandom(seed: 1)
        let options = options(&random)
        let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
        func open() throws -> EventStore {
            try EventStore.open(directory: directory.path, mode: .createIfMissing, clock: clock, options: options)
        }
        var store = try open()
        try fill(store)
        if place != "journal" { try store.seal() }
        if place == "merged part" {
            _ = try store.append([message("5", user: "cem", at: 5)], source: "web")
            try store.seal()
            try store.compactIfNeeded(minimumParts: 2)
        }
        let before = try store.snapshot()
        #expect(try ids(of: "ann", store) == ["1", "2", "4"])

        let done = EventStore.LoggedDecision(anonymous: "tablet", user: "ann", isUnmerge: true, time: clock.now())
        #expect(try store.unmerge("tablet") == .done(done, profile: "ben"))
        #expect(try ids(of: "ann", store) == ["2", "4"])
        #expect(try ids(of: "ben", store) == ["1", "3"])
        #expect(
            try store.unmerge("tablet", from: "ben")
                == .done(
                    EventStore.LoggedDecision(anonymous: "tablet", user: "ben", isUnmerge: true, time: clock.now()),
                    profile: "tablet"))
        #expect(try ids(of: "tablet", store) == ["1"])
        let ann = try #require(before.profileNumber(for: "ann"))
        #expect(try before.messages(of: ann).map(\.messageID) == ["1", "2", "4"])

        // Earlier evidence of the same links, and then everything that may happen to parts.
        _ = try store.append([message("0", user: "ann", anonymous: "tablet", at: 0)], source: "web")
        for step in 0..<4 {
            switch step {
            case 0: break
            case 1: try store.seal()
            case 2: try store.compactIfNeeded(minimumParts: 2)
            default:
                try store.close()
                store = try open()
            }
            #expect(try ids(of: "tablet", store) == ["1"], "step \(step)")
            #expect(try ids(of: "ann", store) == ["0", "2", "4"], "step \(step)")
            #expect(try store.verify().isSound, "step \(step)")
        }
        try store.close()
        _ = try EventStore.rebuild(directory: directory.path)
        store = try open()
        #expect(try ids(of: "tablet", store) == ["1"])

        #expect(try store.remerge("tablet") == .several(["ann", "ben"]))
        clock.advance(milliseconds: 1)
        guard case .done(let decision, profile: "ann") = try store.remerge("tablet", to: "ann") else {
            Issue.record("it is ann's again")
            return
        }
        #expect(try ids(of: "ann", store) == ["0", "1", "2", "4"])
        #expect(try store.identityLog().last == decision)
        #expect(try store.identityLog().map(\.isUnmerge) == [true, true, false])
        try store.close()
    }

    @Test func `what can't be unmerged is told apart`() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        try fill(store)
        _ = try store.append(
            [
                message("5", user: "same", at: 5), message("6", anonymous: "same", at: 6),
                message("7", anonymous: "phone", at: 7),
            ],
            source: "web")
        #expect(try store.unmerge("nobody") == .unknownAnonymous)
        #expect(try store.unmerge("ann") == .unknownAnonymous)
        #expect(try store.unmerge("tablet", from: "nobody") == .unknownUser)
        #expect(try store.unmerge("tablet", from: "same") == .nothingToDo)
        #expect(try store.unmerge("phone") == .nothingToDo)
        #expect(try store.unmerge("same") == .sameText)
        #expect(try store.remerge("tablet") == .nothingToDo)
        #expect(try store.identityLog().isEmpty)
        _ = try store.unmerge("tablet", from: "ben")
        #expect(try store.unmerge("tablet", from: "ben") == .nothingToDo)
        #expect(try ids(of: "ann", store) == ["1", "2", "4"])
        try store.close()
    }

    @Test func `the report of a profile has every link with what became of it`() throws {
        let directory = try TemporaryDirectory()
        let store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        try fill(store)
        _ = try store.append(
            [
                Message(
                    kind: .alias, messageID: "9", userID: "ann", previousID: "ben",
                    time: Timestamp(milliseconds: 1_700_000_000_000)),
                message("10", user: "ann", anonymous: "phone", at: 9),
            ], source: "web")
        _ = try store.unmerge("phone")
        let report = try #require(store.identityReport(of: "tablet"))
        #expect(report.profile == "ann" && report.isUser)
        #expect(report.anonymousIDs == ["tablet"])
        #expect(report.links.map(\.anonymous) == ["ben", "phone", "tablet", "tablet"])
        #expect(report.links.map(\.user) == ["ann", "ann", "ann", "ben"])
        #expect(report.links.map(\.standing) == [.aliasOfUser, .unmerged, .followed, .later])
        #expect(store.identityReport(of: "phone")?.isUser == false)
        #expect(store.identityReport(of: "nobody") == nil)
        try store.close()
    }

    // MARK: - Handles

    @Test func `an address joins browsers, then leads them to the first user that has it, and never joins users`()
        throws
    {
        let directory = try TemporaryDirectory()
        var store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        _ = try store.append(
            [
                message("1", anonymous: "pc", email: "Fam@Example.org", at: 1),
                message("2", anonymous: "phone", email: " fam@example.org", at: 2),
                message("3", anonymous: "phone", at: 3), message("4", anonymous: "other", email: "no address", at: 4),
            ], source: "web")
        #expect(try ids(of: "phone", store) == ["1", "2", "3"])
        #expect(try store.snapshot().profileNumber(for: "pc") == store.snapshot().profileNumber(for: "phone"))
        #expect(try ids(of: "other", store) == ["4"])
        let writer = store.bulkWriter()
        _ = try writer.add(
            [
                message("5", user: "ben", email: "fam@example.org", at: 6),
                message("6", user: "ann", email: "fam@example.org", at: 5), message("7", user: "ann", at: 7),
            ], source: "web")
        _ = try writer.finish()
        for step in 0..<3 {
            #expect(try ids(of: "ann", store) == ["1", "2", "3", "6", "7"], "step \(step)")
            #expect(try ids(of: "ben", store) == ["5"], "step \(step)")
            #expect(try store.verify().isSound)
            try store.close()
            if step == 1 { _ = try EventStore.rebuild(directory: directory.path) }
            store = try EventStore.open(directory: directory.path)
        }
        // A message that names the user decides, whatever the address says.
        _ = try store.append([message("8", user: "ben", anonymous: "phone", at: 9)], source: "web")
        #expect(try ids(of: "ann", store) == ["1", "6", "7"])
        #expect(try ids(of: "ben", store) == ["2", "3", "5", "8"])
        guard case .done(_, profile: "pc") = try store.unmerge("pc") else {
            Issue.record("pc was ann's")
            return
        }
        #expect(try ids(of: "ann", store) == ["6", "7"])
        let report = try #require(store.identityReport(of: "ann"))
        #expect(report.handles.map(\.handle) == ["email:fam@example.org"])
        #expect(report.handles.map(\.id) == ["ann"])
        try store.close()
    }

    @Test func `a manifest that is made anew still joins by handles`() throws {
        let directory = try TemporaryDirectory()
        var store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        _ = try store.append(
            [
                message("1", anonymous: "pc", email: "fam@example.org", at: 1),
                message("2", user: "ann", email: "fam@example.org", at: 2),
            ], source: "web")
        try store.seal()
        try store.close()
        try FileManager.default.removeItem(atPath: directory.path + "/shoal.db")
        #expect(try EventStore.rebuild(directory: directory.path).restoredManifest)
        store = try EventStore.open(directory: directory.path)
        _ = try store.append([message("3", anonymous: "tv", email: "fam@example.org", at: 3)], source: "web")
        #expect(try ids(of: "ann", store) == ["1", "2", "3"])
        try store.close()
    }

    // MARK: - Formats

    @Test func `a store of the first format opens, keeps its links, and is of the new one then`() throws {
        let directory = try TemporaryDirectory()
        var store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        try fill(store)
        try store.database.write("make it old") {
            try $0.execute(
                sql: """
                    DROP TABLE identity_decision; DELETE FROM grdb_migrations WHERE identifier > '1';
                    CREATE TABLE journal_key (
                        key BLOB PRIMARY KEY, arrival INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    DELETE FROM setting WHERE key = 'joins_handles';
                    PRAGMA user_version = 1
                    """)
        }
        try store.close()
        store = try EventStore.open(directory: directory.path)
        #expect(try ids(of: "ann", store) == ["1", "2", "4"])
        #expect(try store.append([message("1", user: "ann", at: 1)], source: "web") == [.duplicate])
        // Nobody noted the handles of its messages, so there are none.
        _ = try store.append(
            [
                message("a", user: "ann", email: "x@example.org", at: 7),
                message("b", anonymous: "pc", email: "x@example.org", at: 8),
            ],
            source: "web")
        #expect(try ids(of: "pc", store) == ["b"])
        _ = try store.unmerge("tablet")
        try store.close()
        store = try EventStore.open(directory: directory.path)
        #expect(try ids(of: "ben", store) == ["1", "3"])
        try store.close()
    }

    @Test func `links of placeholders that an earlier program took do not count, and its messages stay readable`()
        throws
    {
        let directory = try TemporaryDirectory()
        var store = try EventStore.open(directory: directory.path, mode: .createIfMissing)
        let original = #"{"type":"track","messageId":"only-none","userId":"none","event":"Played"}"#
        var old = message("only-none", user: "none", at: 1)
        old.original = Array(original.utf8)
        _ = try store.append(
            [old, message("2", user: "none", anonymous: "a", at: 2), message("3", anonymous: "a", at: 3)], source: "web"
        )
        try store.close()
        store = try EventStore.open(directory: directory.path)
        #expect(try ids(of: "a", store) == ["3"])
        #expect(try ids(of: "none", store) == ["only-none", "2"])
        try store.seal()
        #expect(try ids(of: "none", store) == ["only-none", "2"])
        try store.close()
    }
}
