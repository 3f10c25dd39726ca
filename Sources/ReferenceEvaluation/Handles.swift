import EventModel

/// Anonymous id -> profile, for anonymous ids that handles join to a user or to each other.
///
/// - Parameters:
///   - linked: anonymous ids that a link leads to a user.
///   - unmerged: pairs that are not to be joined.
func handleLinks(
    of messages: [Message], linked: Set<Text>, without unmerged: Set<Unmerge>
) -> [Text: Text] {
    let users = Set(messages.compactMap(\.userID))
    let uses = countingUses(of: messages)
    func first(_ uses: [HandleUse]) -> HandleUse? { uses.min { ($0.time, $0.id) < ($1.time, $1.id) } }

    // An anonymous id that is nobody's yet goes by the handle that says most, and of several by the first.
    let ranks = Dictionary(uniqueKeysWithValues: Handle.Kind.allCases.enumerated().map { ($0.element, $0.offset) })
    let loose = Dictionary(grouping: uses.filter { !$0.isUser && !linked.contains($0.id) && !users.contains($0.id) }) {
        $0.id
    }.compactMap { _, own in
        own.min {
            (ranks[$0.handle.kind] ?? 0, $0.time, $0.handle.key) < (ranks[$1.handle.kind] ?? 0, $1.time, $1.handle.key)
        }
    }

    var links: [Text: Text] = [:]
    var waiting: [Text: [HandleUse]] = [:]
    for (handle, own) in Dictionary(grouping: loose, by: \.handle) {
        if let user = first(uses.filter { $0.handle == handle && $0.isUser })?.id {
            waiting[user, default: []] += own.filter { !unmerged.contains(Unmerge(anonymous: $0.id, user: user)) }
        } else if let oldest = first(own)?.id {
            for use in own where !unmerged.contains(Unmerge(anonymous: use.id, user: oldest)) { links[use.id] = oldest }
        }
    }
    for (user, own) in waiting {
        let joined = own.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
        for use in joined.prefix(Identifiers.joiningLimits.joinedByHandles) { links[use.id] = user }
    }
    return links
}

/// The earliest message in which an id has a handle.
private struct HandleUse {
    let id: Text
    let isUser: Bool
    let handle: Handle
    let time: Timestamp
}

/// Those of the first 5 handles of a kind of their id, and of the first 20 users or anonymous ids of their handle.
private func countingUses(of messages: [Message]) -> [HandleUse] {
    var all: [HandleUse] = []
    var seen: Set<[Text]> = []
    for message in messages.sorted(by: { $0.time < $1.time }) {
        guard let id = message.userID ?? message.anonymousID else { continue }
        for handle in message.handles {
            let isUser = message.userID != nil
            guard seen.insert([id, isUser ? "user" : "anonymous", handle.key]).inserted else { continue }
            all.append(HandleUse(id: id, isUser: isUser, handle: handle, time: message.time))
        }
    }
    let limits = Identifiers.joiningLimits
    return all.filter { use in
        let ownEarlier = all.filter {
            $0.id == use.id && $0.isUser == use.isUser && $0.handle.kind == use.handle.kind
                && ($0.time, $0.handle.key) < (use.time, use.handle.key)
        }
        let othersEarlier = all.filter {
            $0.handle == use.handle && $0.isUser == use.isUser && ($0.time, $0.id) < (use.time, use.id)
        }
        return ownEarlier.count < limits.handlesOfAKind && othersEarlier.count < limits.idsOfAHandle
    }
}
