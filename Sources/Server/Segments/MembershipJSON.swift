import EventModel
import EventStore
import Membership

extension MembershipWatermark {
    /// `{"arrival": 1042, "instant": "…"}`
    var json: JSONValue { .object([("arrival", .count(Int(clamping: arrival))), ("instant", .time(instant))]) }
}

extension MembershipChange {
    /// An entry of a log, with the id that its profile has now; null when the profile was erased.
    func json(_ snapshot: Snapshot) -> JSONValue {
        let kindName: String
        var members: Int?
        switch kind {
        case .entered: kindName = "entered"
        case .left: kindName = "left"
        case .baseline(let count): (kindName, members) = ("baseline", count)
        case .removed: kindName = "removed"
        }
        return .object([
            ("segment", .string(segment)), ("sequence", .count(Int(sequence))), ("change", .text(kindName)),
            ("profile", who(snapshot)), ("members", members.map { .count($0) }),
            ("at", .time(instant)), ("cause", cause.json), ("version", .count(version)),
        ])
    }
}

extension MembershipChange {
    /// Nil for entries about the whole segment.
    private func who(_ snapshot: Snapshot) -> JSONValue? {
        guard kind == .entered || kind == .left else { return nil }
        guard let profile, !snapshot.isErased(profile) else { return .null }
        return .string(snapshot.profileID(of: profile))
    }
}

extension MembershipChange.Cause {
    fileprivate var json: JSONValue {
        switch self {
        case .message(let id, let event):
            .object([
                ("type", .text("message")), ("messageId", id.isEmpty ? nil : .string(id)),
                ("event", event.isEmpty ? nil : .string(event)),
            ])
        case .clock: .object([("type", .text("clock"))])
        case .identity: .object([("type", .text("identity"))])
        case .rank: .object([("type", .text("rank"))])
        case .definition: .object([("type", .text("definition"))])
        case .erasure: .object([("type", .text("erasure"))])
        }
    }
}
