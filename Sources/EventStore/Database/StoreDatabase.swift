import Columns
import GRDB

/// The SQLite database of a store: journal, manifest, identities, settings and counters.
///
/// One connection does everything, all writes and all checkpoints, in exclusive locking mode: the WAL-reset bug of
/// SQLite 3.7.0 to 3.51.2 needs two, so it cannot be met, and there is no shared-memory file. A commit has reached the
/// disk when `write` returns (`synchronous = FULL` in WAL mode).
final class StoreDatabase: Sendable {
    /// Marks the file as ours, "SHOA"; in the database's own header.
    static let applicationID: Int32 = 0x5348_4F41
    /// The newest schema this program knows; also `user_version` of the file.
    static let format: Int32 = 3
    let queue: DatabaseQueue
    /// How many bytes the write-ahead log may have before it is copied into the database file.
    private let mostLogBytes: Int
    private let logLength = LogLength()

    /// Opens the database file, making it when it is not there, and brings its schema up to date.
    init(_ path: String, on disk: any Disk, logBytes: Int = EventStore.Options().logBytes) throws(EventStoreError) {
        mostLogBytes = logBytes
        let path = disk.databasePath(path)
        queue = try Self.mapping("open shoal.db") {
            var configuration = Configuration()
            configuration.label = "shoal.db"
            configuration.busyMode = .immediateError
            configuration.foreignKeysEnabled = false
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            }
            return try DatabaseQueue(path: path, configuration: configuration)
        }
        try makeDurable()
        try migrate()
    }

    /// Sets what durability rests on and reads it back: GRDB and SQLite both have other defaults.
    private func makeDurable() throws(EventStoreError) {
        let found = try Self.mapping("set up shoal.db") {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                try database.execute(sql: "PRAGMA synchronous = FULL")
                // Automatic checkpoints swallow their errors; ours are explicit.
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
                // After the setting above, which takes the place of whoever listens.
                logLength.follow(database)
                return [
                    ("journal_mode", "wal", try String.fetchOne(database, sql: "PRAGMA journal_mode")),
                    ("synchronous", "2", try String.fetchOne(database, sql: "PRAGMA synchronous")),
                    ("locking_mode", "exclusive", try String.fetchOne(database, sql: "PRAGMA locking_mode")),
                    ("wal_autocheckpoint", "0", try String.fetchOne(database, sql: "PRAGMA wal_autocheckpoint")),
                ]
            }
        }
        for (setting, expected, value) in found where value != expected {
            throw .unsafeDatabase(setting: setting, expected: expected, found: value ?? "nothing")
        }
    }

    private func migrate() throws(EventStoreError) {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in try Schema.create(database) }
        migrator.registerMigration("2") { database in try Schema.addDecisions(database) }
        migrator.registerMigration("3") { database in try Schema.dropJournalKeys(database) }
        let migrations = migrator
        let (isNewer, applied) = try Self.mapping("read the schema of shoal.db") {
            try queue.read { database in
                (try migrations.hasBeenSuperseded(database), try migrations.appliedIdentifiers(database))
            }
        }
        if isNewer { throw .newerFormat(path: "shoal.db", found: Int(Self.format) + 1, supported: Int(Self.format)) }
        try Self.mapping("bring the schema of shoal.db up to date") { try migrations.migrate(queue) }
        // Programs look at the header of the file before they open it, so an older one must find the new format there.
        if !applied.isEmpty, applied.count < migrations.migrations.count { try checkpoint(always: true) }
    }

    // MARK: - Access

    /// Runs one transaction; when it returns, what it wrote is on the disk.
    func write<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(EventStoreError) -> Value {
        try Self.mapping(operation) {
            try queue.writeWithoutTransaction { database in
                var result: Value?
                try database.inTransaction(.immediate) {
                    result = try body(database)
                    return .commit
                }
                guard let result else { throw DatabaseError(message: "the transaction gave no result") }
                return result
            }
        }
    }

    func read<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(EventStoreError) -> Value {
        try Self.mapping(operation) { try queue.read { database in try body(database) } }
    }

    /// Copies the write-ahead log into the database file when it has grown; the file of the log stays, to be written over.
    /// With `always`, copies it in any case and leaves the file empty.
    func checkpoint(always: Bool = false) throws(EventStoreError) {
        if !always, logLength.bytes < mostLogBytes { return }
        try Self.mapping("copy the write-ahead log into shoal.db") {
            _ = try queue.writeWithoutTransaction { database in
                try database.checkpoint(always ? .truncate : .passive)
            }
        }
        logLength.restart()
    }

    /// The same in passing, after something else is durable. A full disk is no failure then: the log stays as it is.
    func checkpointIfThereIsRoom() throws(EventStoreError) {
        do throws(EventStoreError) { try checkpoint() } catch {
            guard case .diskFull = error else { throw error }
        }
    }

    /// Checkpoints, so that closing has nothing left that could fail unseen, and closes.
    func close() throws(EventStoreError) {
        try checkpoint(always: true)
        try Self.mapping("close shoal.db") { try queue.close() }
    }

    /// Leaves the files as they are: to copy a log whose disk is in doubt, and then to remove it, could lose what it holds.
    ///
    /// The connection is held until the process ends, because SQLite copies the log when it goes away.
    func abandon() { _ = Unmanaged.passRetained(self) }

    /// SQLite's version.
    var version: String {
        get throws(EventStoreError) {
            try read("read SQLite's version") { try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "" }
        }
    }

    /// What SQLite itself finds wrong with the file; empty when nothing is.
    func quickCheck() throws(EventStoreError) -> [String] {
        let lines = try read("check shoal.db") { try String.fetchAll($0, sql: "PRAGMA quick_check") }
        return lines == ["ok"] ? [] : lines
    }

    /// Turns what GRDB throws into our errors.
    static func mapping<Value>(
        _ operation: String, _ body: () throws -> Value
    ) throws(EventStoreError) -> Value {
        do {
            return try body()
        } catch let error as EventStoreError {
            throw error
        } catch let error as DatabaseError {
            let detail = error.message ?? "no details"
            if error.resultCode == .SQLITE_FULL {
                throw .diskFull(DiskError(operation: .write, path: "shoal.db", reason: .full, detail: detail))
            }
            throw .database(
                operation: operation, code: Int(error.extendedResultCode.rawValue), detail: detail)
        } catch {
            throw .database(operation: operation, code: 0, detail: "\(error)")
        }
    }
}

