import Columns
package import EventModel
import GRDB

import struct Foundation.Data

/// What one transaction adds, so that it is durable together or not at all.
struct StoreChanges {
    var sources: [UInt32: Text] = [:]
    var identities = IdentityChanges()
    var counters = Counters()
    /// How many messages are stored after all, when that was found by counting.
    var storedCount: Int?
    var importState: [ImportStateKey: JSONValue] = [:]
    /// An entry of the journal with the keys of its messages.
    var journal: JournalEntry?
    /// Parts to be named, with those they replace.
    var parts: [PartRecord] = []
    var replacedParts: [StoreID] = []
    /// Journal entries up to this one go with the transaction.
    var journalEnd: Int64?
    /// Who is erased.
    var erasure: DatabaseErasure?
}

/// A group of accepted messages as the journal keeps it.
struct JournalEntry {
    let firstArrival: UInt64
    let lastArrival: UInt64
    let body: [UInt8]
}

/// Where an importer keeps what it must remember, such as how much of an order was refunded already.
package struct ImportStateKey: Hashable, Sendable {
    package let source: Text
    package let key: Text
    package let kind: Text

    package init(source: Text, key: Text, kind: Text) {
        self.source = source
        self.key = key
        self.kind = kind
    }
}

/// How many messages were offered, and what became of them: offered = stored + duplicates + rejected.
package struct Counters: Hashable, Sendable {
    package var offered = 0
    package var stored = 0
    package var duplicates = 0
    package var rejected = 0

    package init(offered: Int = 0, stored: Int = 0, duplicates: Int = 0, rejected: Int = 0) {
        self.offered = offered
        self.stored = stored
        self.duplicates = duplicates
        self.rejected = rejected
    }

    /// Whether every message offered is accounted for.
    package var balance: Bool { offered == stored + duplicates + rejected }

    package func adding(_ other: Counters) -> Counters {
        Counters(
            offered: offered + other.offered, stored: stored + other.stored,
            duplicates: duplicates + other.duplicates, rejected: rejected + other.rejected)
    }
}

extension StoreDatabase {
    /// Makes changes durable, all or none; answers the id of the new journal entry, if there is one.
    @discardableResult
    func commit(_ changes: StoreChanges, _ operation: String) throws(EventStoreError) -> Int64? {
        try write(operation) { database in
            for (code, name) in changes.sources { try Self.insertSource(code, name, database) }
            try Self.insert(changes.identities, database)
            try Self.add(changes.counters, database)
            for (key, value) in changes.importState { try Self.put(key, value, database) }
            for id in changes.replacedParts {
                try database.execute(sql: "DELETE FROM part WHERE id = ?", arguments: [Data(id.bytes)])
            }
            for part in changes.parts { try Self.insert(part, database) }
            if let count = changes.storedCount { try Self.setStored(count, database) }
            if let end = changes.journalEnd {
                try database.execute(sql: "DELETE FROM journal WHERE id <= ?", arguments: [end])
            }
            if let erasure = changes.erasure { try Self.erase(erasure, database) }
            return try changes.journal.map { try Self.insert($0, database) }
        }
    }

