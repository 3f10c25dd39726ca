import EventModel
import Foundation
import GRDB

/// `service.db` as far as it is kept safe and cleared of people: of a serving process, or of a directory nobody serves.
package final class ServiceRecords: Sendable {
    /// The name of the file in a data directory.
    package static let fileName = "service.db"

    private let database: ServiceDatabase

    init(_ database: ServiceDatabase) { self.database = database }

    /// The database of a data directory whose lock the caller holds; nil when there is none.
    package convenience init?(directory: String) throws {
        let path = "\(directory)/\(Self.fileName)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        self.init(try ServiceDatabase(in: directory))
    }

    package func close() { try? database.close() }

    /// Writes a copy to a new file; not synced.
    package func copy(to path: String) throws {
        try database.outsideTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
    }

    /// What SQLite finds wrong; empty when nothing is.
    package func problems() throws -> [String] {
        let lines = try database.read { try String.fetchAll($0, sql: "PRAGMA quick_check") }
        return lines == ["ok"] ? [] : lines
    }

    /// Removes the entries of the reject log whose body or message `isTheirs`, down to the bytes; answers how many.
    package func eraseRejects(where isTheirs: ([UInt8]) -> Bool) throws -> Int {
        let ids = try database.read { database in
            var ids: [Int64] = []
            let rows = try Row.fetchCursor(database, sql: "SELECT id, body, message FROM reject")
            while let row = try rows.next() {
                let message = row[2] as String
                if isTheirs([UInt8](row[1] as Data)) || isTheirs(Array(message.utf8)) { ids.append(row[0]) }
            }
            return ids
        }
        if !ids.isEmpty {
            try database.write { database in
                for id in ids { try database.execute(sql: "DELETE FROM reject WHERE id = ?", arguments: [id]) }
            }
        }
        // Also without any: entries that gave way to newer ones are in its free pages.
        try database.outsideTransaction { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            try database.execute(sql: "VACUUM")
            try database.checkpoint(.truncate)
        }
        return ids.count
    }
}