// MARK: - Before opening

extension StoreDatabase {
    /// Whether SQLite was stopped while it wrote the first page of a database. Its rollback journal then says that there
    /// were none before, and whatever the file holds goes when it is opened.
    static func isJustBegun(_ path: String, on disk: any Disk) throws(EventStoreError) -> Bool {
        let magic: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
        let journal = try onDisk { () throws(DiskError) -> MappedBytes? in
            try disk.size("\(path)-journal") == nil ? nil : try disk.map("\(path)-journal")
        }
        guard let bytes = journal?.bytes, bytes.count >= 28, bytes[0..<8].elementsEqual(magic) else { return false }
        return bytes[16..<20].allSatisfy { $0 == 0 }
    }

    /// Reads the header of a database file without opening it, and refuses one that is not ours or is newer.
    ///
    /// The header is up to date because every migration ends with a checkpoint.
    static func checkHeader(_ path: String, on disk: any Disk) throws(EventStoreError) {
        let map: MappedBytes
        do throws(DiskError) { map = try disk.map(path) } catch { throw EventStoreError(error) }
        guard map.bytes.count >= 100, map.bytes[0..<15].elementsEqual(Array("SQLite format 3".utf8)) else {
            throw .notAStore(path: path)
        }
        let version = Int32(bigEndian: map.bytes.loadUnaligned(fromByteOffset: 60, as: Int32.self))
        let application = Int32(bigEndian: map.bytes.loadUnaligned(fromByteOffset: 68, as: Int32.self))
        guard application == applicationID || (application == 0 && version == 0) else {
            throw .notAStore(path: path)
        }
        guard version <= format else {
            throw .newerFormat(path: path, found: Int(version), supported: Int(format))
        }
    }
}
