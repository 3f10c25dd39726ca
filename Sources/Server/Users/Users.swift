import EventModel
import Foundation
import GRDB
import Synchronization

/// The users of a workspace, in memory and in `service.db`.
final class Users: Sendable {
    let database: ServiceDatabase
    let clock: any Clock
    let random: any RandomSource
    let sessions: Sessions
    let audit: AuditLog
    private let users: Locked<[Int64: User]>

    init(_ database: ServiceDatabase, clock: any Clock, random: any RandomSource) throws {
        self.database = database
        self.clock = clock
        self.random = random
        audit = AuditLog(database, clock: clock)
        sessions = try Sessions(database, clock: clock, random: random)
        let known = try database.read { try Row.fetchAll($0, sql: "SELECT * FROM user") }.compactMap(Self.user(of:))
        users = Locked(Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0) }))
    }

    private static func user(of row: Row) -> User? {
        func text(_ column: String) -> Text { Text(utf8: Array(row[column] as Data)) ?? "" }
        guard let email = EmailAddress(text("email").string), let role = Role(rawValue: row["role"]) else { return nil }
        return User(
            id: row["id"], email: email, name: text("name"), role: role,
            created: Timestamp(milliseconds: row["created"]), isDisabled: (row["disabled"] as Int64?) != nil,
            password: (row["password"] as String?).flatMap { PasswordHash($0) })
    }

    // MARK: - Who there is

    /// All users, the oldest first.
    var all: [User] { users.withLock { $0.values.sorted { $0.id < $1.id } } }

    var isEmpty: Bool { users.withLock { $0.isEmpty } }

    func user(_ id: Int64) -> User? { users.withLock { $0[id] } }

    func user(_ email: EmailAddress) -> User? { users.withLock { $0.values.first { $0.email == email } } }

    // MARK: - Changes

    /// Adds a user who has no password yet, unless there is one.
    func add(_ email: EmailAddress, name: Text, role: Role, by actor: Actor) throws -> User {
        try database.write { database in
            try audit.append("user-added", "\(email.text) as \(role.rawValue)", by: actor, database)
            return try insert(email, name: name, role: role, password: nil, database)
        }
    }

    /// A new user, inside a transaction.
    func insert(
        _ email: EmailAddress, name: Text, role: Role, password: PasswordHash?, _ database: Database
    ) throws -> User {
        guard try Self.count("key = ?", [Data(email.key.utf8)], database) == 0 else { throw UserError.taken }
        guard try Self.count("TRUE", [], database) < Limits.users.value else { throw UserError.tooMany }
        let created = clock.now()
        try database.execute(
            sql: "INSERT INTO user (key, email, name, role, password, created) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                Data(email.key.utf8), Data(email.text.utf8), Data(name.utf8), role.rawValue, password?.text,
                created.milliseconds,
            ])
        let user = User(
            id: database.lastInsertedRowID, email: email, name: name, role: role, created: created, password: password)
        keep(user, database)
        return user
    }

    static func count(_ condition: String, _ arguments: StatementArguments, _ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM user WHERE \(condition)", arguments: arguments) ?? 0
    }

    /// When the transaction is on the disk, the user is in memory too.
    private func keep(_ user: User, _ database: Database) {
        database.afterNextTransaction { [self] _ in users.withLock { $0[user.id] = user } }
    }

    /// Changes what a user may do; sessions end, so that the next request is judged anew.
    func setRole(_ role: Role, of user: User, by actor: Actor) throws -> User {
        if user.role == role { return user }
        return try change(
            user.id, "role = ?", [role.rawValue], "role-changed", "\(user.email.text) to \(role.rawValue)", actor
        ) { $0.role = role }
    }

    /// Keeps a user from signing in, and ends what the user has open; or lets the user in again.
    func setDisabled(_ isDisabled: Bool, _ user: User, by actor: Actor) throws -> User {
        if user.isDisabled == isDisabled { return user }
        let instant = isDisabled ? clock.now().milliseconds : nil
        let action = isDisabled ? "user-disabled" : "user-enabled"
        return try change(user.id, "disabled = ?", [instant], action, user.email.text, actor) {
            $0.isDisabled = isDisabled
        }
    }

    /// Gives a user another password; all sessions end.
    func setPassword(_ password: PasswordHash, of user: User, _ action: String, by actor: Actor) throws -> User {
        try change(user.id, "password = ?", [password.text], action, user.email.text, actor) { $0.password = password }
    }

    /// A hash at another cost than is usual now is replaced when the password is at hand; nothing else changes.
    func replaceHash(_ password: PasswordHash, of user: User) throws {
        try database.write { database in
            try database.execute(
                sql: "UPDATE user SET password = ? WHERE id = ? AND password = ?",
                arguments: [password.text, user.id, user.password?.text])
            if database.changesCount == 1, var changed = try fetch(user.id, database) {
                changed.password = password
                keep(changed, database)
            }
        }
    }

    private func change(
        _ id: Int64, _ assignment: String, _ value: [(any DatabaseValueConvertible)?], _ action: String,
        _ object: String, _ actor: Actor, _ body: (inout User) -> Void
    ) throws -> User {
        try database.write { database in
            guard var user = try fetch(id, database) else { throw UserError.unknown }
            let before = user
            body(&user)
            if before.role == .admin, before.isActive, user.role != .admin || !user.isActive {
                let others = "role = 'admin' AND disabled IS NULL AND password IS NOT NULL AND id <> ?"
                guard try Self.count(others, [id], database) > 0 else { throw UserError.lastAdmin }
            }
            try database.execute(
                sql: "UPDATE user SET \(assignment) WHERE id = ?", arguments: StatementArguments(value + [id]))
            if user.isDisabled || user.password != before.password {
                try database.execute(sql: "DELETE FROM setup_link WHERE user = ?", arguments: [id])
            }
            try sessions.endAll(of: id, database)
            try audit.append(action, object, by: actor, database)
            keep(user, database)
            return user
        }
    }

    private func fetch(_ id: Int64, _ database: Database) throws -> User? {
        try Row.fetchOne(database, sql: "SELECT * FROM user WHERE id = ?", arguments: [id]).flatMap(Self.user(of:))
    }
}
