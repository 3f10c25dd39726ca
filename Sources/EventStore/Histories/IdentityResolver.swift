package import EventModel

/// Collects what messages say about who is who; `resolved` decides.
///
/// It keeps all evidence and looks at all of it at the end, so it is the plain form of what the store does with every
/// message (`docs/decisions/0009-identity.md`).
package struct IdentityResolver: Sendable {
    /// The earliest messages that link an anonymous id to a user: with both ids, and as an alias.
    private struct Evidence {
        var together: Timestamp?
        var alias: Timestamp?

        var first: Timestamp { min(together ?? .distantFuture, alias ?? .distantFuture) }
    }

    private let limits: Identifiers.JoiningLimits
    private let joinsHandles: Bool
    private var evidence: [Unmerge: Evidence] = [:]
    private var users: Set<Text> = []
    private var handles = HandleResolver()

    package init(joinsHandles: Bool = true, limits: Identifiers.JoiningLimits = Identifiers.joiningLimits) {
        self.joinsHandles = joinsHandles
        self.limits = limits
    }

    /// Learns the links a message makes; the order in which messages come does not matter.
    package mutating func observe(_ message: Message) {
        if joinsHandles { handles.observe(message) }
        guard let user = message.userID else { return }
        users.insert(user)
        if let anonymous = message.anonymousID {
            let pair = Unmerge(anonymous: anonymous, user: user)
            evidence[pair, default: Evidence()].together = min(evidence[pair]?.together ?? message.time, message.time)
        }
        if message.kind == .alias, let previous = message.previousID, previous != user {
            let pair = Unmerge(anonymous: previous, user: user)
            evidence[pair, default: Evidence()].alias = min(evidence[pair]?.alias ?? message.time, message.time)
        }
    }

    /// Who is who after all messages.
    ///
    /// - Parameter unmerged: pairs whose links do not count.
    package func resolved(without unmerged: Set<Unmerge> = []) -> ResolvedIdentities {
        let ofUsers = firstPairs { ($0.user, $0.anonymous) }
        let ofAnonymous = firstPairs { ($0.anonymous, $0.user) }
        var leads: [Text: (time: Timestamp, user: Text)] = [:]
        for (pair, evidence) in evidence where ofUsers.contains(pair) && ofAnonymous.contains(pair) {
            let countsAlias = !users.contains(pair.anonymous)
            guard !unmerged.contains(pair), let time = countsAlias ? evidence.first : evidence.together else {
                continue
            }
            if let best = leads[pair.anonymous], (best.time, best.user) <= (time, pair.user) { continue }
            leads[pair.anonymous] = (time, pair.user)
        }
        let linked = leads.mapValues(\.user)
        let joined = handles.leads(limits, without: unmerged) { linked[$0] == nil && !users.contains($0) }
        return ResolvedIdentities(users: users, leads: linked.merging(joined) { link, _ in link })
    }

    /// The pairs that are among the first of one of their ids, by time and then by the other id.
    private func firstPairs(_ ids: (Unmerge) -> (own: Text, other: Text)) -> Set<Unmerge> {
        let byOwn = Dictionary(grouping: evidence) { ids($0.key).own }
        return Set(
            byOwn.values.flatMap { pairs in
                pairs.sorted { ($0.value.first, ids($0.key).other) < ($1.value.first, ids($1.key).other) }
                    .prefix(limits.links).map(\.key)
            })
    }
}

/// Which profile each message belongs to.
///
/// A message's profile is its user id. An anonymous id belongs to the user id of its earliest link that counts; when
/// there are several in one instant, to the smallest. Without one it belongs to whom its handle leads, if it has one;
/// else it is a profile of its own.
package struct ResolvedIdentities: Sendable {
    fileprivate let users: Set<Text>
    fileprivate let leads: [Text: Text]

    /// The id of the profile a message belongs to, or nil when it names nobody.
    package func profileID(of message: Message) -> Text? {
        if let user = message.userID { return user }
        guard let anonymous = message.anonymousID else { return nil }
        return leads[anonymous] ?? anonymous
    }

    /// The id of the profile that an id, anonymous or not, leads to.
    package func profileID(for id: Text) -> Text {
        users.contains(id) ? id : leads[id] ?? id
    }
}
