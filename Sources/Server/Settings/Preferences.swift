import EventModel
import Foundation
import GRDB
import Synchronization

/// What admins choose for people who look, in memory and in `service.db`.
final class Preferences: Sendable {
    private let database: ServiceDatabase
    private let names: Locked<String?>

    private static let name = "workspace-name"
    static let nameCharacters = 80

    init(_ database: ServiceDatabase) throws {
        self.database = database
        let stored = try database.read { database in
            try Data.fetchOne(database, sql: "SELECT value FROM preference WHERE name = ?", arguments: [Self.name])
        }
        names = Locked(stored.flatMap { String(validating: $0, as: UTF8.self) })
    }

    /// What the workspace is called; nil: as its data directory is.
    var workspaceName: String? { names.withLock { $0 } }

    /// - Parameter name: nil: as its data directory is.
    func setWorkspaceName(_ name: String?, by actor: Actor, _ audit: AuditLog) throws {
        try database.write { database in
            if let name {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO preference (name, value) VALUES (?, ?)",
                    arguments: [Self.name, Data(name.utf8)])
            } else {
                try database.execute(sql: "DELETE FROM preference WHERE name = ?", arguments: [Self.name])
            }
            try audit.append("workspace-renamed", name, by: actor, database)
        }
        names.withLock { $0 = name }
    }
}
