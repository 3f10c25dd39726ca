package import EventModel
import GRDB

/// What opening a directory gives, before there is a store.
struct OpenedStore {
    let directory: String
    let options: EventStore.Options
    let workspace: StoreID
    let disk: any Disk
    let clock: any Clock
    let random: any RandomSource
    let database: StoreDatabase
    let identities: IdentityTable
    let lock: any DiskLock
}

extension EventStore {
    /// The files and folders of a data directory.
    enum Layout {
        static let database = "shoal.db"
        static let lock = "LOCK"
        static let parts = "parts"
        /// Definitions, and rows that an import refused; the store only makes the folders.
        static let folders = ["parts", "segments", "rejects"]
    }

    /// Opens the store of a directory, and takes its lock until `close`.
    ///
    /// A store of a newer format is refused before a byte is written. Damage in the manifest is an error here; damage
    /// in parts, a whole part that cannot be opened too, shows when what it holds is read, and `verify` lists it all.
    package static func open(
        directory: String, mode: OpenMode = .existing, disk: any Disk = PosixDisk(),
        clock: any Clock = SystemClock(), random: any RandomSource = SystemRandom(), options: Options = Options()
    ) throws(EventStoreError) -> EventStore {
        let path = "\(directory)/\(Layout.database)"
        try check(directory, path, mode, disk)
        let lock = try onDisk(in: directory) { () throws(DiskError) in
            try makeDirectories(directory, disk)
            // Also when somebody else has made them, or a process that was killed right after it had.
            if try disk.size(path) == nil { try syncWay(to: directory, disk) }
            return try disk.lock("\(directory)/\(Layout.lock)")
        }
        do throws(EventStoreError) {
            let database = try StoreDatabase(path, on: disk, logBytes: options.logBytes)
            do throws(EventStoreError) {
                let opened = OpenedStore(
                    directory: directory, options: options, workspace: try database.prepareWorkspace(random),
                    disk: disk, clock: clock, random: random, database: database, identities: IdentityTable(),
                    lock: lock)
                // Whatever SQLite has just made must be found again after a power cut.
                try onDisk { () throws(DiskError) in try disk.syncDirectory(directory) }
                let store = try load(opened)
                try store.goOnErasing()
                try store.sweepOrphans()
                return store
            } catch {
                try? database.queue.close()
                throw error
            }
        } catch {
            lock.release()
            throw error
        }
    }

    /// Looks at what is there without changing it.
    private static func check(
        _ directory: String, _ path: String, _ mode: OpenMode, _ disk: any Disk
    ) throws(EventStoreError) {
        let size = try onDisk { () throws(DiskError) in try disk.size(path) }
        // An empty database file is one that was never written: as good as none. So is one whose first page was on its way.
        if let size, size > 0, try !StoreDatabase.isJustBegun(path, on: disk) {
            return try StoreDatabase.checkHeader(path, on: disk)
        }
        let names = try onDisk { () throws(DiskError) in
            try disk.size(directory) == nil ? [] : try disk.list("\(directory)")
        }
        // A lost manifest is no reason to start anew beside the parts it named.
        if names.contains(Layout.parts) {
            let parts = try onDisk { () throws(DiskError) in try disk.list("\(directory)/\(Layout.parts)") }
            if parts.contains(where: { $0.hasSuffix(PartFormat.fileSuffix) }) {
                throw .rowDamaged(table: "part", key: "of every part, for shoal.db is missing,")
            }
        }
        guard mode == .createIfMissing else { throw .noStore(directory: directory) }
    }

    private static func makeDirectories(_ directory: String, _ disk: any Disk) throws(DiskError) {
        var made = directory.hasPrefix("/") ? "" : "."
        for component in directory.split(separator: "/", omittingEmptySubsequences: true) {
            let parent = made.isEmpty ? "/" : made
            made += "/\(component)"
            if try disk.size(made) == nil {
                try disk.createDirectory(made)
                try disk.syncDirectory(parent)
            }
        }
        var isNew = false
        for folder in Layout.folders where try disk.size("\(directory)/\(folder)") == nil {
            try disk.createDirectory("\(directory)/\(folder)")
            isNew = true
        }
        if isNew { try disk.syncDirectory(directory) }
    }

    /// Makes the name of a directory last, and those of all it lies in, as far as they may be opened.
    private static func syncWay(to directory: String, _ disk: any Disk) throws(DiskError) {
        var parent = directory.hasPrefix("/") ? "" : "."
        for component in directory.split(separator: "/", omittingEmptySubsequences: true) {
            do throws(DiskError) { try disk.syncDirectory(parent.isEmpty ? "/" : parent) } catch {
                guard error.reason == .denied else { throw error }
            }
            parent += "/\(component)"
        }
    }

    // MARK: - Loading

    /// Reads the manifest, opens the parts it names, and decodes the journal.
    private static func load(_ opened: OpenedStore) throws(EventStoreError) -> EventStore {
        let database = opened.database
        opened.identities.apply(try database.identities().withoutLinksOfPlaceholders())
        let settings = try database.settings()
        var writing = Writing()
        writing.sourceNames = try database.sources()
        for (code, name) in writing.sourceNames { writing.sourceCodes[name] = code }

        var parts: [PartFile] = []
        var unreadable: [UnreadablePart] = []
        for record in try database.parts() {
            do throws(EventStoreError) { parts.append(try open(record, opened)) } catch {
                guard error.isDamageOfAPart else { throw error }
                unreadable.append(UnreadablePart(record: record, error: error))
            }
            writing.nextArrival = max(writing.nextArrival, record.totals.lastArrival &+ 1)
        }
        // The newest messages may have been erased; their places in the order are not given again.
        writing.nextArrival = max(writing.nextArrival, try database.firstFreeArrival())
        parts.sort { $0.index.totals.firstArrival < $1.index.totals.firstArrival }
        let recent = Memtable()
        try replayJournal(opened, settings, &writing, recent)
        return EventStore(
            opened: opened, writing: writing,
            published: Published(
                parts: parts, unreadable: unreadable, recent: recent, settings: settings,
                sourceNames: writing.sourceNames))
    }

    private static func open(_ record: PartRecord, _ opened: OpenedStore) throws(EventStoreError) -> PartFile {
        let part = try PartFile(
            record.id, path: PartWriter.path(of: record.id, in: "\(opened.directory)/\(Layout.parts)"),
            on: opened.disk, workspace: opened.workspace, size: record.size)
        guard part.footerDigest == record.digest else {
            throw .partDamaged(
                part: record.id.description, block: nil, offset: record.size - PartFormat.footerSize,
                damage: .digest)
        }
        return part
    }

    private static func replayJournal(
        _ opened: OpenedStore, _ settings: WorkspaceSettings, _ writing: inout Writing, _ recent: Memtable
    ) throws(EventStoreError) {
        let decoder = MessageDecoder(settings: settings, options: .stored)
        for entry in try opened.database.journal() {
            guard let records = JournalBody.records(entry.body, workspace: opened.workspace) else {
                throw .rowDamaged(table: "journal", key: "\(entry.id)")
            }
            var messages: [StoredMessage] = []
            for record in records {
                let stored = try record.decode(decoder, source: writing.sourceNames[record.source] ?? "")
                writing.recentKeys.insert(stored.key)
                messages.append(stored)
                writing.nextArrival = max(writing.nextArrival, stored.arrival &+ 1)
            }
            recent.append(messages)
            writing.journalEnd = entry.id
        }
    }
}
