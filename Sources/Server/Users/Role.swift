/// What a user may do; each role may do what those before it may.
package enum Role: String, CaseIterable, Comparable, Sendable {
    /// Looks at segments, profiles and lists.
    case viewer
    /// Also saves and removes segments.
    case editor
    /// Also looks after webhooks, users and the audit log.
    case admin

    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .editor: 1
        case .admin: 2
        }
    }
}
