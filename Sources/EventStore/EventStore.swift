import EventModel
import Synchronization

/// The event store of one workspace: a directory that one process owns.
///
/// Messages come in through `append` (durable when it returns) or a `BulkWriter` (durable part by part), each exactly
/// once by (source, message id). Readers take a `snapshot()` and never wait for writers. All calls block until they
/// are done and may come from any thread; a server calls them from a thread pool of its own.
///
/// ```
/// let store = try EventStore.open(directory: "shop", mode: .createIfMissing)
/// let verdicts = try store.append(messages, source: "web")
/// let snapshot = try store.snapshot()
/// try store.close()
/// ```
package final class EventStore: Sendable {
    /// What to do when the directory holds no store.
    package enum OpenMode: Hashable, Sendable {
        /// It is an error.
        case existing
        /// A new one is made, the directory itself too.
        case createIfMissing
    }

    /// What became of an appended message.
    package enum Verdict: Hashable, Sendable {
        case accepted
        /// A message of the same source and message id was there before; this one is dropped.
        case duplicate
    }

    /// Who seals recent messages and merges parts.
    package enum Maintenance: Hashable, Sendable {
        /// A thread of the store's own, while appends go on.
        case background
        /// The call that made it due, before it returns; for tests and short programs.
        case inline
        /// Nobody but calls of `seal` and `compactIfNeeded`.
        case none
    }

    /// Sizes that are a matter of taste or of the machine, not of meaning.
    package struct Options: Hashable, Sendable {
        /// Recent messages are sealed into a part when there are this many.
        package var sealMessages = 100_000
        /// A bulk writer seals when it holds this many messages, or takes this much memory.
        package var bulkMessages = 20_000_000
        package var bulkBytes = 2_000 << 20
        /// How many rows a block of a part has, about: profiles are never cut.
        package var rowsPerBlock = 131_072
        /// A rebuild seals when it holds this many messages.
        package var rebuildMessages = 500_000
        /// Parts are merged when at least this many of like size are there.
        package var compactionFanIn = 8
        /// A file the manifest does not name is kept this long before it is removed.
        package var orphanGraceMilliseconds: Int64 = 600_000
        /// The database's write-ahead log is copied into its file when it has this many bytes. Each copy costs syncs,
        /// so the log may grow for a while; after a kill it is read at the next start.
        package var logBytes = 4 << 20
        /// When recent messages are sealed and parts merged.
        package var maintenance = Maintenance.background

        package init() {}
    }

    /// What a writer changes; one at a time.
    struct Writing {
        var nextArrival: UInt64 = 1
        var sourceCodes: [Text: UInt32] = [:]
        var sourceNames: [UInt32: Text] = [:]
        /// Keys of the messages in the journal.
        var recentKeys = RecentKeys()
        /// The last entry of the journal.
        var journalEnd: Int64?
        /// Messages that are being sealed, and the last journal entry they stand in.
        var sealing: Sealing?
        /// Grows with everything stored, so that a bulk writer knows whether others wrote in between.
        var version = 0
        /// Why no more is written, once something failed that leaves the disk in doubt.
        var failure: String?
        var isClosed = false
    }

    /// Recent messages on their way into a part; readers still see them as recent.
    struct Sealing {
        let memtable: Memtable
        let journalEnd: Int64?
    }

    /// What readers see; changed in one step.
    struct Published {
        var parts: [PartFile]
        /// Parts the manifest names that cannot be opened; reads that would need them are errors.
        var unreadable: [UnreadablePart]
        /// Recent messages that are being sealed.
        var sealing: Memtable?
        var recent: Memtable
        var settings: WorkspaceSettings
        var sourceNames: [UInt32: Text]
        var isClosed = false

        /// The strays of the parts as of so many turns of identities.
        private var knownStrays: (parts: [StoreID], turns: Int, strays: [HistoryAssembler.Strays])?

        init(
            parts: [PartFile], unreadable: [UnreadablePart], recent: Memtable, settings: WorkspaceSettings,
            sourceNames: [UInt32: Text]
        ) {
            self.parts = parts
            self.unreadable = unreadable
            self.recent = recent
            self.settings = settings
            self.sourceNames = sourceNames
        }

        /// The strays of the parts, found anew only when parts or identities are others.
        mutating func strays(_ identity: IdentityView) -> [HistoryAssembler.Strays] {
            let ids = parts.map(\.id)
            if let known = knownStrays, known.parts == ids, known.turns == identity.turns.count { return known.strays }
            let strays = parts.map { HistoryAssembler.Strays(of: $0, identity) }
            knownStrays = (ids, identity.turns.count, strays)
            return strays
        }

        /// Everything not in a part yet, in the order of arrival.
        var recentViews: [MemtableView] { (sealing.map { [$0.view()] } ?? []) + [recent.view()] }
    }

    package let directory: String
    package let options: Options
    let workspace: StoreID
    let disk: any Disk
    let clock: any Clock
    let random: any RandomSource
    let database: StoreDatabase
    let identities: IdentityTable
    let lock: any DiskLock
    let writing: Locked<Writing>
    let published: Locked<Published>
    /// Held by whoever seals or merges.
    let maintaining = Locked(())
    let maintenanceThread = MaintenanceThread()
    /// Whether filters over keys are being made.
    let filtersInMaking = Locked(false)
    /// Why the last seal or merge in the background did not come about.
    let maintenanceFailure = Locked<EventStoreError?>(nil)
    /// Who wants to know that the store has stopped; see `whenStopped`.
    let stopObserver = Locked<(@Sendable (EventStoreError) -> Void)?>(nil)
    /// Whether merges shall be broken off; see `stopMerging`.
    let mergeCancellation = Locked<@Sendable () -> Bool>({ false })

    var partsDirectory: String { "\(directory)/parts" }

    init(opened: OpenedStore, writing: Writing, published: Published) {
        directory = opened.directory
        options = opened.options
        workspace = opened.workspace
        disk = opened.disk
        clock = opened.clock
        random = opened.random
        database = opened.database
        identities = opened.identities
        lock = opened.lock
        self.writing = Locked(writing)
        self.published = Locked(published)
    }

    // MARK: - Reading

    /// Everything stored up to now, as it stays: later appends, merges and removals do not touch it.
    package func snapshot() throws(EventStoreError) -> Snapshot {
        // Parts, recent messages and identities are taken together, so they belong to one version.
        let snapshot = published.withLock { published -> Snapshot? in
            if published.isClosed { return nil }
            let identity = identities.view()
            return Snapshot(
                HistoryAssembler(
                    parts: published.parts, unreadable: published.unreadable, recent: published.recentViews,
                    identity: identity, strays: published.strays(identity)),
                table: identities, sourceNames: published.sourceNames, settings: published.settings)
        }
        guard let snapshot else { throw .closed }
        return snapshot
    }

    // MARK: - The end

    /// Lets maintenance finish, copies the write-ahead log into the database, closes it and gives up the lock.
    ///
    /// A store that has stopped is left as it is: what its log holds is copied when it is opened again.
    package func close() throws(EventStoreError) {
        maintenanceThread.wait()
        let (wasClosed, hasStopped) = writing.withLock { writing in
            defer { writing.isClosed = true }
            return (writing.isClosed, writing.failure != nil)
        }
        guard !wasClosed else { return }
        published.withLock { $0.isClosed = true }
        defer { lock.release() }
        if hasStopped { return database.abandon() }
        try database.close()
    }

    /// Throws what appending would throw whatever is appended: that the store is closed, or stopped after a failure.
    package func requireWritable() throws(EventStoreError) { try asWriter { _ in } }

    /// Runs `body` as the one writer.
    func asWriter<Value>(
        _ body: (inout Writing) throws(EventStoreError) -> Value
    ) throws(EventStoreError) -> Value {
        let result: Result<Value, EventStoreError> = writing.withLock { writing in
            if writing.isClosed { return .failure(.closed) }
            if let failure = writing.failure { return .failure(.stopped(cause: failure)) }
            do throws(EventStoreError) {
                return .success(try body(&writing))
            } catch {
                if error.stopsTheStore { writing.failure = error.cause }
                return .failure(error)
            }
        }
        if case .failure(let error) = result { tellIfStopped(by: error) }
        return try result.get()
    }

    /// The place in the order of arrival that the next message gets; none that was ever stored has it, or a later one.
    package var firstFreeArrival: UInt64 { writing.withLock { $0.nextArrival } }

    /// A new number for a part.
    func drawID() -> StoreID { StoreID(high: random.next(), low: random.next()) }
}
