import EventModel
import EventStore
import Foundation
import GRDB
import Synchronization

/// A database that a serving process keeps beside the events. One connection does everything.
///
/// When a write returns, it is on the disk. Texts of customers are blobs, so that they may hold any byte.
final class ServiceDatabase: Sendable {
    /// What such a database is called and holds.
    struct Schema: Sendable {
        /// The name of its file.
        var name: String
        /// Marks the file as ours; in the database's own header.
        var applicationID: Int32
        /// What to do when it is damaged.
        var damage: Damage
        /// Makes the tables: each step once, in their order, and never changed after a release.
        var migrations: [@Sendable (Database) throws -> Void]
    }

    /// The code of the error, and what a person can do.
    struct Damage: Hashable, Sendable {
        var code: String
        var advice: String
    }

    private let schema: Schema
    private let queue: DatabaseQueue
    /// Why no more is written.
    private let failure = Locked<EventStoreError?>(nil)
    private let onFailure: @Sendable (EventStoreError) -> Void

    /// - Parameters:
    ///   - directory: the data directory, whose lock the caller holds.
    ///   - onFailure: called once, when a failure leaves the disk in doubt; nothing is written from then on.
    /// - Throws: `ServiceError.damaged` when SQLite cannot read the file.
    init(
        in directory: String, _ schema: Schema = .service,
        onFailure: @escaping @Sendable (EventStoreError) -> Void = { _ in }
    ) throws {
        self.schema = schema
        self.onFailure = onFailure
        let path = "\(directory)/\(schema.name)"
        do { queue = try Self.open(path, schema) } catch let error as DatabaseError {
            if [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
                throw ServiceError(schema.damage, path: path, detail: error.message ?? "no details")
            }
            throw Self.failure(error, "open", schema)
        }
    }

    private static func open(_ path: String, _ schema: Schema) throws -> DatabaseQueue {
        // Secrets and hashes are in it, so nobody else may read it; what SQLite puts beside it is opened the same way.
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: NSNumber(value: 0o600)]
        if FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.setAttributes(attributes, ofItemAtPath: path)
        } else {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: attributes)
        }
        var configuration = Configuration()
        configuration.label = schema.name
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
        guard synchronous == 2 else { throw ServiceError.unsafeDatabase(schema.name) }
        var migrator = DatabaseMigrator()
        for (index, change) in schema.migrations.enumerated() {
            migrator.registerMigration("\(index + 1)") { database in
                if index == 0 { try database.execute(sql: "PRAGMA application_id = \(schema.applicationID)") }
                try change(database)
            }
        }
        guard try !queue.read({ [migrator] in try migrator.hasBeenSuperseded($0) }) else {
            throw ServiceError.newerFormat(schema.name)
        }
        try migrator.migrate(queue)
        return queue
    }

    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        if let failure = failure.withLock({ $0 }) { throw EventStoreError.stopped(cause: failure.cause) }
        do { return try queue.write(body) } catch let error as DatabaseError {
            let error = Self.failure(error, "write", schema)
            if error.stopsTheStore {
                failure.withLock { $0 = error }
                onFailure(.stopped(cause: error.cause))
            }
            throw error
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.read(body) }

    // MARK: - Safekeeping

    /// What SQLite finds wrong; empty when nothing is.
    func problems() throws -> [String] {
        do {
            let lines = try read { try String.fetchAll($0, sql: "PRAGMA quick_check") }
            return lines == ["ok"] ? [] : lines
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            return [error.message ?? "no details"]
        }
    }

    /// - Throws: `ServiceError.damaged` when SQLite finds something wrong.
    func requireSound(in directory: String) throws {
        guard let problem = try problems().first else { return }
        throw ServiceError(schema.damage, path: "\(directory)/\(schema.name)", detail: problem)
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

    // MARK: - The end

    /// Copies the write-ahead log into the database and closes it; one whose disk is in doubt is left as it is.
    func close() throws {
        // The connection is held until the process ends, because SQLite copies the log when it goes away.
        if failure.withLock({ $0 != nil }) {
            _ = Unmanaged.passRetained(queue)
            return
        }
        _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try queue.close()
    }

    /// The error of the store that says the same.
    private static func failure(_ error: DatabaseError, _ operation: String, _ schema: Schema) -> EventStoreError {
        let detail = error.message ?? "no details"
        guard error.resultCode != .SQLITE_FULL else {
            return .diskFull(DiskError(operation: .write, path: schema.name, reason: .full, detail: detail))
        }
        return .database(
            operation: "\(operation) \(schema.name)", code: Int(error.extendedResultCode.rawValue), detail: detail)
    }
}

