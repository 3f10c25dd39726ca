import Dashboard
import EventModel
import Foundation
import GRDB

/// The account of each file that was sent to be imported, in `service.db`.
struct ImportRecords: Sendable {
    private let database: ServiceDatabase
    private let clock: any Clock

    init(_ database: ServiceDatabase, clock: any Clock) {
        self.database = database
        self.clock = clock
    }

    /// What a process was doing that did not come to its end: files that only waited are forgotten, imports broke off.
    func settle() throws {
        try database.write { database in
            try database.execute(sql: "DELETE FROM file_import WHERE state = 'waiting'")
            try database.execute(
                sql: "UPDATE file_import SET state = 'broken', ended = ? WHERE state = 'running'",
                arguments: [clock.now().milliseconds])
        }
    }

    /// A number for a file that is about to come.
    func add(_ name: String, by actor: Actor) throws -> Int64 {
        try database.write { database in
            try database.execute(
                sql: "INSERT INTO file_import (name, bytes, actor, uploaded, state) VALUES (?, 0, ?, ?, 'waiting')",
                arguments: [Data(name.utf8), Data(actor.name.utf8), clock.now().milliseconds])
            return database.lastInsertedRowID
        }
    }

    func remove(_ id: Int64) throws {
        try database.write { try $0.execute(sql: "DELETE FROM file_import WHERE id = ?", arguments: [id]) }
    }

    /// - Parameter name: nil: as it was.
    func setBytes(_ bytes: Int, name: String? = nil, of id: Int64) throws {
        try database.write { database in
            try database.execute(
                sql: "UPDATE file_import SET bytes = ?, name = coalesce(?, name) WHERE id = ?",
                arguments: [bytes, name.map { Data($0.utf8) }, id])
        }
    }

    func begin(_ id: Int64) throws {
        try database.write { database in
            try database.execute(
                sql: "UPDATE file_import SET state = 'running', started = ? WHERE id = ?",
                arguments: [clock.now().milliseconds, id])
        }
    }

    /// Says how it ended, in one step with the audit log.
    func end(_ id: Int64, _ state: ImportAccount.State, _ account: JSONValue, by actor: Actor, _ audit: AuditLog) throws
    {
        try database.write { database in
            try database.execute(
                sql: "UPDATE file_import SET state = ?, ended = ?, account = ? WHERE id = ?",
                arguments: [
                    state.rawValue, clock.now().milliseconds, Data(JSONWriter.bytes(of: account)), id,
                ])
            let name = try Data.fetchOne(database, sql: "SELECT name FROM file_import WHERE id = ?", arguments: [id])
            try audit.append(
                "file-imported", name.map { String(decoding: $0, as: UTF8.self) }, by: actor, database)
        }
    }

    func account(_ id: Int64) throws -> ImportAccount? {
        try rows("SELECT * FROM file_import WHERE id = ?", [id]).first
    }

    /// The newest ones first.
    func newest(_ limit: Int) throws -> [ImportAccount] {
        try rows("SELECT * FROM file_import ORDER BY id DESC LIMIT ?", [limit])
    }

    private func rows(_ sql: String, _ arguments: StatementArguments) throws -> [ImportAccount] {
        try database.read { try Row.fetchAll($0, sql: sql, arguments: arguments) }.map { row in
            func time(_ column: String) -> Timestamp? { (row[column] as Int64?).map { Timestamp(milliseconds: $0) } }
            func text(_ column: String) -> String { String(decoding: row[column] as Data, as: UTF8.self) }
            return ImportAccount(
                id: row["id"], name: text("name"), bytes: row["bytes"], actor: text("actor"),
                uploaded: time("uploaded") ?? .distantPast, started: time("started"), ended: time("ended"),
                state: ImportAccount.State(rawValue: row["state"]) ?? .broken,
                result: (row["account"] as Data?).flatMap { try? JSONReader.parse(Array($0)).object } ?? JSONObject())
        }
    }
}
