import EventModel

/// Gathers messages into profiles, sorted by id.
///
/// A repeated message id is dropped (the first to arrive counts). A message belongs to its user id; one that has
/// only an anonymous id belongs to the user that this id is linked to, else to whom its handles lead, else the anonymous
/// id is its own profile.
/// Links of pairs that were unmerged do not count.
func profiles(of messages: [Message], joinsHandles: Bool, without unmerged: Set<Unmerge>) -> [Profile] {
    var seen: Set<Text> = []
    let arrived = messages.enumerated()
        .map { (message: $0.element, arrival: $0.offset) }
        .filter { seen.insert($0.message.messageID).inserted }
    var links = identityLinks(of: arrived.map(\.message), without: unmerged)
    if joinsHandles {
        let handles = handleLinks(of: arrived.map(\.message), linked: Set(links.keys), without: unmerged)
        links.merge(handles) { link, _ in link }
    }
    var byProfile: [Text: [(message: Message, arrival: Int)]] = [:]
    for row in arrived {
        guard let id = row.message.userID ?? row.message.anonymousID.map({ links[$0] ?? $0 }) else { continue }
        byProfile[id, default: []].append(row)
    }
    return byProfile.map { Profile(id: $0.key, messages: $0.value) }
        .filter { $0.created != nil }
        .sorted { $0.id < $1.id }
}

/// Anonymous id -> user id: of all users it occurs with or is aliased to, the one of the earliest message,
/// in one instant the smallest. Of each id only the first 79 others that it occurs with or is aliased to count.
private func identityLinks(of messages: [Message], without unmerged: Set<Unmerge>) -> [Text: Text] {
    let users = Set(messages.compactMap(\.userID))
    var all: [Link] = []
    for message in messages {
        guard let user = message.userID else { continue }
        if let anonymous = message.anonymousID {
            all.append(Link(anonymous: anonymous, user: user, time: message.time, isAlias: false))
        }
        if let previous = message.previousID, previous != user {
            all.append(Link(anonymous: previous, user: user, time: message.time, isAlias: true))
        }
    }
    let ofUser = firstOthers(all.map { ($0.user, $0.anonymous, $0.time) })
    let ofAnonymous = firstOthers(all.map { ($0.anonymous, $0.user, $0.time) })
    let counting = all.filter { link in
        ofUser[link.user]?.contains(link.anonymous) == true && ofAnonymous[link.anonymous]?.contains(link.user) == true
            && !(link.isAlias && users.contains(link.anonymous))
            && !unmerged.contains(Unmerge(anonymous: link.anonymous, user: link.user))
    }
    var earliest: [Text: Text] = [:]
    for link in counting.sorted(by: { ($0.time, $0.user) < ($1.time, $1.user) }) where earliest[link.anonymous] == nil {
        earliest[link.anonymous] = link.user
    }
    return earliest
}

private struct Link {
    let anonymous: Text
    let user: Text
    let time: Timestamp
    let isAlias: Bool
}

/// For each id the others it was first seen with, by time and then by the other id.
private func firstOthers(_ sightings: [(own: Text, other: Text, time: Timestamp)]) -> [Text: Set<Text>] {
    Dictionary(grouping: sightings) { $0.own }.mapValues { sightings in
        var others: Set<Text> = []
        for sighting in sightings.sorted(by: { ($0.time, $0.other) < ($1.time, $1.other) })
        where others.count < Identifiers.joiningLimits.links {
            others.insert(sighting.other)
        }
        return others
    }
}
