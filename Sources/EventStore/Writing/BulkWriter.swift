import Columns
package import EventModel
import Synchronization

/// Takes many messages and seals them straight into parts, without the journal: for imports.
///
/// Messages are durable part by part, together with the state an importer keeps; after a crash the import is run
/// again, and what was stored already is dropped as duplicate. Whether a message is a duplicate is decided when it is
/// added, against everything stored and everything added before; whether a row is, at the latest when its part is made.
/// Memory is bounded by the options. After an error the writer is of no more use.
package final class BulkWriter: Sendable {
    private struct Batch {
        var staged = StagedImport()
        var counters = Counters()
        var importState: [ImportStateKey: JSONValue] = [:]
        var totals = Counters()
        var storedByEvent: [Text: Int] = [:]
        /// Parts this writer made. They stay readable when they are merged meanwhile.
        var ownParts: [PartFile] = []
        /// Why nothing more is taken.
        var failure: (any Error)?
    }

    /// When a part is made of what was added.
    package struct Size: Hashable, Sendable {
        package var messages: Int
        /// Of memory.
        package var bytes: Int

        package init(messages: Int, bytes: Int) {
            self.messages = messages
            self.bytes = bytes
        }
    }

    private let store: EventStore
    private let size: Size
    private let whenStored: @Sendable () -> Void
    private let batch = Locked(Batch())

    init(_ store: EventStore, _ size: Size, whenStored: @escaping @Sendable () -> Void) {
        self.store = store
        self.size = size
        self.whenStored = whenStored
    }

    /// Adds messages with what the importer is to remember beside them, and answers what became of each, in order.
    ///
    /// See `EventStore.append` for what `original` must be. Accepted messages and the state become durable together,
    /// by a later call of `flush` or `finish` or when there is enough for a part.
    package func add(
        _ messages: [Message], source: Text, state: [ImportStateKey: JSONValue] = [:]
    ) throws -> [EventStore.Verdict] {
        let (verdicts, isFull) = try batch.withLock { batch in
            let keys = messages.map { DedupKey(source: source, messageID: $0.messageID) }
            try Self.checkSizes(of: messages)
            let areNew = try batch.staged.decide(keys, store, batch.ownParts)
            for (index, message) in messages.enumerated() where areNew[index] {
                batch.staged.append(message, key: keys[index], source: source)
            }
            batch.counters.duplicates += areNew.count { !$0 }
            batch.counters.offered += messages.count
            batch.importState.merge(state) { _, newer in newer }
            return (areNew.map { $0 ? EventStore.Verdict.accepted : .duplicate }, isReady(batch))
        }
        if isFull { try flush(goesOn: true) }
        return verdicts
    }

    /// Adds rows of one source; duplicates among them are left out.
    ///
    /// Of rows that say the same, the first of a file has one message id and each further one another. So a row whose
    /// id is taken may be a row of an earlier import or a further one of this file: `occurrences` counts. It is asked
    /// about rows in their order, at the latest when the writer is flushed.
    ///
    /// Durable as messages of `add` are.
    ///
    /// - Parameter occurrences: the same for all rows of a file.
    /// - Returns: hashes of the ids of the rows' profiles, but for those that were named here before.
    package func add(_ rows: RowBatch, occurrences: any RowOccurrences) throws -> [UInt64] {
        let (profiles, isFull) = try batch.withLock { batch in
            let profiles = try batch.staged.append(rows, occurrences, store, batch.ownParts)
            batch.counters.offered += rows.count
            return (profiles, isReady(batch))
        }
        if isFull { try flush(goesOn: true) }
        return profiles
    }

    /// Whether this writer has taken a message of this key; one that was stored before it began does not count.
    package func hasTaken(_ key: DedupKey) throws -> Bool {
        try batch.withLock { batch in try batch.staged.hasTaken(key, store, batch.ownParts) }
    }

    /// Makes room for so many messages more, as far as a part takes them.
    package func reserve(_ count: Int) {
        batch.withLock { batch in
            batch.staged.reserve(min(batch.staged.count + count, size.messages))
        }
    }

    private func isReady(_ batch: Batch) -> Bool {
        batch.staged.count >= size.messages || batch.staged.byteCount >= size.bytes
    }

    private static func checkSizes(of messages: [Message]) throws(EventStoreError) {
        // Lengths are stored in 32 bits; a frame of messages must stay far below that.
        let limit = Limits.jsonBytes.value
        for message in messages where message.original.count > limit {
            throw .messageTooLarge(bytes: message.original.count, limit: limit)
        }
    }

    /// Adds one message.
    @discardableResult
    package func add(_ message: Message, source: Text) throws -> EventStore.Verdict {
        try add([message], source: source).first ?? .duplicate
    }

    /// Counts messages that were refused before they came here, so that the balance holds.
    package func countRejected(_ count: Int = 1) {
        batch.withLock { batch in
            batch.counters.offered += count
            batch.counters.rejected += count
        }
    }

    /// What an importer remembers, with what it set in this run but is not durable yet.
    package func importState(_ key: ImportStateKey) throws(EventStoreError) -> JSONValue? {
        if let pending = batch.withLock({ $0.importState[key] }) { return pending }
        return try store.importState(key)
    }

    /// Sets what an importer remembers; durable together with the messages added before.
    package func setImportState(_ key: ImportStateKey, to value: JSONValue) {
        batch.withLock { $0.importState[key] = value }
    }

    /// Seals what was added so far; durable when it returns.
    package func flush() throws { try flush(goesOn: false) }

    /// - Parameter goesOn: whether more is to come, whose keys will be looked for in what is sealed now.
    private func flush(goesOn: Bool) throws {
        defer { Pages.release() }
        let isFull = try batch.withLock { batch in
            if let failure = batch.failure { throw failure }
            guard batch.counters != Counters() || !batch.importState.isEmpty else { return false }
            do {
                let keys = try batch.staged.settle(store, batch.ownParts)
                batch.counters.duplicates += batch.staged.left.count
                let tails = goesOn ? KeyTails(of: keys, batch.staged.stage.keys) : nil
                let stored = try store.store(
                    &batch.staged, keys, counters: batch.counters, importState: batch.importState)
                let byEvent = batch.storedByEvent.merging(stored.byEvent, uniquingKeysWith: +)
                if let part = stored.part, let tails { part.keep(tails, beside: batch.ownParts) }
                batch = Batch(
                    totals: batch.totals.adding(stored.counters), storedByEvent: byEvent,
                    ownParts: batch.ownParts + (stored.part.map { [$0] } ?? []))
            } catch {
                // What was staged is partly gone; what is durable is told apart when the import is run again.
                batch.failure = error
                throw error
            }
            return true
        }
        if isFull { whenStored() }
        if isFull, store.options.maintenance != .none {
            try store.compactIfNeeded(minimumParts: store.options.compactionFanIn * 8)
        }
    }

    /// Seals the rest, merges parts, and answers what became of all messages added.
    package func finish() throws -> Counters {
        try flush()
        // What comes next is another file.
        batch.withLock { batch in
            for part in batch.ownParts { part.forgetKeyTails() }
            batch.ownParts = []
        }
        if store.options.maintenance != .none { try store.compactIfNeeded(minimumParts: 2) }
        return progress
    }

    /// What became of the messages that are durable.
    package var progress: Counters { batch.withLock { $0.totals } }

    /// How many of the stored messages there are of each event, and of each other kind under `$identify` and so on.
    package var storedByEvent: [Text: Int] { batch.withLock { $0.storedByEvent } }
}

/// Counts how often a file has had a row.
package protocol RowOccurrences: AnyObject, Sendable {
    /// How many such rows of the file there were up to this one and with it.
    ///
    /// - Parameter wasTaken: whether there was one before that nobody asked about.
    func count(_ digest: RowDigest, wasTaken: Bool) throws -> Int
}

extension EventStore {
    /// A writer for an import. Several may be in use; their parts come in the order they are sealed.
    ///
    /// - Parameters:
    ///   - size: nil for that of the options. While a part is made nobody else can append, so where others do it is small.
    ///   - whenStored: called after each part, from the thread that adds.
    package func bulkWriter(
        _ size: BulkWriter.Size? = nil, whenStored: @escaping @Sendable () -> Void = {}
    ) -> BulkWriter {
        let usual = BulkWriter.Size(messages: options.bulkMessages, bytes: options.bulkBytes)
        return BulkWriter(self, size ?? usual, whenStored: whenStored)
    }

    /// What an importer remembers under a key.
    package func importState(_ key: ImportStateKey) throws(EventStoreError) -> JSONValue? {
        try database.importState(key)
    }
}
