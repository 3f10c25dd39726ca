import Columns
import EventModel
import EventStore
import Foundation
import Membership
import SegmentLanguage
import TestSupport
import Testing

/// What memberships take up from the disk when the store has gone on without them, as after a restore.
struct RecoveryTests {
    private let directory: TemporaryDirectory
    private let clock = ManualClock(Timestamp(milliseconds: 1_790_000_000_000))
    private let program: Program

    init() throws {
        directory = try TemporaryDirectory()
        let text = "segment seen: did any event\n"
        program = Binder.bind([Parser.parse(Array(text.utf8), file: "seen.shoal")]).program
    }

    private func open() throws -> (store: EventStore, memberships: Memberships) {
        var options = EventStore.Options()
        options.maintenance = .none
        let store = try EventStore.open(
            directory: directory.path, mode: .createIfMissing, clock: clock, options: options)
        return (store, try Memberships(store, directory: directory.path, clock: clock))
    }

    private func message(_ id: Text, user: Text? = nil, anonymous: Text? = nil) -> Message {
        var message = Message(
            kind: .track, messageID: id, userID: user, anonymousID: anonymous, time: clock.now(), event: "Played")
        message.receivedAt = clock.now()
        return message
    }

    private func members(_ memberships: Memberships, _ store: EventStore) throws -> [Text] {
        let snapshot = try store.snapshot()
        return try memberships.membership(of: "seen").members.map { snapshot.profileID(of: ProfileNumber($0)) }
    }

    @Test func `what is closed, or was given up, may be closed again`() throws {
        for isGivenUp in [true, false] {
            let (store, memberships) = try open()
            if isGivenUp { memberships.abandon() } else { memberships.close() }
            memberships.close()
            memberships.abandon()
            try store.close()
            try store.close()
        }
    }

    @Test func `a visitor who was new since the saved state, and was joined while nobody looked, leaves`() async throws
    {
        var (store, memberships) = try open()
        try await memberships.adopt(program)
        _ = try store.append([message("1", anonymous: "browser")], source: "web")
        try await memberships.catchUp()
        #expect(try members(memberships, store) == ["browser"])
        memberships.abandon()
        _ = try store.append([message("2", user: "ann", anonymous: "browser")], source: "web")
        try store.close()
        (store, memberships) = try open()
        try await memberships.adopt(program)
        try await memberships.catchUp()
        #expect(try members(memberships, store) == ["ann"])
        let kinds = try memberships.changes(of: "seen", after: 1, limit: 10).map(\.kind)
        #expect(kinds.count == 3 && kinds.filter { $0 == .left }.count == 1)
        memberships.close()
        try store.close()
    }

    @Test func `messages in a part and recent ones are decided together`() async throws {
        let (store, memberships) = try open()
        let text = "segment both: did \"Played\" and did \"Paused\"\n"
        try await memberships.adopt(Binder.bind([Parser.parse(Array(text.utf8), file: "both.shoal")]).program)
        _ = try store.append([message("1", user: "ann")], source: "web")
        try await memberships.catchUp()
        var paused = message("2", user: "ann")
        paused.event = "Paused"
        _ = try store.append([paused], source: "web")
        try store.seal()
        _ = try store.append([message("3", user: "ann")], source: "web")
        try await memberships.catchUp()
        #expect(try memberships.membership(of: "both").members.count == 1)
        memberships.close()
        try store.close()
    }

    @Test func `a store that is behind what memberships saw is evaluated anew`() async throws {
        var (store, memberships) = try open()
        try await memberships.adopt(program)
        _ = try store.append([message("1", user: "ann"), message("2", user: "bob")], source: "web")
        memberships.close()
        try store.close()
        for suffix in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: "\(directory.path)/shoal.db\(suffix)")
        }
        (store, memberships) = try open()
        _ = try store.append([message("3", user: "cem")], source: "web")
        try await memberships.adopt(program)
        #expect(try members(memberships, store) == ["cem"])
        let last = try memberships.changes(of: "seen", after: 0, limit: 10).last
        #expect(last?.kind == .baseline(members: 1))
        memberships.close()
        try store.close()
    }
}
