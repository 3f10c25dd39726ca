import GRDB
import GRDBSQLite
import Synchronization

/// How long the write-ahead log of a database is, as SQLite says after each commit.
///
/// The size of the file does not tell: a log that was copied into the database is written over from its beginning. A file
/// that does not grow is synced in a fraction of the time that one takes which does.
final class LogLength: Sendable {
    /// What SQLite makes pages of when it is not told otherwise.
    private static let bytesPerPage = 4_096

    private let pages = Atomic(0)

    /// Bytes of pages that were committed since the log was copied last.
    var bytes: Int { pages.load(ordering: .relaxed) * Self.bytesPerPage }

    /// Hears of all commits of a connection from now on. This must live as long as the connection is written to.
    func follow(_ database: Database) {
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<LogLength>.fromOpaque(context).takeUnretainedValue().set(Int(pages))
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// The log was copied: what comes next is written over it.
    func restart() { set(0) }

    private func set(_ count: Int) { pages.store(count, ordering: .relaxed) }
}
