package import EventModel
import Synchronization

/// Takes many messages and seals them straight into parts, without the journal: for imports.
///
/// Messages are durable part by part, together with the state an importer keeps; after a crash the import is run
/// again, and what was stored already is dropped as duplicate. Duplicates are found when a part is sealed, against
/// everything stored and within the batch; the first message counts. Memory is bounded by the options.
package final class BulkWriter: Sendable {
    private struct Batch {
        var messages: [(message: Message, source: Text)] = []
        var bytes = 0
        var rejected = 0
        var importState: [ImportStateKey: JSONValue] = [:]
        var totals = Counters()
        var storedByEvent: [Text: Int] = [:]
    }

    private let store: EventStore
    private let batch = Mutex(Batch())

    init(_ store: EventStore) {
        self.store = store
    }

    /// Adds a message; see `EventStore.append` for what `original` must be. Durable after a later call of `flush`
    /// or `finish`, or after a part's worth of messages.
    package func add(_ message: Message, source: Text) throws(EventStoreError) {
        let isFull = batch.withLock { batch in
            batch.messages.append((message, source))
            batch.bytes += message.original.count
            return batch.messages.count >= store.options.bulkMessages || batch.bytes >= store.options.bulkBytes
        }
        if isFull { try flush() }
    }

    /// Counts a message that was refused before it came here, so that the balance holds.
    package func countRejected(_ count: Int = 1) {
        batch.withLock { $0.rejected += count }
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
    package func flush() throws(EventStoreError) {
        let taken = batch.withLock { batch in
            let taken = batch
            batch.messages = []
            batch.bytes = 0
            batch.rejected = 0
            batch.importState = [:]
            return taken
        }
        guard !taken.messages.isEmpty || taken.rejected > 0 || !taken.importState.isEmpty else { return }
        do throws(EventStoreError) {
            let (counters, storedByEvent) = try store.storeBatch(
                taken.messages, rejected: taken.rejected, importState: taken.importState)
            batch.withLock { batch in
                batch.totals = batch.totals.adding(counters)
                batch.storedByEvent.merge(storedByEvent, uniquingKeysWith: +)
            }
        } catch {
            // Nothing of the batch is stored; it is put back, so that a caller who made room may try again.
            batch.withLock { batch in
                batch.messages = taken.messages + batch.messages
                batch.bytes += taken.bytes
                batch.rejected += taken.rejected
                batch.importState.merge(taken.importState) { newer, _ in newer }
            }
            throw error
        }
    }

    /// Seals the rest, merges parts, and answers what became of all messages added.
    package func finish() throws(EventStoreError) -> Counters {
        try flush()
        if store.options.maintainsItself { try store.compactIfNeeded(minimumParts: 2) }
        return progress
    }

    /// What became of the messages sealed so far.
    package var progress: Counters { batch.withLock { $0.totals } }

    /// The stored ones of them by the name of their event, or `$identify` and its like.
    package var storedByEvent: [Text: Int] { batch.withLock { $0.storedByEvent } }
}

extension EventStore {
    /// A writer for an import. Several may be in use; their parts come in the order they are sealed.
    package func bulkWriter() -> BulkWriter { BulkWriter(self) }

    /// What an importer remembers under a key.
    package func importState(_ key: ImportStateKey) throws(EventStoreError) -> JSONValue? {
        try database.importState(key)
    }

    /// Stores a batch as a part, or only its state when all its messages were there before.
    func storeBatch(
        _ messages: [(message: Message, source: Text)], rejected: Int, importState: [ImportStateKey: JSONValue]
    ) throws(EventStoreError) -> (counters: Counters, storedByEvent: [Text: Int]) {
        let (counters, storedByEvent) = try asWriter { writing throws(EventStoreError) in
            let fresh = try findNew(messages, writing)
            var changes = StoreChanges()
            changes.importState = importState
            changes.counters = Counters(
                offered: messages.count + rejected, stored: fresh.count,
                duplicates: messages.count - fresh.count, rejected: rejected)
            if fresh.isEmpty {
                try database.commit(changes, "store the state of an import")
            } else {
                try storePart(messages, fresh, changes, &writing)
            }
            var storedByEvent: [Text: Int] = [:]
            for entry in fresh {
                let message = messages[entry.index].message
                storedByEvent[message.kind.isEvent ? message.event : Text("$\(message.kind)"), default: 0] += 1
            }
            return (changes.counters, storedByEvent)
        }
        if options.maintainsItself { try compactIfNeeded(minimumParts: options.compactionFanIn * 8) }
        return (counters, storedByEvent)
    }

    /// The positions and keys of the messages that were never stored, in their order.
    private func findNew(
        _ messages: [(message: Message, source: Text)], _ writing: Writing
    ) throws(EventStoreError) -> [(index: Int, key: DedupKey)] {
        var keyed = messages.enumerated().map { index, entry in
            (index: index, key: DedupKey(source: entry.source, messageID: entry.message.messageID))
        }
        // Sorted, equal keys are neighbours, the first to arrive first, and each part is read in one direction.
        keyed.sort { $0.key != $1.key ? $0.key < $1.key : $0.index < $1.index }
        let parts = published.withLock { $0.parts }
        var fresh: [(index: Int, key: DedupKey)] = []
        fresh.reserveCapacity(keyed.count)
        var previous: DedupKey?
        for entry in keyed {
            defer { previous = entry.key }
            if entry.key == previous || writing.recentKeys.contains(entry.key) { continue }
            if try Self.contains(entry.key, parts) { continue }
            fresh.append(entry)
        }
        return fresh.sorted { $0.index < $1.index }
    }

    private func storePart(
        _ messages: [(message: Message, source: Text)], _ fresh: [(index: Int, key: DedupKey)],
        _ changes: StoreChanges, _ writing: inout Writing
    ) throws(EventStoreError) {
        var changes = changes
        var sources = writing.sourceCodes
        var names = writing.sourceNames
        let view = identities.view()
        var staging = IdentityStaging(identities)
        var stored: [StoredMessage] = []
        stored.reserveCapacity(fresh.count)
        for (position, entry) in fresh.enumerated() {
            let (message, source) = messages[entry.index]
            let code = sources[source] ?? (names.keys.max() ?? 0) + 1
            sources[source] = code
            names[code] = source
            changes.sources[code] = source
            stored.append(
                StoredMessage(
                    arrival: writing.nextArrival + UInt64(position), source: code,
                    identifier: try staging.add(message), message: message))
        }
        changes.identities = staging.changes()
        let record = try builder.build(
            drawID(), messages: stored, sources: names, keys: fresh.map(\.key).sorted(),
            identities: staging.evidence(in: view)
        ) { identifier in
            let profile = staging.profile(of: identifier, in: view)
            return HistoryBlockMerger.Target(number: profile, id: staging.identifier(profile, in: view).text)
        }
        try publish(record, changes, "name an imported part") { _ in }
        writing.sourceCodes = sources
        writing.sourceNames = names
        writing.nextArrival += UInt64(stored.count)
    }
}
