import EventModel
import TestSupport
import Testing

@testable import EventStore

/// Who is who after somebody was erased: handles, decisions, and what is left to do elsewhere.
@Suite struct ErasedIdentityTests {
    private func open(_ path: String) throws -> EventStore {
        var options = EventStore.Options()
        options.maintenance = .none
        return try EventStore.open(directory: path, mode: .createIfMissing, options: options)
    }

    private func message(_ id: Text, user: Text? = nil, anonymous: Text? = nil, email: Text? = nil, at second: Int64)
        -> Message
    {
        var message = Message(
            kind: .track, messageID: id, userID: user, anonymousID: anonymous,
            time: Timestamp(milliseconds: 1_700_000_000_000 + second * 1_000), event: "Played")
        if let email { message.context = JSONObject([("traits", ["email": .string(email)])]) }
        return message
    }

    /// Where every identifier leads, and what it is called.
    private func leads(_ store: EventStore) -> [String] {
        let view = store.identities.view()
        return (0..<ProfileNumber(view.count)).map { "\($0) \(view.text(of: $0)) -> \(view.profile(of: $0))" }
    }

    @Test func `a handle goes with the last who has it, and stays for anybody else`() throws {
        let folder = try TemporaryDirectory()
        var store = try open(folder.path + "/shop")
        _ = try store.append(
            [
                message("1", user: "ann", email: "family@example.com", at: 1),
                message("2", user: "ann", email: "ann@example.com", at: 2),
                message("3", anonymous: "tablet", email: "ann@example.com", at: 3),
                message("4", user: "bob", email: "family@example.com", at: 4),
                message("5", anonymous: "phone", email: "family@example.com", at: 5),
            ], source: "web")
        try store.seal()
        let ann = try #require(store.profile(of: "ann"))
        #expect(store.profile(of: "tablet") == ann)
        #expect(store.profile(of: "phone") == ann)
        #expect(store.handles(of: ann).map(\.text) == ["email:ann@example.com", "email:family@example.com"])
        let report = try store.erase([ann])
        #expect(report.messages == 4)
        #expect(report.identifiers == 3)
        #expect(store.identities.number(of: "email:ann@example.com", .handle) == nil)
        let bob = try #require(store.profile(of: "bob"))
        #expect(store.handles(of: bob).map(\.text) == ["email:family@example.com"])
        // Whoever comes with it now is led to whom it is left.
        _ = try store.append([message("6", anonymous: "other", email: "family@example.com", at: 6)], source: "web")
        #expect(store.profile(of: "other") == bob)
        #expect(try store.verify().problems == [])
        let before = leads(store)
        try store.close()
        store = try open(folder.path + "/shop")
        #expect(leads(store) == before)
        try store.close()
    }

    @Test func `decisions that name somebody go with them, and others hold`() throws {
        let folder = try TemporaryDirectory()
        var store = try open(folder.path + "/shop")
        _ = try store.append(
            [
                message("1", user: "ann", anonymous: "tablet", at: 1),
                message("2", user: "bob", anonymous: "phone", at: 2),
                message("3", user: "cem", anonymous: "phone", at: 3), message("4", anonymous: "tablet", at: 4),
            ], source: "web")
        _ = try store.unmerge("tablet")
        _ = try store.unmerge("phone")
        _ = try store.erase([try #require(store.profile(of: "ann"))])
        #expect(try store.identityLog().map(\.user) == ["bob"])
        #expect(store.profile(of: "phone") == store.profile(of: "cem"))
        try store.close()
        store = try open(folder.path + "/shop")
        #expect(try store.identityLog().map(\.anonymous) == ["phone"])
        #expect(store.profile(of: "phone") == store.profile(of: "cem"))
        #expect(try store.verify().problems == [])
        try store.close()
    }

    @Test(arguments: UInt64(0)..<20)
    func `who is who after an erasure is what opening the store finds`(seed: UInt64) throws {
        let folder = try TemporaryDirectory()
        var random = SeededRandom(seed: seed)
        var links = RandomLinks(seed: seed, users: 6, devices: 12, handles: 5)
        var store = try open(folder.path + "/shop")
        for round in 0..<4 {
            _ = try store.append(links.messages(25), source: "web")
            if round == 1 { try store.seal() }
            if round == 2 { _ = try store.unmerge("device-1") }
            let snapshot = try store.snapshot()
            let turns = snapshot.identityTurns
            let profile = snapshot.leaders[random.int(below: snapshot.leaders.count)]
            _ = try store.erase([profile])
            let after = try store.snapshot()
            #expect(after.identityTurns >= turns, "who follows turns must not miss one")
            #expect(try store.verify().problems == [])
            let before = leads(store)
            let erased = store.identities.view()
            #expect(erased.profile(of: profile) == profile)
            try store.close()
            store = try open(folder.path + "/shop")
            #expect(leads(store) == before)
        }
        try store.close()
    }

    @Test func `what an erasure leaves to others is kept until they are done, and its place in the order stays free`()
        throws
    {
        let folder = try TemporaryDirectory()
        var store = try open(folder.path + "/shop")
        _ = try store.append(
            [message("1", user: "bob", at: 1), message("2", user: "ann", email: "ann@example.com", at: 2)],
            source: "web")
        let free = store.firstFreeArrival
        _ = try store.erase([try #require(store.profile(of: "ann"))], isFinal: false)
        func check() throws {
            let pending = try #require(try store.pendingErasure())
            #expect(pending.messageIDs == ["2"])
            #expect(pending.ids == ["ann"])
            #expect(pending.texts == ["ann", "ann@example.com"])
            #expect(pending.identifiers.count == 1)
            #expect(store.firstFreeArrival == free)
        }
        try check()
        try store.close()
        store = try open(folder.path + "/shop")
        try check()
        try store.finishErasure()
        #expect(try store.pendingErasure() == nil)
        try store.close()
        let bytes = try StoredBytes(folder.path + "/shop", on: PosixDisk())
        #expect(bytes.places(of: "ann@example.com") == [])
        #expect(!bytes.places(of: "bob").isEmpty)
    }
}