extension ServiceDatabase.Schema {
    /// `service.db`: keys, users with their sessions, the reject log, the audit log and secrets. "SHOS".
    static let service = Self(
        name: "service.db", applicationID: 0x5348_4F53,
        damage: ServiceDatabase.Damage(
            code: "service-database-damaged",
            advice: "restore it from a backup, or move it away: no event is in it, and the next start makes new keys"),
        migrations: [
            { database in
                try database.execute(
                    sql: """
                        CREATE TABLE access_key (
                            digest BLOB PRIMARY KEY, kind TEXT NOT NULL, name BLOB NOT NULL, shown TEXT NOT NULL,
                            created INTEGER NOT NULL, disabled INTEGER
                        ) STRICT, WITHOUT ROWID;
                        CREATE TABLE reject (
                            id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL, source BLOB NOT NULL,
                            code TEXT NOT NULL, message TEXT NOT NULL, body BLOB NOT NULL, body_size INTEGER NOT NULL
                        ) STRICT;
                        """)
            },
            { database in
                try database.execute(
                    sql: "CREATE TABLE secret (purpose TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID")
            },
            { database in
                try database.execute(
                    sql: """
                        CREATE TABLE user (
                            id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, email BLOB NOT NULL,
                            name BLOB NOT NULL, role TEXT NOT NULL, password TEXT, created INTEGER NOT NULL,
                            disabled INTEGER
                        ) STRICT;
                        CREATE TABLE setup_link (
                            digest BLOB PRIMARY KEY, user INTEGER UNIQUE REFERENCES user, expires INTEGER NOT NULL
                        ) STRICT, WITHOUT ROWID;
                        CREATE TABLE session (
                            digest BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES user, secure INTEGER NOT NULL,
                            created INTEGER NOT NULL, seen INTEGER NOT NULL
                        ) STRICT, WITHOUT ROWID;
                        CREATE TABLE audit (
                            id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor_kind TEXT NOT NULL,
                            actor BLOB NOT NULL, action TEXT NOT NULL, object BLOB, address TEXT
                        ) STRICT;
                        CREATE INDEX audit_failures ON audit (id) WHERE action = 'login-failed';
                        """)
            },
            { database in
                try database.execute(
                    sql: """
                        CREATE TABLE file_import (
                            id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL, bytes INTEGER NOT NULL,
                            actor BLOB NOT NULL, uploaded INTEGER NOT NULL, state TEXT NOT NULL, started INTEGER,
                            ended INTEGER, account BLOB
                        ) STRICT;
                        CREATE TABLE backup (
                            id INTEGER PRIMARY KEY AUTOINCREMENT, path BLOB NOT NULL, made INTEGER NOT NULL,
                            files INTEGER NOT NULL, bytes INTEGER NOT NULL, messages INTEGER NOT NULL, verified INTEGER
                        ) STRICT;
                        CREATE TABLE preference (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
                        """)
            },
        ])
}

extension ServiceDatabase {
    private static let userHash = "user-hash"

    /// The secret under which user ids are signed; made when it is asked for first.
    ///
    /// - Parameter box: seals it.
    func signingSecret(_ box: SecretBox, _ random: any RandomSource) throws -> [UInt8] {
        let (secret, wasPlain) = try write { database -> ([UInt8], Bool) in
            let known = try Data.fetchOne(
                database, sql: "SELECT body FROM secret WHERE purpose = ?", arguments: [Self.userHash]
            ).map { Array($0) }
            if let known, known.count > Self.plainBytes {
                let secret = try box.open(known, for: Self.userHash)
                if !box.isCurrent(known) { try Self.keep(secret, box, database) }
                return (secret, false)
            }
            // One that stands there as it is was written before secrets were sealed.
            let secret = known ?? Self.freshSecret(random)
            try Self.keep(secret, box, database)
            return (secret, known != nil)
        }
        if wasPlain { try scrub() }
        return secret
    }

    /// Puts a new secret in the place of the one under which user ids are signed.
    func renewSigningSecret(_ box: SecretBox, _ random: any RandomSource) throws -> [UInt8] {
        let secret = Self.freshSecret(random)
        try write { try Self.keep(secret, box, $0) }
        return secret
    }

    private static let plainBytes = 32

    private static func freshSecret(_ random: any RandomSource) -> [UInt8] {
        (0..<4).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
    }

    private static func keep(_ secret: [UInt8], _ box: SecretBox, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO secret (purpose, body) VALUES (?, ?)",
            arguments: [userHash, Data(try box.seal(secret, for: userHash))])
    }
}
