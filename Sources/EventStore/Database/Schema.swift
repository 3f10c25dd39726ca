import Columns
import GRDB

/// The tables of `shoal.db`. Texts of customers are blobs, so that they are compared as bytes and may hold any byte.
///
/// Rows that cannot be made again from something else carry a CRC-32C over their other columns (`RowChecksum`).
enum Schema {
    static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA application_id = \(StoreDatabase.applicationID);
                PRAGMA user_version = 1;
                CREATE TABLE setting (
                    key TEXT PRIMARY KEY, value BLOB NOT NULL, checksum INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE source (
                    code INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, checksum INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE journal (
                    id INTEGER PRIMARY KEY, first_arrival INTEGER NOT NULL, last_arrival INTEGER NOT NULL,
                    body BLOB NOT NULL
                ) STRICT;
                CREATE TABLE journal_key (
                    key BLOB PRIMARY KEY, arrival INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE part (
                    id BLOB PRIMARY KEY, format INTEGER NOT NULL, size INTEGER NOT NULL, digest BLOB NOT NULL,
                    first_profile INTEGER NOT NULL, last_profile INTEGER NOT NULL, totals BLOB NOT NULL,
                    state TEXT NOT NULL, checksum INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE identifier (
                    number INTEGER PRIMARY KEY, role INTEGER NOT NULL, text BLOB NOT NULL, checksum INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE link (
                    anonymous INTEGER NOT NULL, user INTEGER NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL,
                    checksum INTEGER NOT NULL, PRIMARY KEY (anonymous, user, kind)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE product (
                    id BLOB PRIMARY KEY, body BLOB NOT NULL, checksum INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE import_state (
                    source BLOB NOT NULL, key BLOB NOT NULL, kind BLOB NOT NULL, value BLOB NOT NULL,
                    checksum INTEGER NOT NULL, PRIMARY KEY (source, key, kind)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE counter (
                    name TEXT PRIMARY KEY, value INTEGER NOT NULL, checksum INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE orphan (
                    name TEXT PRIMARY KEY, first_seen INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// Format 2: what somebody decided about links between identifiers, in the order of `id`.
    static func addDecisions(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE identity_decision (
                    id INTEGER PRIMARY KEY, anonymous INTEGER NOT NULL, user INTEGER NOT NULL,
                    is_unmerge INTEGER NOT NULL, time INTEGER NOT NULL, checksum INTEGER NOT NULL
                ) STRICT;
                PRAGMA user_version = 2;
                """)
    }

    /// Format 3: keys of messages in the journal are made from the journal itself, which has to be read anyway.
    static func dropJournalKeys(_ database: Database) throws {
        try database.execute(sql: "DROP TABLE journal_key; PRAGMA user_version = 3;")
    }
}

/// The checksum of a row: CRC-32C over its columns, each with its length before it.
struct RowChecksum {
    private var bytes: [UInt8]

    /// - Parameter table: enters the checksum, so that a row in a wrong table does not match.
    init(_ table: String) {
        bytes = []
        // Most rows are short.
        bytes.reserveCapacity(96)
        bytes.append(contentsOf: table.utf8)
    }

    consuming func adding(_ number: Int64) -> RowChecksum {
        var copy = consume self
        copy.bytes.appendLittleEndian(UInt32(8))
        copy.bytes.appendLittleEndian(number)
        return copy
    }

    consuming func adding(_ column: [UInt8]) -> RowChecksum {
        var copy = consume self
        copy.bytes.appendLittleEndian(UInt32(truncatingIfNeeded: column.count))
        copy.bytes.append(contentsOf: column)
        return copy
    }

    var value: Int64 { Int64(CRC32C.checksum(bytes)) }
}
