package import EventModel

/// Decides which profile a message belongs to.
///
/// A message's profile is its user id. An anonymous id belongs to the user id it occurs with in a message or is
/// aliased to; when there are several, to the one linked earliest (ties: the smallest user id). An anonymous id
/// without a user is a profile of its own.
package struct IdentityResolver: Sendable {
    private struct Link: Sendable {
        var time: Timestamp
        var user: Text
    }

    private var links: [Text: Link] = [:]

    package init() {}

    /// Learns the links a message makes.
    package mutating func observe(_ message: Message) {
        guard let user = message.userID else { return }
        if let anonymous = message.anonymousID { link(anonymous, to: user, at: message.time) }
        if message.kind == .alias, let previous = message.previousID { link(previous, to: user, at: message.time) }
    }

    /// Learns one link; the order in which links are learnt does not matter.
    package mutating func link(_ anonymous: Text, to user: Text, at time: Timestamp) {
        if let known = links[anonymous], (known.time, known.user) <= (time, user) { return }
        links[anonymous] = Link(time: time, user: user)
    }

    /// The user an anonymous id belongs to.
    package func user(of anonymous: Text) -> Text? { links[anonymous]?.user }

    /// The id of the profile a message belongs to, or nil when it names nobody.
    package func profileID(of message: Message) -> Text? {
        if let user = message.userID { return user }
        guard let anonymous = message.anonymousID else { return nil }
        return links[anonymous]?.user ?? anonymous
    }

    /// The id of the profile that an id, anonymous or not, leads to.
    package func profileID(for id: Text) -> Text { links[id]?.user ?? id }
}
