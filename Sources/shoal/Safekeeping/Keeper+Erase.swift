import EventModel
import EventStore
import Server

extension Keeper {
    /// Who is to be erased.
    struct People: Sendable {
        var profiles: Set<ProfileNumber> = []
        /// What was asked for, what else they are called, and their addresses.
        var traces: Set<Text> = []
        /// Ids that nobody has.
        var unknown: [Text] = []
    }

    /// Finds people by any of their ids, or by an e-mail address.
    func people(_ ids: [Text]) async throws -> People {
        var people = People()
        let workspace = try await workspace()
        for id in ids {
            people.traces.insert(id)
            if let profile = store.profile(of: id) {
                people.profiles.insert(profile)
            } else if id.string.contains("@"), let profile = try await profile(withAddress: id, in: workspace) {
                people.profiles.insert(profile)
            } else {
                people.unknown.append(id)
            }
        }
        people.traces.formUnion(try traces(of: people.profiles, in: workspace.snapshot))
        return people
    }

    private func profile(withAddress address: Text, in workspace: Workspace) async throws -> ProfileNumber? {
        do {
            return try await workspace.profile(named: address.string, at: Shoal.clock.now(), .standard).number
        } catch let error as CommandError where error.code == "unknown-profile" {
            return nil
        }
    }

    /// What else gives people away: everything they are called, and their handles and addresses.
    func traces(of profiles: Set<ProfileNumber>, in snapshot: Snapshot) throws -> Set<Text> {
        var traces: Set<Text> = []
        for profile in profiles {
            traces.formUnion(store.identifiers(of: profile).map(\.text))
            for message in try snapshot.messages(of: profile) {
                for address in [message.traits["email"]?.text, message.properties["email"]?.text] {
                    if let address, address.string.contains("@") { traces.insert(address) }
                }
            }
        }
        return traces
    }

    // MARK: - Erasing

    /// Erases people, and what was refused and gives them away. When it returns, the bytes are gone.
    func erase(_ people: People, _ records: ServiceRecords, isNoted: Bool = true) throws -> JSONValue {
        try finishErasing(records)
        let report =
            people.profiles.isEmpty ? nil : try store.erase(people.profiles, isNoted: isNoted, isFinal: false)
        let erased = try eraseElsewhere(records, people.traces)
        if report == nil, erased.rejects == 0, let id = people.unknown.first {
            throw CommandError(
                "unknown-profile", .usage, "nobody has the id or e-mail address \"\(id)\"",
                advice: "\"shoal members SEGMENT --format ids\" lists ids")
        }
        return .object([
            ("profiles", .count(people.profiles.count)), ("identifiers", .count(report?.identifiers ?? 0)),
            ("sharedIdentifiers", .count(report?.sharedIdentifiers ?? 0)), ("messages", .count(report?.messages ?? 0)),
            ("rejects", .count(erased.rejects)), ("changes", .count(erased.changes)),
            ("deadLetters", .count(erased.deadLetters)), ("parts", .count(report?.parts ?? 0)),
            ("unknown", .array(people.unknown.map { .string($0) })),
            ("unknownFiles", .array((report?.unknownFiles ?? []).map { .text($0) })),
        ])
    }

    /// Finishes an erasure that was broken off after the store had decided it.
    func finishErasing(_ records: ServiceRecords) throws {
        if try store.pendingErasure() != nil { _ = try eraseElsewhere(records, []) }
    }

    /// Takes whom the store has erased out of everything beside it, and what was refused and gives somebody away.
    private func eraseElsewhere(_ records: ServiceRecords, _ texts: Set<Text>) throws -> ServiceRecords.Erased {
        let pending = try store.pendingErasure()
        let traces = Traces(texts.union(pending?.texts ?? []))
        var erased = try records.erase(pending, at: Shoal.clock.now()) { traces.occur(in: $0) }
        erased.rejects += try RejectFiles(folder: "\(path)/rejects").erase(traces)
        try store.finishErasure()
        return erased
    }
}
