import EventModel
import GRDB

import struct Foundation.Data

/// What an erasure changes in `shoal.db`.
struct DatabaseErasure {
    var identifiers: [Identifier] = []
    var links: [LinkKey] = []
    /// Links that stay as evidence and come after all others.
    var idleLinks: [LinkKey] = []
    /// What importers remember of somebody or of an order goes: their keys end in a slash and one of these.
    var importedTexts: Set<Text> = []
    /// The place in the order of arrival that the next message gets.
    var nextArrival: UInt64 = 1
    /// What is left to do afterwards.
    var pending = PendingErasure()
}

extension StoreDatabase {
    /// What is left to do, as long as an erasure is not finished.
    private static let erasingKey = "erasing"
    private static let arrivalKey = "first_free_arrival"

    static func erase(_ erasure: DatabaseErasure, _ database: Database) throws {
        let update = try database.cachedStatement(
            sql: "UPDATE identifier SET text = x'', checksum = ? WHERE number = ?")
        for identifier in erasure.identifiers {
            let checksum = RowChecksum("identifier").adding(Int64(identifier.number))
                .adding(Int64(identifier.role.rawValue)).adding([])
            try update.execute(arguments: [checksum.value, Int64(identifier.number)])
        }
        let delete = try database.cachedStatement(
            sql: "DELETE FROM link WHERE anonymous = ? AND user = ? AND kind = ?")
        for link in erasure.links {
            try delete.execute(arguments: [Int64(link.anonymous), Int64(link.user), Int64(link.kind.rawValue)])
        }
        let gone = Set(erasure.identifiers.map(\.number))
        for decision in try decisions(database, below: .max)
        where gone.contains(decision.pair.anonymous) || gone.contains(decision.pair.user) {
            try database.execute(
                sql: "DELETE FROM identity_decision WHERE anonymous = ? AND user = ?",
                arguments: [Int64(decision.pair.anonymous), Int64(decision.pair.user)])
        }
        for key in erasure.idleLinks {
            let link = IdentityLink(anonymous: key.anonymous, user: key.user, kind: key.kind, time: .distantFuture)
            try database.execute(
                sql: "UPDATE link SET time = ?, checksum = ? WHERE anonymous = ? AND user = ? AND kind = ?",
                arguments: [
                    link.time.milliseconds, checksum(link), Int64(key.anonymous), Int64(key.user),
                    Int64(key.kind.rawValue),
                ])
        }
        if !erasure.importedTexts.isEmpty { try forget(erasure.importedTexts, database) }
        try put(arrivalKey, Array(String(erasure.nextArrival).utf8), database)
        var pending = erasure.pending
        if let before = try pendingErasure(database) { pending.formUnion(before) }
        try put(erasingKey, pending.encoded, database)
    }

    private static func forget(_ texts: Set<Text>, _ database: Database) throws {
        let endings = texts.map { [UInt8(ascii: "/")] + Array($0.utf8) }
        var gone: [(Data, Data, Data)] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT source, key, kind FROM import_state")
        while let row = try rows.next() {
            let key = [UInt8](row[1] as Data)
            if endings.contains(where: { key.suffix($0.count).elementsEqual($0) }) {
                gone.append((row[0], row[1], row[2]))
            }
        }
        for (source, key, kind) in gone {
            try database.execute(
                sql: "DELETE FROM import_state WHERE source = ? AND key = ? AND kind = ?",
                arguments: [source, key, kind])
        }
    }

    /// What an erasure that is not finished has left to do; nil when there is none.
    func pendingErasure() throws(EventStoreError) -> PendingErasure? {
        try read("look for an erasure that was broken off") { try Self.pendingErasure($0) }
    }

    private static func pendingErasure(_ database: Database) throws -> PendingErasure? {
        guard let bytes = try value(erasingKey, database) else { return nil }
        guard let pending = PendingErasure(bytes) else {
            throw EventStoreError.rowDamaged(table: "setting", key: erasingKey)
        }
        return pending
    }

    /// No message that was ever stored had this place in the order of arrival, or a later one that parts do not know.
    func firstFreeArrival() throws(EventStoreError) -> UInt64 {
        try read("read where arrivals go on") { database in
            try Self.value(Self.arrivalKey, database).flatMap { UInt64(String(decoding: $0, as: UTF8.self)) } ?? 1
        }
    }

    /// Forgets what was left to do, and writes the database anew, so that no byte of what was removed is left in it or in
    /// its log.
    func scrub() throws(EventStoreError) {
        try write("forget who was erased") { database in
            try Self.put(Self.erasingKey, PendingErasure().encoded, database)
        }
        try Self.mapping("take what was erased out of shoal.db") {
            try queue.writeWithoutTransaction { database in
                // Otherwise a copy of everything would lie in the system's folder for temporary files for a while.
                try database.execute(sql: "PRAGMA temp_store = MEMORY")
                try database.execute(sql: "VACUUM")
                try database.checkpoint(.truncate)
            }
        }
        try write("finish an erasure") { database in
            try database.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [Self.erasingKey])
        }
    }
}
