import EventModel
import Foundation
import GRDB

/// Who did what, from where: sign-ins, and changes of users, keys, segments and webhooks.
///
/// Entries stay, but for failed sign-ins, of which the newest are kept: anybody can make those.
final class AuditLog: Sendable {
    struct Entry: Sendable {
        var id: Int64
        var time: Timestamp
        var actorKind: String
        var actor: Text
        var action: String
        var object: Text?
        var address: String?
    }

    private let database: ServiceDatabase
    private let clock: any Clock
    private let mostFailures: Int

    /// - Parameter mostFailures: so many failed sign-ins are kept, and up to a thousand more.
    init(_ database: ServiceDatabase, clock: any Clock, mostFailures: Int = 100_000) {
        self.database = database
        self.clock = clock
        self.mostFailures = mostFailures
    }

    /// Writes an entry by itself.
    ///
    /// - Parameter object: what it was done to.
    func append(_ action: String, _ object: String? = nil, by actor: Actor) throws {
        try database.write { try append(action, object, by: actor, $0) }
    }

    /// Writes an entry in the transaction of what it tells.
    func append(_ action: String, _ object: String?, by actor: Actor, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO audit (time, actor_kind, actor, action, object, address) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                clock.now().milliseconds, actor.kind, Data(actor.name.utf8), action, object.map { Data($0.utf8) },
                actor.address,
            ])
        guard action == "login-failed", database.lastInsertedRowID % 1_000 == 0 else { return }
        try database.execute(
            sql: """
                DELETE FROM audit WHERE action = 'login-failed' AND id <= (
                    SELECT id FROM audit WHERE action = 'login-failed' ORDER BY id DESC LIMIT 1 OFFSET ?)
                """, arguments: [mostFailures])
    }

    /// Entries after an id, the oldest first.
    func entries(after id: Int64, limit: Int) throws -> [Entry] {
        try entries("SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?", [id, limit])
    }

    /// The newest entries before an id, the newest first; nil: of all.
    func newest(before id: Int64?, limit: Int) throws -> [Entry] {
        try entries("SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", [id ?? .max, limit])
    }

    private func entries(_ sql: String, _ arguments: StatementArguments) throws -> [Entry] {
        let rows = try database.read { try Row.fetchAll($0, sql: sql, arguments: arguments) }
        return rows.map { row in
            Entry(
                id: row["id"], time: Timestamp(milliseconds: row["time"]), actorKind: row["actor_kind"],
                actor: Text(utf8: Array(row["actor"] as Data)) ?? "", action: row["action"],
                object: (row["object"] as Data?).map { Text(utf8: Array($0)) ?? "" }, address: row["address"])
        }
    }
}
