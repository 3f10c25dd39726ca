import EventModel
import GRDB
import GRDBSQLite

import struct Foundation.Data

/// Identifiers, links between them, and what somebody decided about links.
extension StoreDatabase {
    static func insert(_ changes: IdentityChanges, _ database: Database) throws {
        if !changes.identifiers.isEmpty {
            let statement = try database.cachedStatement(
                sql: "INSERT INTO identifier (number, role, text, checksum) VALUES (?, ?, ?, ?)")
            for identifier in changes.identifiers {
                try insert(identifier, statement.sqliteStatement, database)
            }
        }
        if !changes.links.isEmpty {
            let statement = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO link (anonymous, user, kind, time, checksum) VALUES (?, ?, ?, ?, ?)")
            for link in changes.links {
                try statement.execute(arguments: [
                    Int64(link.anonymous), Int64(link.user), Int64(link.kind.rawValue), link.time.milliseconds,
                    checksum(link),
                ])
            }
        }
        for decision in changes.decisions {
            try database.execute(
                sql: """
                    INSERT INTO identity_decision (anonymous, user, is_unmerge, time, checksum) VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Int64(decision.pair.anonymous), Int64(decision.pair.user), decision.isUnmerge ? 1 : 0,
                    decision.time.milliseconds, checksum(decision),
                ])
        }
    }

    /// Identifiers come by the hundred thousand: they are bound without a value being made of each column first.
    private static func insert(
        _ identifier: Identifier, _ statement: SQLiteStatement, _ database: Database
    ) throws {
        let text = Array(identifier.text.utf8)
        let result = text.withUnsafeBytes { bytes in
            sqlite3_bind_int64(statement, 1, Int64(identifier.number))
            sqlite3_bind_int64(statement, 2, Int64(identifier.role.rawValue))
            if bytes.isEmpty {
                sqlite3_bind_zeroblob(statement, 3, 0)
            } else {
                // No destructor: the bytes stay where they are until the statement is reset.
                sqlite3_bind_blob64(statement, 3, bytes.baseAddress, UInt64(bytes.count), nil)
            }
            sqlite3_bind_int64(statement, 4, checksum(identifier, text))
            let stepped = sqlite3_step(statement)
            let reset = sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
            return stepped == SQLITE_DONE ? reset : stepped
        }
        guard result == SQLITE_OK else {
            let message = database.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
            throw DatabaseError(resultCode: ResultCode(rawValue: result), message: message)
        }
    }

    static func checksum(_ identifier: Identifier, _ text: [UInt8]) -> Int64 {
        RowChecksum("identifier").adding(Int64(identifier.number)).adding(Int64(identifier.role.rawValue))
            .adding(text).value
    }

    static func checksum(_ link: IdentityLink) -> Int64 {
        RowChecksum("link").adding(Int64(link.anonymous)).adding(Int64(link.user)).adding(Int64(link.kind.rawValue))
            .adding(link.time.milliseconds).value
    }

    private static func checksum(_ decision: IdentityDecision) -> Int64 {
        RowChecksum("identity_decision").adding(Int64(decision.pair.anonymous)).adding(Int64(decision.pair.user))
            .adding(decision.isUnmerge ? 1 : 0).adding(decision.time.milliseconds).value
    }

    // MARK: - Reading

    /// All identifiers in the order of their numbers, all links, and all decisions in their order.
    func identities() throws(EventStoreError) -> IdentityChanges {
        try read("read the identities") { database in
            let identifiers = try Self.identifiers(database)
            return IdentityChanges(
                identifiers: identifiers, links: try Self.links(database, below: identifiers.count),
                decisions: try Self.decisions(database, below: identifiers.count))
        }
    }

    /// All decisions in their order, of a store with so many identifiers.
    func decisions(below count: Int) throws(EventStoreError) -> [IdentityDecision] {
        try read("read the decisions about identities") { database in try Self.decisions(database, below: count) }
    }

    private static func identifiers(_ database: Database) throws -> [Identifier] {
        var all: [Identifier] = []
        let rows = try Row.fetchCursor(
            database, sql: "SELECT number, role, text, checksum FROM identifier ORDER BY number")
        while let row = try rows.next() {
            let bytes = try row.withUnsafeData(atIndex: 2) { data in data.map { [UInt8]($0) } ?? [] }
            let number: Int64 = row[0]
            guard let exact = ProfileNumber(exactly: number), Int(exact) == all.count,
                let role = IdentifierRole(rawValue: UInt8(truncatingIfNeeded: row[1] as Int64)),
                let text = Text(utf8: bytes)
            else { throw EventStoreError.rowDamaged(table: "identifier", key: "\(number)") }
            let identifier = Identifier(number: exact, role: role, text: text)
            guard checksum(identifier, bytes) == row[3] as Int64 else {
                throw EventStoreError.rowDamaged(table: "identifier", key: "\(number)")
            }
            all.append(identifier)
        }
        return all
    }

    private static func links(_ database: Database, below count: Int) throws -> [IdentityLink] {
        var all: [IdentityLink] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT anonymous, user, kind, time, checksum FROM link")
        while let row = try rows.next() {
            guard let pair = pair(of: row, from: 0, below: count),
                let kind = LinkKind(rawValue: UInt8(truncatingIfNeeded: row[2] as Int64))
            else { throw EventStoreError.rowDamaged(table: "link", key: "\(row)") }
            let link = IdentityLink(
                anonymous: pair.anonymous, user: pair.user, kind: kind, time: Timestamp(milliseconds: row[3]))
            guard checksum(link) == row[4] as Int64 else {
                throw EventStoreError.rowDamaged(table: "link", key: "\(pair.anonymous), \(pair.user)")
            }
            all.append(link)
        }
        return all
    }

    static func decisions(_ database: Database, below count: Int) throws -> [IdentityDecision] {
        var all: [IdentityDecision] = []
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, anonymous, user, is_unmerge, time, checksum FROM identity_decision ORDER BY id")
        while let row = try rows.next() {
            let id: Int64 = row[0]
            guard let pair = pair(of: row, from: 1, below: count) else {
                throw EventStoreError.rowDamaged(table: "identity_decision", key: "\(id)")
            }
            let decision = IdentityDecision(
                pair: pair, isUnmerge: row[3] as Int64 == 1, time: Timestamp(milliseconds: row[4]))
            guard checksum(decision) == row[5] as Int64 else {
                throw EventStoreError.rowDamaged(table: "identity_decision", key: "\(id)")
            }
            all.append(decision)
        }
        return all
    }

    /// The identifiers in two neighbouring columns; nil when there are none of these numbers.
    private static func pair(of row: Row, from column: Int, below count: Int) -> IdentityPair? {
        guard let anonymous = ProfileNumber(exactly: row[column] as Int64),
            let user = ProfileNumber(exactly: row[column + 1] as Int64),
            Int(anonymous) < count, Int(user) < count
        else { return nil }
        return IdentityPair(anonymous: anonymous, user: user)
    }
}
