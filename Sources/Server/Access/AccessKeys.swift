import EventModel
import Foundation
import GRDB
import Synchronization

/// The keys of a workspace.
final class AccessKeys: Sendable {
    private let database: ServiceDatabase
    private let clock: any Clock
    private let random: any RandomSource
    private let audit: AuditLog
    private let keys: Locked<[[UInt8]: AccessKey]>

    init(_ database: ServiceDatabase, clock: any Clock, random: any RandomSource) throws {
        self.database = database
        self.clock = clock
        self.random = random
        audit = AuditLog(database, clock: clock)
        let rows = try database.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM access_key")
        }
        var keys: [[UInt8]: AccessKey] = [:]
        for row in rows {
            let digest: [UInt8] = Array(row["digest"] as Data)
            guard let kind = AccessKey.Kind(rawValue: row["kind"]), let name = Text(utf8: Array(row["name"] as Data))
            else { continue }
            keys[digest] = AccessKey(
                kind: kind, name: name, shown: row["shown"], created: Timestamp(milliseconds: row["created"]),
                isDisabled: (row["disabled"] as Int64?) != nil, digest: digest)
        }
        self.keys = Locked(keys)
    }

    /// All keys, the oldest first.
    var all: [AccessKey] {
        keys.withLock { $0.values.sorted { ($0.created, $0.name) < ($1.created, $1.name) } }
    }

    /// Makes a key and answers its text, which is not kept; only commands do, on the machine itself.
    func add(_ kind: AccessKey.Kind, name: Text) throws -> String {
        let (key, text) = AccessKey.make(kind, name: name, at: clock.now(), random)
        try database.write { database in
            try database.execute(
                sql: "INSERT INTO access_key (digest, kind, name, shown, created) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    Data(key.digest), key.kind.rawValue, Data(key.name.utf8), key.shown, key.created.milliseconds,
                ])
            try audit.append("key-made", "\(key.name) (\(key.shown))", by: .command, database)
        }
        keys.withLock { $0[key.digest] = key }
        return text
    }

    /// Takes a key out of use, for good.
    func disable(_ digest: [UInt8]) throws {
        try database.write { database in
            try database.execute(
                sql: "UPDATE access_key SET disabled = coalesce(disabled, ?) WHERE digest = ?",
                arguments: [clock.now().milliseconds, Data(digest)])
            let key = keys.withLock { $0[digest] }
            try audit.append("key-disabled", key.map { "\($0.name) (\($0.shown))" }, by: .command, database)
        }
        keys.withLock { $0[digest]?.isDisabled = true }
    }

    /// The key of a text; nil when there is none. Looked up by digest, so the time it takes says nothing of other keys.
    func key(_ text: String) -> AccessKey? {
        let digest = AccessKey.digest(of: text)
        return keys.withLock { $0[digest] }
    }
}
