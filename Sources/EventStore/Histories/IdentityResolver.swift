package import EventModel

/// Decides which profile a message belongs to.
///
/// A message's profile is its user id. An anonymous id belongs to the user id it occurs with in a message or is
/// aliased to; when there are several, to the one linked earliest (ties: the smallest user id). An alias of an id
/// that is itself somebody's user id links nothing. An anonymous id without a user is a profile of its own.
package struct IdentityResolver: Sendable {
    private struct Link: Sendable {
        var time: Timestamp
        var user: Text

        func isBefore(_ other: Link) -> Bool { (time, user) < (other.time, other.user) }
    }

    /// Links by occurring together in a message, and links by alias, which count only while the id is no user's.
    private var together: [Text: Link] = [:]
    private var aliased: [Text: Link] = [:]
    private var users: Set<Text> = []

    package init() {}

    /// Learns the links a message makes; the order in which messages come does not matter.
    package mutating func observe(_ message: Message) {
        guard let user = message.userID else { return }
        users.insert(user)
        if let anonymous = message.anonymousID {
            Self.keepEarliest(Link(time: message.time, user: user), of: anonymous, in: &together)
        }
        if message.kind == .alias, let previous = message.previousID, previous != user {
            Self.keepEarliest(Link(time: message.time, user: user), of: previous, in: &aliased)
        }
    }

    private static func keepEarliest(_ link: Link, of id: Text, in links: inout [Text: Link]) {
        if let known = links[id], !link.isBefore(known) { return }
        links[id] = link
    }

    /// The user an anonymous id belongs to.
    package func user(of anonymous: Text) -> Text? {
        let met = together[anonymous]
        guard let alias = aliased[anonymous], !users.contains(anonymous) else { return met?.user }
        guard let met else { return alias.user }
        return met.isBefore(alias) ? met.user : alias.user
    }

    /// The id of the profile a message belongs to, or nil when it names nobody.
    package func profileID(of message: Message) -> Text? {
        if let user = message.userID { return user }
        guard let anonymous = message.anonymousID else { return nil }
        return user(of: anonymous) ?? anonymous
    }

    /// The id of the profile that an id, anonymous or not, leads to.
    package func profileID(for id: Text) -> Text {
        users.contains(id) ? id : user(of: id) ?? id
    }
}
