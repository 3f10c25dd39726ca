import EventModel
import TestSupport
import Testing

@testable import EventStore

/// The table of identities against the plain resolver, message by message and in every order.
@Suite struct IdentityTableTests {
    /// Learns messages as a store does: some at a time, staged and then applied.
    private func learn(_ messages: [Message], _ table: IdentityTable) throws {
        var staging = IdentityStaging(table, joinsHandles: true)
        for message in messages { _ = try staging.add(message) }
        table.apply(staging.changes())
    }

    private func profile(of anonymous: Text, _ table: IdentityTable) throws -> Text {
        let view = table.view()
        let number = try #require(table.number(of: anonymous, .anonymous))
        return view.text(of: view.profile(of: number))
    }

    @Test func `a number that was never given leads to itself`() {
        let view = IdentityTable().view()
        #expect(view.count == 0)
        #expect(view.profile(of: 7) == 7)
        #expect(view.profile(of: .max) == .max)
    }

    @Test(arguments: UInt64(0)..<80)
    func `every order of arrival gives the profiles of the plain resolver, limits and unmerges included`(
        seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed)
        let limits = Identifiers.JoiningLimits(
            links: 1 + random.int(below: 4), handlesOfAKind: 1 + random.int(below: 3),
            idsOfAHandle: 1 + random.int(below: 4), joinedByHandles: 1 + random.int(below: 4))
        var links = RandomLinks(
            seed: seed, users: 1 + random.int(below: 5), devices: 1 + random.int(below: 9),
            handles: random.int(below: 4))
        var messages = links.messages(5 + random.int(below: 60))
        let pairs = messages.compactMap { message in
            (message.anonymousID ?? message.previousID).flatMap { anonymous in
                message.userID.map { Unmerge(anonymous: anonymous, user: $0) }
            }
        }
        // Whom handles joined is unmerged too: from users, and from each other.
        let devices = messages.compactMap(\.anonymousID)
        let others = messages.compactMap { $0.userID ?? $0.anonymousID }
            .filter { id in id.hasPrefix("device") || messages.contains { $0.userID == id } }
        let strangers = zip(devices, others.shuffled(using: &random)).map { Unmerge(anonymous: $0, user: $1) }
        let unmerged = Set((pairs + strangers).filter { _ in random.chance(0.1) })
        let expected = messages.resolved(limits, without: unmerged)
        for order in 0..<6 {
            let table = IdentityTable(limits: limits)
            var undecided = unmerged
            var start = 0
            while start < messages.count {
                let end = min(start + 1 + random.int(below: 12), messages.count)
                try learn(Array(messages[start..<end]), table)
                for pair in undecided where random.chance(0.5) && decide(pair, table) { undecided.remove(pair) }
                start = end
            }
            for pair in undecided { #expect(decide(pair, table)) }
            // An alias of a user's own id names nobody else.
            for anonymous in messages.anonymousIDs where table.number(of: anonymous, .anonymous) != nil {
                let found = try profile(of: anonymous, table)
                let wanted = expected.profileID(
                    of: Message(kind: .track, messageID: "m", anonymousID: anonymous, time: links.time()))
                #expect(found == wanted, "\(anonymous), order \(order), \(limits)")
            }
            let view = table.view()
            for profile in 0..<ProfileNumber(view.count) {
                let others = view.followers(of: profile).filter { view.text(of: $0) != view.text(of: profile) }
                #expect(others.count <= limits.links + max(limits.joinedByHandles, limits.idsOfAHandle))
                #expect(others == others.sorted())
                #expect(view.role(of: profile) != .user || view.profile(of: profile) == profile)
                #expect(view.profile(of: view.profile(of: profile)) == view.profile(of: profile))
            }
            messages.shuffle(using: &random)
        }
    }

    /// False while one of the two is not known.
    private func decide(_ pair: Unmerge, _ table: IdentityTable) -> Bool {
        guard let anonymous = table.number(of: pair.anonymous, .anonymous),
            let user = table.number(of: pair.user, pair.user.hasPrefix("user") ? .user : .anonymous)
        else { return false }
        let pair = IdentityPair(anonymous: anonymous, user: user)
        table.apply(
            IdentityChanges(decisions: [
                IdentityDecision(pair: pair, isUnmerge: true, time: Timestamp(milliseconds: 0))
            ]))
        return true
    }

