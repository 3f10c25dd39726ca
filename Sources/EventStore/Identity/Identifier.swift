package import EventModel

/// How an id was used: the same text as a user id and as an anonymous id are two identifiers.
package enum IdentifierRole: UInt8, Sendable {
    case anonymous = 0
    case user = 1
    /// A handle, by its key; no profile.
    case handle = 2
}

/// An id a message named somebody by, with the number it was given at its first use.
package struct Identifier: Hashable, Sendable {
    package let number: ProfileNumber
    package let role: IdentifierRole
    package let text: Text
}

/// How a message links an anonymous id to a user.
package enum LinkKind: UInt8, Sendable {
    /// Both ids stand in it.
    case together = 0
    /// It is an alias; it counts only while the id is no user's.
    case alias = 1
    /// The first is an anonymous id or a user, the second a handle in its message.
    case handle = 2
}

/// Evidence that an anonymous id belongs to a user: the earliest message of its kind that says so.
package struct IdentityLink: Hashable, Sendable {
    package let anonymous: ProfileNumber
    package let user: ProfileNumber
    package let kind: LinkKind
    package let time: Timestamp

    var key: LinkKey { LinkKey(anonymous: anonymous, user: user, kind: kind) }
}

/// What makes two links the same but for their time.
struct LinkKey: Hashable, Comparable, Sendable {
    let anonymous: ProfileNumber
    let user: ProfileNumber
    let kind: LinkKind

    var pair: IdentityPair { IdentityPair(anonymous: anonymous, user: user) }

    static func < (left: LinkKey, right: LinkKey) -> Bool {
        (left.anonymous, left.user, left.kind.rawValue) < (right.anonymous, right.user, right.kind.rawValue)
    }
}

/// An anonymous identifier and a user.
struct IdentityPair: Hashable, Sendable {
    let anonymous: ProfileNumber
    let user: ProfileNumber
}

/// What somebody decided about a pair; of several decisions the last one holds.
struct IdentityDecision: Hashable, Sendable {
    let pair: IdentityPair
    /// Whether links between them no longer count, or count again.
    let isUnmerge: Bool
    let time: Timestamp
}

/// What a group of messages adds to what is known about identities.
struct IdentityChanges: Sendable {
    var identifiers: [Identifier] = []
    var links: [IdentityLink] = []
    /// In the order in which they were made.
    var decisions: [IdentityDecision] = []

    var isEmpty: Bool { identifiers.isEmpty && links.isEmpty && decisions.isEmpty }
}

extension IdentityChanges {
    /// The same without links of ids that stand for nobody: an earlier program, with a smaller table of them, took some.
    ///
    /// - Precondition: it has all identifiers there are.
    func withoutLinksOfPlaceholders() -> IdentityChanges {
        var changes = self
        changes.links.removeAll {
            Identifiers.isPlaceholder(identifiers[Int($0.anonymous)].text)
                || Identifiers.isPlaceholder(identifiers[Int($0.user)].text)
        }
        return changes
    }
}