    private static func insertSource(_ code: UInt32, _ name: Text, _ database: Database) throws {
        let bytes = Array(name.utf8)
        try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO source (code, name, checksum) VALUES (?, ?, ?)"
        ).execute(arguments: [
            Int64(code), Data(bytes), RowChecksum("source").adding(Int64(code)).adding(bytes).value,
        ])
    }

    private static func insert(_ entry: JournalEntry, _ database: Database) throws -> Int64 {
        try database.cachedStatement(
            sql: "INSERT INTO journal (first_arrival, last_arrival, body) VALUES (?, ?, ?)"
        ).execute(arguments: [
            Int64(bitPattern: entry.firstArrival), Int64(bitPattern: entry.lastArrival), Data(entry.body),
        ])
        return database.lastInsertedRowID
    }

    private static func insert(_ part: PartRecord, _ database: Database) throws {
        let totals = part.totals.bytes
        try database.execute(
            sql: """
                INSERT INTO part (id, format, size, digest, first_profile, last_profile, totals, state, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'live', ?)
                """,
            arguments: [
                Data(part.id.bytes), Int64(PartFormat.version), Int64(part.size), Data(part.digest),
                Int64(part.firstProfile), Int64(part.lastProfile), Data(totals), checksum(part, totals),
            ])
    }

    private static func checksum(_ part: PartRecord, _ totals: [UInt8]) -> Int64 {
        RowChecksum("part").adding(part.id.bytes).adding(Int64(part.size)).adding(part.digest)
            .adding(Int64(part.firstProfile)).adding(Int64(part.lastProfile)).adding(totals).value
    }

    private static func add(_ counters: Counters, _ database: Database) throws {
        for (name, more) in counters.named where more != 0 {
            let before = try counter(name, database)
            let value = Int64(before + more)
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO counter (name, value, checksum) VALUES (?, ?, ?)"
            ).execute(arguments: [name, value, RowChecksum("counter").adding(Array(name.utf8)).adding(value).value])
        }
    }

    /// Puts the counters right after a repair: what was lost counts as never offered.
    private static func setStored(_ count: Int, _ database: Database) throws {
        let before = try counter("stored", database)
        try add(Counters(offered: count - before, stored: count - before), database)
    }

    private static func counter(_ name: String, _ database: Database) throws -> Int {
        let statement = try database.cachedStatement(sql: "SELECT value, checksum FROM counter WHERE name = ?")
        guard let row = try Row.fetchOne(statement, arguments: [name]) else { return 0 }
        let value: Int64 = row[0]
        guard RowChecksum("counter").adding(Array(name.utf8)).adding(value).value == row[1] as Int64 else {
            throw EventStoreError.rowDamaged(table: "counter", key: name)
        }
        return Int(value)
    }

    private static func put(_ key: ImportStateKey, _ value: JSONValue, _ database: Database) throws {
        let columns = [key.source, key.key, key.kind].map { Array($0.utf8) }
        let body = JSONWriter.bytes(of: value)
        let checksum = (columns + [body]).reduce(RowChecksum("import_state")) { $0.adding($1) }
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO import_state (source, key, kind, value, checksum) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [Data(columns[0]), Data(columns[1]), Data(columns[2]), Data(body), checksum.value])
    }

    // MARK: - Reading

    func counters() throws(EventStoreError) -> Counters {
        try read("read the counters") { database in
            Counters(
                offered: try Self.counter("offered", database), stored: try Self.counter("stored", database),
                duplicates: try Self.counter("duplicates", database),
                rejected: try Self.counter("rejected", database))
        }
    }

    func importState(_ key: ImportStateKey) throws(EventStoreError) -> JSONValue? {
        try read("read the state of an import") { database in
            let columns = [key.source, key.key, key.kind].map { Array($0.utf8) }
            guard
                let row = try Row.fetchOne(
                    database,
                    sql: "SELECT value, checksum FROM import_state WHERE source = ? AND key = ? AND kind = ?",
                    arguments: [Data(columns[0]), Data(columns[1]), Data(columns[2])])
            else { return nil }
            let body = [UInt8](row[0] as Data)
            let checksum = (columns + [body]).reduce(RowChecksum("import_state")) { $0.adding($1) }
            guard checksum.value == row[1] as Int64 else {
                throw EventStoreError.rowDamaged(table: "import_state", key: key.key.string)
            }
            return try JSONReader.parse(body)
        }
    }

    /// Checks the checksums of everything importers remember.
    func checkImportState() throws(EventStoreError) {
        try read("check the state of imports") { database in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT source, key, kind, value, checksum FROM import_state")
            while let row = try rows.next() {
                let columns = (0..<4).map { [UInt8](row[$0] as Data) }
                let checksum = columns.reduce(RowChecksum("import_state")) { $0.adding($1) }
                guard checksum.value == row[4] as Int64 else {
                    throw EventStoreError.rowDamaged(
                        table: "import_state", key: String(decoding: columns[1], as: UTF8.self))
                }
            }
        }
    }

    func sources() throws(EventStoreError) -> [UInt32: Text] {
        try read("read the sources") { database in
            var sources: [UInt32: Text] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT code, name, checksum FROM source") {
                let code: Int64 = row[0]
                let bytes = [UInt8](row[1] as Data)
                guard RowChecksum("source").adding(code).adding(bytes).value == row[2] as Int64,
                    let name = Text(utf8: bytes), let number = UInt32(exactly: code)
                else { throw EventStoreError.rowDamaged(table: "source", key: "\(code)") }
                sources[number] = name
            }
            return sources
        }
    }

    func parts() throws(EventStoreError) -> [PartRecord] {
        try read("read the manifest") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT id, size, digest, first_profile, last_profile, totals, checksum, format FROM part"
            ).map { row in
                let idBytes = [UInt8](row[0] as Data)
                let totalBytes = [UInt8](row[5] as Data)
                guard let id = StoreID(idBytes), let totals = PartTotals(bytes: totalBytes),
                    let first = ProfileNumber(exactly: row[3] as Int64),
                    let last = ProfileNumber(exactly: row[4] as Int64)
                else { throw EventStoreError.rowDamaged(table: "part", key: "\(idBytes)") }
                let record = PartRecord(
                    id: id, size: Int(row[1] as Int64), digest: [UInt8](row[2] as Data), totals: totals,
                    firstProfile: first, lastProfile: last)
                guard Self.checksum(record, totalBytes) == row[6] as Int64 else {
                    throw EventStoreError.rowDamaged(table: "part", key: id.description)
                }
                return record
            }
        }
    }

    /// The entries of the journal in the order they were written.
    func journal() throws(EventStoreError) -> [(id: Int64, body: [UInt8])] {
        try read("read the journal") { database in
            try Row.fetchAll(database, sql: "SELECT id, body FROM journal ORDER BY id").map { row in
                (id: row[0], body: [UInt8](row[1] as Data))
            }
        }
    }
}

extension Counters {
    fileprivate var named: [(String, Int)] {
        [("offered", offered), ("stored", stored), ("duplicates", duplicates), ("rejected", rejected)]
    }
}

extension PartTotals {
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for number in numbers { bytes.appendLittleEndian(number) }
        return bytes
    }

    init?(bytes: [UInt8]) {
        guard bytes.count % 8 == 0 else { return nil }
        let numbers = bytes.withUnsafeBytes { raw in
            (0..<(raw.count / 8)).map { PartBlock.load(raw, $0 * 8, Int64.self) }
        }
        self.init(numbers)
    }
}
