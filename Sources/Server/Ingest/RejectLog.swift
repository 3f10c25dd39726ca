import EventModel
import Foundation
import GRDB

/// The messages that were refused, for whoever looks for the reason.
final class RejectLog: Sendable {
    struct Entry: Sendable {
        var received: Timestamp
        var source: Text
        var code: Text
        var message: String
        var body: [UInt8]
    }

    struct Stored: Sendable {
        var id: Int64
        var entry: Entry
        /// Bytes of the body; more than are kept of a long one.
        var bodySize: Int
    }

    /// So many are kept, the newest ones.
    static let most = 100_000
    /// So much of each body is kept.
    static let bodyBytes = 4_096

    private let database: ServiceDatabase

    init(_ database: ServiceDatabase) { self.database = database }

    func append(_ entries: [Entry]) throws {
        try database.write { database in
            let statement = try database.cachedStatement(
                sql: "INSERT INTO reject (received, source, code, message, body, body_size) VALUES (?, ?, ?, ?, ?, ?)")
            for entry in entries {
                try statement.execute(arguments: [
                    entry.received.milliseconds, Data(entry.source.utf8), entry.code.string, entry.message,
                    Data(entry.body.prefix(Self.bodyBytes)), entry.body.count,
                ])
            }
            try database.execute(
                sql: "DELETE FROM reject WHERE id <= (SELECT max(id) FROM reject) - ?", arguments: [Self.most])
        }
    }

    /// Entries after an id, the oldest first.
    func entries(after id: Int64, limit: Int) throws -> [Stored] {
        try stored("SELECT * FROM reject WHERE id > ? ORDER BY id LIMIT ?", [id, limit])
    }

    /// The newest entries, the newest first.
    func newest(_ limit: Int) throws -> [Stored] {
        try stored("SELECT * FROM reject ORDER BY id DESC LIMIT ?", [limit])
    }

    private func stored(_ sql: String, _ arguments: StatementArguments) throws -> [Stored] {
        let rows = try database.read { try Row.fetchAll($0, sql: sql, arguments: arguments) }
        return rows.map { row in
            Stored(
                id: row["id"],
                entry: Entry(
                    received: Timestamp(milliseconds: row["received"]),
                    source: Text(utf8: Array(row["source"] as Data)) ?? "", code: Text(row["code"] as String),
                    message: row["message"], body: Array(row["body"] as Data)),
                bodySize: row["body_size"])
        }
    }
}
