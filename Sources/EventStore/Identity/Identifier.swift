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

/// Evidence that an anonymous id belongs to a user: the earliest message that says so.
package struct IdentityLink: Hashable, Sendable {
    package let anonymous: ProfileNumber
    package let user: ProfileNumber
    package let time: Timestamp
}

/// What a group of messages adds to what is known about identities.
struct IdentityChanges: Sendable {
    var identifiers: [Identifier] = []
    var links: [IdentityLink] = []

    var isEmpty: Bool { identifiers.isEmpty && links.isEmpty }
}
