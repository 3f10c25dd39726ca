package import EventModel

/// The users of a data directory that is not being served, for commands.
package final class ServiceUsers {
    private let database: ServiceDatabase
    private let users: Users

    /// - Parameter directory: the data directory, whose lock the caller holds.
    package init(directory: String, clock: any Clock, random: any RandomSource = SystemRandom()) throws {
        database = try ServiceDatabase(in: directory)
        users = try Users(database, clock: clock, random: random)
    }

    package func close() { try? database.close() }

    /// All users, the oldest first.
    package var all: [User] { users.all }

    /// - Throws: `bad-email` and `unknown-user`.
    package func user(_ email: String) throws(UserError) -> User {
        guard let email = EmailAddress(email) else { throw .badEmail }
        guard let user = users.user(email) else { throw .unknown }
        return user
    }

    /// The token of a fresh link for a user, who is made first when there is none.
    ///
    /// - Parameters:
    ///   - name: of a new user; nil: what stands before the `@`.
    ///   - role: of a new user.
    package func link(for email: String, name: String?, role: Role) throws -> (user: User, token: String, isNew: Bool) {
        guard let address = EmailAddress(email) else { throw UserError.badEmail }
        if let user = users.user(address) {
            return (user, try users.makeLink(for: user, by: .command), false)
        }
        guard let name = User.name(name ?? String(address.text.prefix { $0 != "@" })) else { throw UserError.badName }
        let user = try users.add(address, name: name, role: role, by: .command)
        return (user, try users.makeLink(for: user, by: .command), true)
    }

    package func setRole(_ role: Role, of user: User) throws -> User { try users.setRole(role, of: user, by: .command) }

    package func setDisabled(_ isDisabled: Bool, _ user: User) throws -> User {
        try users.setDisabled(isDisabled, user, by: .command)
    }
}
