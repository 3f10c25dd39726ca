package import EventModel

/// How an id was used: the same text as a user id and as an anonymous id are two identifiers.
package enum IdentifierRole: UInt8, Sendable {
    case anonymous = 0
    case user = 1
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

    static func < (left: LinkKey, right: LinkKey) -> Bool {
        (left.anonymous, left.user, left.kind.rawValue) < (right.anonymous, right.user, right.kind.rawValue)
    }
}

/// What a group of messages adds to what is known about identities.
struct IdentityChanges: Sendable {
    var identifiers: [Identifier] = []
    var links: [IdentityLink] = []

    var isEmpty: Bool { identifiers.isEmpty && links.isEmpty }
}

/// The earliest links of one anonymous identifier, one of each kind; as `IdentityResolver` decides.
struct LinkChoice: Sendable {
    struct Link: Sendable {
        let time: Timestamp
        let user: ProfileNumber
        /// The user's id, which decides between links of one time.
        let text: Text

        func isBefore(_ other: Link) -> Bool { (time, text) < (other.time, other.text) }
    }

    private var together: Link?
    private var alias: Link?

    mutating func add(_ link: Link, _ kind: LinkKind) {
        switch kind {
        case .together: if together.map({ link.isBefore($0) }) ?? true { together = link }
        case .alias: if alias.map({ link.isBefore($0) }) ?? true { alias = link }
        }
    }

    /// The user the identifier is linked to.
    ///
    /// - Parameter isUser: whether its text is a user's id too.
    func user(whenItIsAUser isUser: Bool) -> ProfileNumber? {
        // As a switch: the optimizer of Swift 6.3 fails on the same thing said with `guard let` and optional chaining.
        switch (together, isUser ? nil : alias) {
        case (let together?, let alias?): together.isBefore(alias) ? together.user : alias.user
        case (let link?, nil), (nil, let link?): link.user
        case (nil, nil): nil
        }
    }
}
