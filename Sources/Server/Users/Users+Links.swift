import EventModel
import Foundation
import GRDB

/// One-time links with which somebody chooses a password: the first user of a workspace, or a user there is.
///
/// Only the SHA-256 of a link's token is kept. It is valid for a day, and once; a new one for the same user ends the old.
extension Users {
    static let linkHours: Int64 = 24

    /// Whom a link is for.
    enum LinkHolder: Sendable {
        /// Whoever sets up the workspace, who becomes admin.
        case firstUser
        case user(User)
    }

    /// A fresh link for the first user; nil when there are users. Answers the text of its token, which is not kept.
    func makeFirstLink() throws -> String? {
        try database.write { database in
            try database.execute(sql: "DELETE FROM setup_link WHERE user IS NULL")
            guard try Self.count("TRUE", [], database) == 0 else { return nil }
            return try insertLink(for: nil, database)
        }
    }

    /// A fresh link for a user.
    func makeLink(for user: User, by actor: Actor) throws -> String {
        try database.write { database in
            try database.execute(sql: "DELETE FROM setup_link WHERE user = ?", arguments: [user.id])
            try audit.append("link-made", user.email.text, by: actor, database)
            return try insertLink(for: user.id, database)
        }
    }

    private func insertLink(for user: Int64?, _ database: Database) throws -> String {
        let now = clock.now().milliseconds
        try database.execute(sql: "DELETE FROM setup_link WHERE expires <= ?", arguments: [now])
        let token = RandomToken(random)
        try database.execute(
            sql: "INSERT INTO setup_link (digest, user, expires) VALUES (?, ?, ?)",
            arguments: [Data(token.digest), user, now + Self.linkHours * 3_600_000])
        return token.text
    }

    /// Whom the token of a link is for; nil when it is unknown, used or too old.
    func holder(of token: String) throws -> LinkHolder? {
        let row = try database.read { database in
            try Row.fetchOne(
                database, sql: "SELECT user FROM setup_link WHERE digest = ? AND expires > ?",
                arguments: [Data(RandomToken.digest(of: token)), clock.now().milliseconds])
        }
        guard let row else { return nil }
        guard let id = row["user"] as Int64? else { return isEmpty ? .firstUser : nil }
        return user(id).flatMap { $0.isDisabled ? nil : .user($0) }
    }

    /// Makes the first user with a link; nil when it was used meanwhile.
    func setUp(
        _ token: String, _ email: EmailAddress, name: Text, _ password: PasswordHash, address: String?
    ) throws -> User? {
        try database.write { database in
            guard try Self.count("TRUE", [], database) == 0, try takeLink(token, of: nil, database) else { return nil }
            let user = try insert(email, name: name, role: .admin, password: password, database)
            try audit.append("set-up", email.text, by: .user(user, address: address), database)
            return user
        }
    }

    /// Gives a user the password that was chosen with a link; nil when it was used meanwhile.
    func choosePassword(
        _ token: String, of user: User, _ password: PasswordHash, address: String?
    ) throws -> User? {
        guard try database.write({ try takeLink(token, of: user.id, $0) }) else { return nil }
        return try setPassword(password, of: user, "password-chosen", by: .user(user, address: address))
    }

    private func takeLink(_ token: String, of user: Int64?, _ database: Database) throws -> Bool {
        try database.execute(
            sql: "DELETE FROM setup_link WHERE digest = ? AND user IS ? AND expires > ?",
            arguments: [Data(RandomToken.digest(of: token)), user, clock.now().milliseconds])
        return database.changesCount == 1
    }
}
