import EventModel

/// Who asks for something: what a request was let in by, or a command on the machine itself.
enum Actor: Sendable {
    case key(AccessKey, address: String?)
    /// A user who is signed in, or does something with a link.
    case user(User, address: String?)
    /// Somebody nobody knows.
    case nobody(address: String?)
    /// A command that works on the data directory.
    case command

    /// The kind of it in the audit log.
    var kind: String {
        switch self {
        case .key: "key"
        case .user: "user"
        case .nobody: "nobody"
        case .command: "command"
        }
    }

    /// A key's name, a user's e-mail address.
    var name: Text {
        switch self {
        case .key(let key, _): key.name
        case .user(let user, _): Text(user.email.text)
        case .nobody, .command: ""
        }
    }

    var address: String? {
        switch self {
        case .key(_, let address), .user(_, let address), .nobody(let address): address
        case .command: nil
        }
    }
}
