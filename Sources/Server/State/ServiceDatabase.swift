import EventModel
import Foundation
import GRDB

/// `service.db`: what a serving process keeps beside the events. One connection does everything.
///
/// When a write returns, it is on the disk. Texts of customers are blobs, so that they may hold any byte.
final class ServiceDatabase: Sendable {
    /// Marks the file as ours, "SHOS"; in the database's own header.
    private static let applicationID: Int32 = 0x5348_4F53

    private let queue: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.label = "service.db"
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        let synchronous = try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            // Set after opening: GRDB sets it to NORMAL when it turns the write-ahead log on.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard synchronous == 2 else { throw ServiceError.unsafeDatabase }
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1", migrate: Self.create)
        migrator.registerMigration("2") { database in
            try database.execute(
                sql: "CREATE TABLE secret (purpose TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID")
        }
        guard try !queue.read({ [migrator] in try migrator.hasBeenSuperseded($0) }) else {
            throw ServiceError.newerFormat
        }
        try migrator.migrate(queue)
    }

    private static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA application_id = \(applicationID);
                CREATE TABLE access_key (
                    digest BLOB PRIMARY KEY, kind TEXT NOT NULL, name BLOB NOT NULL, shown TEXT NOT NULL,
                    created INTEGER NOT NULL, disabled INTEGER
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE reject (
                    id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL, source BLOB NOT NULL,
                    code TEXT NOT NULL, message TEXT NOT NULL, body BLOB NOT NULL, body_size INTEGER NOT NULL
                ) STRICT;
                """)
    }

    /// The secret under which user ids are signed; made when it is asked for first.
    func signingSecret(_ random: any RandomSource) throws -> [UInt8] {
        try queue.write { database in
            let purpose = "user-hash"
            let known = try Data.fetchOne(
                database, sql: "SELECT body FROM secret WHERE purpose = ?", arguments: [purpose])
            if let known { return Array(known) }
            var secret: [UInt8] = []
            for _ in 0..<4 { withUnsafeBytes(of: random.next()) { secret.append(contentsOf: $0) } }
            try database.execute(
                sql: "INSERT INTO secret (purpose, body) VALUES (?, ?)", arguments: [purpose, Data(secret)])
            return secret
        }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.write(body) }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.read(body) }

    func close() throws {
        _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try queue.close()
    }
}

/// Why a service cannot start.
package enum ServiceError: Error, CustomStringConvertible {
    /// SQLite does not keep what durability rests on.
    case unsafeDatabase
    case newerFormat
    case notBound(host: String, port: Int, detail: String)

    package var code: String {
        switch self {
        case .unsafeDatabase: "unsafe-database"
        case .newerFormat: "newer-format"
        case .notBound: "not-bound"
        }
    }

    /// The exit code of `sysexits.h` that fits: 69 service unavailable, 73 cannot create.
    package var exitCode: Int32 {
        switch self {
        case .notBound: 69
        case .unsafeDatabase, .newerFormat: 73
        }
    }

    package var description: String {
        switch self {
        case .unsafeDatabase: "service.db does not take synchronous = FULL [\(code)]"
        case .newerFormat: "service.db was written by a newer program; use that one [\(code)]"
        case .notBound(let host, let port, let detail):
            "cannot listen on \(host) port \(port): \(detail); choose another with --host and --port [\(code)]"
        }
    }
}
