import EventModel
import Foundation
import GRDB
import Synchronization

/// Somebody who is signed in on some device.
struct Session: Hashable, Sendable {
    /// The SHA-256 of the token in the cookie, which is not kept.
    let digest: [UInt8]
    /// The id of the user.
    let user: Int64
    /// Whether it began over HTTPS; then its cookie is taken over nothing else.
    let isSecure: Bool
    let created: Timestamp
    var seen: Timestamp
}

/// The sessions there are, in memory and in `service.db`: they outlive a restart.
final class Sessions: Sendable {
    /// A session in which nothing happens for so long has ended.
    static let idleHours: Int64 = 12
    /// No session lasts longer.
    static let mostHours: Int64 = 7 * 24
    /// So many a user may have; the one that was used longest ago makes room.
    static let most = 20
    /// How far behind the disk may be with when a session was last used, ms.
    private static let lag: Int64 = 60_000

    private struct Entry {
        var session: Session
        /// What `seen` is on the disk.
        var written: Timestamp
    }

    private let database: ServiceDatabase
    private let clock: any Clock
    private let random: any RandomSource
    private let entries: Locked<[[UInt8]: Entry]>

    init(_ database: ServiceDatabase, clock: any Clock, random: any RandomSource) throws {
        self.database = database
        self.clock = clock
        self.random = random
        let rows = try database.read { try Row.fetchAll($0, sql: "SELECT * FROM session") }
        var entries: [[UInt8]: Entry] = [:]
        for row in rows {
            let session = Session(
                digest: Array(row["digest"] as Data), user: row["user"], isSecure: row["secure"],
                created: Timestamp(milliseconds: row["created"]), seen: Timestamp(milliseconds: row["seen"]))
            entries[session.digest] = Entry(session: session, written: session.seen)
        }
        self.entries = Locked(entries)
    }

    private static func isOver(_ session: Session, at now: Timestamp) -> Bool {
        now.milliseconds(since: session.seen) >= idleHours * 3_600_000
            || now.milliseconds(since: session.created) >= mostHours * 3_600_000
    }

    /// Begins a session and answers its token.
    func begin(_ user: Int64, isSecure: Bool) throws -> String {
        let now = clock.now()
        let token = RandomToken(random)
        let session = Session(digest: token.digest, user: user, isSecure: isSecure, created: now, seen: now)
        let gone = entries.withLock { entries in
            var gone = entries.values.map(\.session).filter { Self.isOver($0, at: now) }
            let own = entries.values.map(\.session).filter { $0.user == user && !gone.contains($0) }
            gone += own.sorted { $0.seen < $1.seen }.prefix(max(0, own.count - Self.most + 1))
            return gone
        }
        try database.write { database in
            for session in gone { try delete(session.digest, database) }
            try database.execute(
                sql: "INSERT INTO session (digest, user, secure, created, seen) VALUES (?, ?, ?, ?, ?)",
                arguments: [Data(session.digest), user, isSecure, now.milliseconds, now.milliseconds])
        }
        entries.withLock { entries in
            for session in gone { entries[session.digest] = nil }
            entries[session.digest] = Entry(session: session, written: now)
        }
        return token.text
    }

    /// The session of a token, which goes on by that; nil when it has ended or never was.
    func session(_ token: String, isSecure: Bool) -> Session? {
        let now = clock.now()
        let digest = RandomToken.digest(of: token)
        let (session, isDue): (Session?, Bool) = entries.withLock { entries in
            guard var entry = entries[digest], entry.session.isSecure == isSecure,
                !Self.isOver(entry.session, at: now)
            else { return (nil, false) }
            entry.session.seen = max(entry.session.seen, now)
            let isDue = now.milliseconds(since: entry.written) >= Self.lag
            if isDue { entry.written = now }
            entries[digest] = entry
            return (entry.session, isDue)
        }
        if isDue {
            // A session goes on although the disk is full; it only ends earlier after a restart.
            try? database.write { database in
                try database.execute(
                    sql: "UPDATE session SET seen = ? WHERE digest = ?", arguments: [now.milliseconds, Data(digest)])
            }
        }
        return session
    }

    /// Whether a session has neither ended nor been ended.
    func isOpen(_ session: Session) -> Bool {
        let now = clock.now()
        return entries.withLock { entries in
            entries[session.digest].map { !Self.isOver($0.session, at: now) } ?? false
        }
    }

    // MARK: - Ending

    func end(_ session: Session) throws {
        // First in memory: whatever the disk does, it is over now.
        entries.withLock { $0[session.digest] = nil }
        try database.write { try delete(session.digest, $0) }
    }

    private func delete(_ digest: [UInt8], _ database: Database) throws {
        try database.execute(sql: "DELETE FROM session WHERE digest = ?", arguments: [Data(digest)])
    }

    /// Ends all sessions of a user, inside a transaction, with which they end.
    func endAll(of user: Int64, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM session WHERE user = ?", arguments: [user])
        database.afterNextTransaction { [self] _ in
            entries.withLock { entries in entries = entries.filter { $0.value.session.user != user } }
        }
    }

    /// How many sessions a user has.
    func count(of user: Int64) -> Int {
        let now = clock.now()
        return entries.withLock { entries in
            entries.values.count { $0.session.user == user && !Self.isOver($0.session, at: now) }
        }
    }
}
