import EventModel
import EventStore
import GRDB

/// `memberships.db`: the log of changes, versions of definitions, and the saved state. One connection does everything.
///
/// When a write returns, it is on the disk.
final class MembershipDatabase: Sendable {
    /// Marks the file as ours, "SHOM"; in the database's own header.
    private static let applicationID: Int32 = 0x5348_4F4D

    private let queue: DatabaseQueue

    /// - Throws: `MembershipError.damaged` when SQLite cannot read the file.
    init(path: String) throws {
        do { queue = try Self.open(path) } catch let error as DatabaseError where error.isOfDamage {
            throw MembershipError.damaged(path: path, detail: error.message ?? "no details")
        }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "memberships.db"
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let synchronous = try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            // Set after opening: GRDB sets it to NORMAL when it turns the write-ahead log on.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard synchronous == 2 else { throw MembershipError.unsafeDatabase }
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1", migrate: create)
        migrator.registerMigration("2", migrate: addGenerations)
        guard try !queue.read({ [migrator] in try migrator.hasBeenSuperseded($0) }) else {
            throw MembershipError.newerFormat
        }
        try migrator.migrate(queue)
        return queue
    }

    private static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA application_id = \(applicationID);
                CREATE TABLE segment (
                    id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, version INTEGER NOT NULL,
                    fingerprint BLOB NOT NULL, is_active INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE version (
                    segment INTEGER NOT NULL, number INTEGER NOT NULL, text BLOB NOT NULL, since INTEGER NOT NULL,
                    PRIMARY KEY (segment, number)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE change (
                    position INTEGER PRIMARY KEY AUTOINCREMENT, segment INTEGER NOT NULL, sequence INTEGER NOT NULL,
                    kind INTEGER NOT NULL, profile INTEGER NOT NULL, instant INTEGER NOT NULL, cause INTEGER NOT NULL,
                    message BLOB, event BLOB, version INTEGER NOT NULL
                ) STRICT;
                CREATE UNIQUE INDEX change_of_segment ON change (segment, sequence);
                CREATE TABLE mark (
                    id INTEGER PRIMARY KEY CHECK (id = 1), arrival INTEGER NOT NULL, instant INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE saved (
                    id INTEGER PRIMARY KEY CHECK (id = 1), arrival INTEGER NOT NULL, instant INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE saved_part (kind TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL,
                    PRIMARY KEY (kind, number)
                ) STRICT;
                """)
    }

    /// States are saved in parts since then, so what was saved before is found anew.
    private static func addGenerations(_ database: Database) throws {
        try database.execute(
            sql: """
                DROP TABLE saved_part;
                DELETE FROM saved;
                ALTER TABLE saved ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
                CREATE TABLE saved_part (
                    generation INTEGER NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL,
                    PRIMARY KEY (generation, kind, number)
                ) STRICT;
                """)
    }

    func write<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.write(body) }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.read(body) }

    // MARK: - Safekeeping

    /// What SQLite finds wrong; empty when nothing is.
    func problems() throws -> [String] {
        do {
            let lines = try read { try String.fetchAll($0, sql: "PRAGMA quick_check") }
            return lines == ["ok"] ? [] : lines
        } catch let error as DatabaseError where error.isOfDamage {
            return [error.message ?? "no details"]
        }
    }

    /// Writes a copy to a new file; not synced.
    func copy(to path: String) throws {
        try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
    }

    /// Writes the database anew, so that no byte of what was removed is left in it or in its log.
    func scrub() throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            try database.execute(sql: "VACUUM")
            try database.checkpoint(.truncate)
        }
    }

    func close() throws {
        _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try queue.close()
    }
}

extension DatabaseError {
    /// Whether the file itself is what cannot be read.
    var isOfDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode) }
}
