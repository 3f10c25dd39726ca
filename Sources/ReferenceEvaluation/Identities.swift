import EventModel

/// Gathers messages into profiles, sorted by id.
///
/// A repeated message id is dropped (the first to arrive counts). A message belongs to its user id; one that has
/// only an anonymous id belongs to the user that this id is linked to, else the anonymous id is its own profile.
func profiles(of messages: [Message]) -> [Profile] {
    var seen: Set<Text> = []
    let arrived = messages.enumerated()
        .map { (message: $0.element, arrival: $0.offset) }
        .filter { seen.insert($0.message.messageID).inserted }
    let links = identityLinks(of: arrived.map(\.message))
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
/// in one instant the smallest.
private func identityLinks(of messages: [Message]) -> [Text: Text] {
    let users = Set(messages.compactMap(\.userID))
    var links: [Text: (time: Timestamp, user: Text)] = [:]
    func link(_ anonymous: Text?, _ message: Message) {
        guard let anonymous, let user = message.userID else { return }
        let found = (message.time, user)
        if let known = links[anonymous], (known.time, known.user) <= found { return }
        links[anonymous] = found
    }
    for message in messages {
        link(message.anonymousID, message)
        if let previous = message.previousID, !users.contains(previous) { link(previous, message) }
    }
    return links.mapValues(\.user)
}