    @Test func `aliases in a ring merge no users`() throws {
        let table = IdentityTable()
        let time = Timestamp(milliseconds: 1_700_000_000_000)
        let ring = (0..<5).map { index in
            Message(
                kind: .alias, messageID: Text("m\(index)"), userID: Text("u\(index)"),
                previousID: Text("u\((index + 1) % 5)"), time: time)
        }
        for message in ring { try learn([message], table) }
        for index in 0..<5 { #expect(try profile(of: Text("u\(index)"), table) == Text("u\(index)")) }
    }

    @Test func `two users of one device stay two, and the device is the first one's`() throws {
        let table = IdentityTable()
        for (index, user) in ["late", "early", "early", "other"].enumerated() {
            let time = Timestamp(milliseconds: user == "early" ? 1_000 : 2_000)
            try learn(
                [
                    Message(
                        kind: .track, messageID: Text("m\(index)"), userID: Text(user), anonymousID: "tablet",
                        time: time, event: "Played")
                ], table)
        }
        let view = table.view()
        #expect(try profile(of: "tablet", table) == "early")
        for user in ["late", "early", "other"] {
            let number = try #require(table.number(of: Text(user), .user))
            #expect(view.profile(of: number) == number)
            #expect(view.followers(of: number).count == (user == "early" ? 1 : 0))
        }
    }

    @Test func `the first seventy-nine ids of a user count, by time and then by text`() throws {
        let table = IdentityTable()
        var random = SeededRandom(seed: 3)
        // Two instants: the earlier one has sixty ids, the later one a hundred.
        var devices = (0..<160).map { (text: Text("d\(1_000 + $0)"), time: $0 < 100 ? 2_000 : 1_000) }
        devices.shuffle(using: &random)
        for device in devices {
            try learn(
                [
                    Message(
                        kind: .track, messageID: device.text, userID: "u", anonymousID: device.text,
                        time: Timestamp(milliseconds: Int64(device.time)), event: "Played")
                ], table)
        }
        let first = devices.sorted { ($0.time, $0.text) < ($1.time, $1.text) }.prefix(79).map(\.text)
        for device in devices {
            #expect(try profile(of: device.text, table) == (first.contains(device.text) ? "u" : device.text))
        }
    }

    /// How long each tenth of many messages takes, some hundred at a time, while readers hold earlier versions.
    private func tenths(
        of count: Int, _ table: IdentityTable, _ message: (Int) -> Message
    ) throws -> [Duration] {
        try (0..<10).map { part in
            var views: [IdentityView] = []
            return try ContinuousClock().measure {
                for start in stride(from: part * count / 10, to: (part + 1) * count / 10, by: 100) {
                    try learn((start..<(start + 100)).map(message), table)
                    if start % 1_000 == 0 { views.append(table.view()) }
                }
            }
        }
    }

    @Test func `a hundred thousand merges into one profile cost no more at the end than at the beginning`() throws {
        let table = IdentityTable()
        let spent = try tenths(of: 100_000, table) { index in
            // Backwards, so that each one takes the place of another.
            Message(
                kind: .track, messageID: "m", userID: "u", anonymousID: Text("d\(index)"),
                time: Timestamp(milliseconds: 1_700_000_000_000 - Int64(index)), event: "Played")
        }
        let user = try #require(table.number(of: "u", .user))
        #expect(table.view().followers(of: user).count == 79)
        #expect(spent[9] < spent[1] * 5, "\(spent)")
    }

    @Test(arguments: [1, -1])
    func `many ids with one address cost no more at the end than at the beginning`(direction: Int64) throws {
        let table = IdentityTable()
        let spent = try tenths(of: 3_000, table) { index in
            var message = Message(
                kind: .track, messageID: "m", userID: index % 3 == 0 ? Text("u\(index)") : nil,
                anonymousID: index % 3 == 0 ? nil : Text("d\(index)"),
                time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(index) * direction), event: "Played")
            message.context = JSONObject([("traits", ["email": "all@example.org"])])
            return message
        }
        let view = table.view()
        let first = direction > 0 ? "u0" : "u2997"
        let user = try #require(table.number(of: Text(first), .user))
        #expect(view.followers(of: user).count == 20)
        #expect(spent[9] < spent[1] * 5, "\(spent)")
    }
}
