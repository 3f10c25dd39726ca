package import EventModel

/// Somebody who signs in.
package struct User: Sendable {
    package let id: Int64
    package let email: EmailAddress
    package let name: Text
    package var role: Role
    package let created: Timestamp
    package var isDisabled = false
    /// Nil until the first is chosen.
    var password: PasswordHash?

    /// Whether a password was chosen.
    package var hasPassword: Bool { password != nil }

    /// Whether the user could sign in.
    var isActive: Bool { !isDisabled && hasPassword }

    static let nameCharacters = 100

    /// A name as it is kept: its words with single spaces between them; nil when there is none, or too much of one.
    static func name(_ given: String) -> Text? {
        let words = given.unicodeScalars.split {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
        }
        let name = words.map { String($0) }.joined(separator: " ")
        return (1...nameCharacters).contains(name.unicodeScalars.count) ? Text(name) : nil
    }
}

/// Why something about users cannot be done.
package enum UserError: Error, Sendable {
    case badEmail
    case badName
    case unknown
    /// There is a user with this address.
    case taken
    /// Nobody could look after users any more.
    case lastAdmin
    case tooMany

    package var code: String {
        switch self {
        case .badEmail: "bad-email"
        case .badName: "bad-name"
        case .unknown: "unknown-user"
        case .taken: "email-taken"
        case .lastAdmin: "last-admin"
        case .tooMany: "too-many-users"
        }
    }

    package var message: String {
        switch self {
        case .badEmail: "that is no e-mail address; write it as in ann@shop.example"
        case .badName: "a name has 1 to \(User.nameCharacters) characters"
        case .unknown: "there is no user with this e-mail address"
        case .taken: "there is a user with this e-mail address already"
        case .lastAdmin: "this is the last admin who can sign in; make another one admin first"
        case .tooMany: "there are as many users as there may be; \(Limits.users.value)"
        }
    }
}
