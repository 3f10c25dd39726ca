import Analytics
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension Keeper {
    /// All that a person is to this store, as one JSON object whose last member has the messages as they came in.
    func exportProfile(_ id: Text) async throws -> [UInt8] {
        let workspace = try await workspace()
        let now = Shoal.clock.now()
        let found = try await subject(id, in: workspace, at: now)
        let messages = try workspace.snapshot.storedMessages(of: found.number)
        let identity = identityJSON(of: found.number)
        let history = ProfileHistory(
            messages.map(\.message), catalogue: workspace.settings.catalogue, until: .distantFuture)
        var members: [(String, JSONValue?)] = [
            ("profile", .string(found.id)), ("exported", .time(now)), ("identifiers", identity.identifiers),
            ("links", identity.links), ("handles", .array(store.handles(of: found.number).map { .string($0.text) })),
            ("traits", .object(history.traits)), ("consent", .object(history.consent)),
        ]
        members.append(("segments", try await memberships(of: found, in: workspace, at: now)))
        var bytes = JSONWriter.bytes(of: .object(members))
        // The messages as they are: each byte of them is the person's.
        bytes.removeLast()
        bytes.append(contentsOf: Array(#","messages":["#.utf8))
        for (number, stored) in messages.enumerated() {
            if number > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(0x0A)
            bytes.append(contentsOf: Self.json(of: stored))
        }
        bytes.append(contentsOf: Array("\n]}\n".utf8))
        return bytes
    }

    private func subject(_ id: Text, in workspace: Workspace, at now: Timestamp) async throws -> Subject {
        // Also somebody who has no events, as who was only named in an alias.
        if let number = store.profile(of: id), Int(number) < workspace.snapshot.profileCount {
            return Subject(number: number, id: workspace.snapshot.profileID(of: number))
        }
        return try await workspace.profile(named: id.string, at: now, .standard)
    }

    /// Everything a profile is called, and since when which of it belongs together.
    private func identityJSON(of profile: ProfileNumber) -> (identifiers: JSONValue, links: JSONValue) {
        let identifiers = store.identifiers(of: profile)
        let texts = Dictionary(identifiers.map { ($0.number, $0.text) }, uniquingKeysWith: { first, _ in first })
        let links = store.links(of: profile).compactMap { link -> JSONValue? in
            // A link to somebody else is somebody else's.
            guard let anonymous = texts[link.anonymous], let user = texts[link.user] else { return nil }
            return .object([
                ("anonymousId", .string(anonymous)), ("userId", .string(user)),
                ("by", .text(link.kind == .alias ? "alias" : "message")), ("since", .time(link.time)),
            ])
        }
        return (
            .array(
                identifiers.map {
                    .object([("id", .string($0.text)), ("kind", .text($0.role == .user ? "userId" : "anonymousId"))])
                }), .array(links)
        )
    }

    private func memberships(of subject: Subject, in workspace: Workspace, at now: Timestamp) async throws -> JSONValue
    {
        let segments = workspace.library.program.segments
        let program = workspace.library.program.selecting(segments.map(\.name), adding: [])
        let state = try await Shoal.backend(of: program, over: workspace.snapshot).state(of: subject.id, at: now)
        return .array(
            segments.filter { state?.answers[$0.name]?.isMember == true }.map {
                .object([("name", .string($0.name)), ("title", $0.title.map { .string($0) })])
            })
    }

    /// A message: what the store noted of it, and the original, which is JSON of its own or a text.
    private static func json(of stored: StoredMessage) -> [UInt8] {
        let message = stored.message
        var bytes = JSONWriter.bytes(
            of: .object([
                ("arrival", .count(Int(clamping: stored.arrival))), ("received", .time(message.receivedAt)),
                ("time", .time(message.time)),
            ]))
        bytes.removeLast()
        bytes.append(contentsOf: Array(#","original":"#.utf8))
        if message.original.first == UInt8(ascii: "{") {
            bytes.append(contentsOf: message.original)
        } else {
            JSONWriter.append(.string(Text(String(decoding: message.original, as: UTF8.self))), to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
