import EventModel
import Foundation
import GRDB
import HTTPTypes
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

    /// Makes a key and answers its text, which is not kept; only commands and admins do.
    ///
    /// - Parameter name: see `KeyName`.
    /// - Throws: `too-many-keys`.
    func add(_ kind: AccessKey.Kind, name: Text, by actor: Actor = .command) throws -> String {
        guard keys.withLock({ $0.count }) < Limits.keys.value else {
            throw APIError(
                .conflict, Limits.keys.code,
                "There are \(Limits.keys.value) keys, as many as there may be, disabled ones too.")
        }
        let (key, text) = AccessKey.make(kind, name: name, at: clock.now(), random)
        try database.write { database in
            try database.execute(
                sql: "INSERT INTO access_key (digest, kind, name, shown, created) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    Data(key.digest), key.kind.rawValue, Data(key.name.utf8), key.shown, key.created.milliseconds,
                ])
            try audit.append("key-made", "\(key.name) (\(key.shown))", by: actor, database)
        }
        keys.withLock { $0[key.digest] = key }
        return text
    }

    /// Takes a key out of use, for good.
    func disable(_ digest: [UInt8], by actor: Actor = .command) throws {
        try database.write { database in
            try database.execute(
                sql: "UPDATE access_key SET disabled = coalesce(disabled, ?) WHERE digest = ?",
                arguments: [clock.now().milliseconds, Data(digest)])
            let key = keys.withLock { $0[digest] }
            try audit.append("key-disabled", key.map { "\($0.name) (\($0.shown))" }, by: actor, database)
        }
        keys.withLock { $0[digest]?.isDisabled = true }
    }

    /// The key of a text; nil when there is none. Looked up by digest, so the time it takes says nothing of other keys.
    func key(_ text: String) -> AccessKey? {
        let digest = AccessKey.digest(of: text)
        return keys.withLock { $0[digest] }
    }
}

/// What a key may be called: its name is the source of its messages.
package enum KeyName {
    private static let characters = 100

    /// Why a key cannot have the name; nil: it can.
    package static func objection(to name: String) -> String? {
        guard (1...characters).contains(name.unicodeScalars.count) else {
            return "the name has 1 to \(characters) characters"
        }
        // What is imported has sources of these names, whose message ids nobody may choose.
        if name.hasPrefix("import/") { return "names that begin with import/ are taken" }
        let isOdd = name.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
            default: false
            }
        }
        return isOdd ? "the name has characters that are not seen" : nil
    }
}
