import EventModel
import Foundation
import GRDB

/// A segment as the database knows it.
struct SegmentRecord {
    let id: Int64
    let name: Text
    let version: Int
    let fingerprint: [UInt8]
    let isActive: Bool
    /// The last entry of its log.
    let sequence: Int64

    static func all(_ database: Database) throws -> [Text: SegmentRecord] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT *, (SELECT max(sequence) FROM change WHERE segment = segment.id) AS sequence FROM segment
                """)
        let records = rows.map { row in
            SegmentRecord(
                id: row["id"], name: ChangeRow.text(row["name"]), version: row["version"],
                fingerprint: Array(row["fingerprint"] as Data), isActive: row["is_active"],
                sequence: row["sequence"] ?? 0)
        }
        return Dictionary(records.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Writes a version of a segment that answers come from since an instant.
    static func write(_ segment: TrackedMembers, text: Text, since: Timestamp, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO segment (id, name, version, fingerprint, is_active) VALUES (?, ?, ?, ?, 1)
                ON CONFLICT (id) DO UPDATE SET version = excluded.version, fingerprint = excluded.fingerprint,
                    is_active = 1
                """,
            arguments: [segment.id, Data(segment.name.utf8), segment.version, Data(segment.fingerprint)])
        try database.execute(
            sql: "INSERT OR REPLACE INTO version (segment, number, text, since) VALUES (?, ?, ?, ?)",
            arguments: [segment.id, segment.version, Data(text.utf8), since.milliseconds])
    }

    static func remove(_ id: Int64, _ database: Database) throws {
        try database.execute(sql: "UPDATE segment SET is_active = 0 WHERE id = ?", arguments: [id])
    }

    static func versions(of id: Int64, _ database: Database) throws -> [SegmentVersion] {
        try Row.fetchAll(
            database, sql: "SELECT number, text, since FROM version WHERE segment = ? ORDER BY number",
            arguments: [id]
        ).map { row in
            SegmentVersion(
                number: row["number"], text: ChangeRow.text(row["text"]),
                since: Timestamp(milliseconds: row["since"]))
        }
    }
}
