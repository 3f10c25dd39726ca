package import EventModel
import Foundation
import GRDB

/// A backup that was made of a store: where to, and how much it is.
package struct BackupRecord: Hashable, Sendable {
    package let path: String
    package let made: Timestamp
    package let files: Int
    package let bytes: Int
    package let messages: Int
    /// When all of it was read again and was whole; nil: it was not.
    package let verified: Timestamp?

    package init(path: String, made: Timestamp, files: Int, bytes: Int, messages: Int, verified: Timestamp?) {
        self.path = path
        self.made = made
        self.files = files
        self.bytes = bytes
        self.messages = messages
        self.verified = verified
    }

    /// So many are remembered.
    private static let most = 100

    func insert(_ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO backup (path, made, files, bytes, messages, verified) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [Data(path.utf8), made.milliseconds, files, bytes, messages, verified?.milliseconds])
        try database.execute(
            sql: "DELETE FROM backup WHERE id <= ?", arguments: [database.lastInsertedRowID - Int64(Self.most)])
    }

    /// The last one that was made.
    static func last(_ database: Database) throws -> BackupRecord? {
        try Row.fetchOne(database, sql: "SELECT * FROM backup ORDER BY id DESC LIMIT 1").map { row in
            BackupRecord(
                path: String(decoding: row["path"] as Data, as: UTF8.self),
                made: Timestamp(milliseconds: row["made"]), files: row["files"], bytes: row["bytes"],
                messages: row["messages"],
                verified: (row["verified"] as Int64?).map { Timestamp(milliseconds: $0) })
        }
    }
}

extension ServiceRecords {
    /// Remembers that a backup was made; where nothing is kept beside the events, nobody would look.
    package func note(_ backup: BackupRecord) throws { try service?.write { try backup.insert($0) } }

    /// The last backup that was made of the store, as far as anybody knows.
    package func lastBackup() throws -> BackupRecord? { try service?.read { try BackupRecord.last($0) } }
}
