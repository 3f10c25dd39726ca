import EventModel
import EventStore
import SegmentEngine

/// A profile somebody asked for.
struct Subject: Sendable {
    let number: ProfileNumber
    /// As the language shows it.
    let id: Text
}

extension Workspace {
    /// The profile of a user id, an anonymous id, or an e-mail address in trait `email` (case does not matter).
    ///
    /// - Throws: `unknown-profile`; `ambiguous-profile` when several have that address.
    func profile(named name: String, at instant: Timestamp, _ console: Console) async throws -> Subject {
        if let number = snapshot.profileNumber(for: Text(name)), let subject = try subject(number) { return subject }
        if name.contains("@") {
            let found = try await profiles(withEmail: name, at: instant, console)
            if found.count == 1 { return found[0] }
            if found.count > 1 {
                throw CommandError(
                    "ambiguous-profile", .usage, "\(found.count) profiles have the address \"\(name)\"",
                    at: found.prefix(10).map(\.id.string).joined(separator: ", "), advice: "use one of these ids")
            }
        }
        throw CommandError(
            "unknown-profile", .usage, "nobody has the id or e-mail address \"\(name)\"",
            advice: "\"shoal members SEGMENT --format ids\" lists ids")
    }

    /// A profile by its number; nil when it has no rows.
    func subject(_ number: ProfileNumber) throws -> Subject? {
        let block = try snapshot.history(of: number, projection: .nothing)
        return block?.profileIDs.first.map { Subject(number: number, id: $0) }
    }

    private func profiles(withEmail email: String, at instant: Timestamp, _ console: Console) async throws -> [Subject]
    {
        let evaluation = Evaluation(self, [], and: [.email], console)
        let result = try await evaluation.run(at: instant)
        evaluation.end()
        let wanted = simpleCaseFold(Text(email))
        return (result.metrics[OwnMetric.email.name] ?? [:]).compactMap { number, value in
            guard case .string(let text) = value, simpleCaseFold(text) == wanted else { return nil }
            return Subject(number: number, id: result.id(of: number))
        }.sorted { $0.id < $1.id }
    }
}
