package import EventModel
import Synchronization

/// Takes many messages and seals them straight into parts, without the journal: for imports.
///
/// Messages are durable part by part, together with the state an importer keeps; after a crash the import is run
/// again, and what was stored already is dropped as duplicate. Whether a message is a duplicate is decided when it is
/// added, against everything stored and everything added before. Memory is bounded by the options.
package final class BulkWriter: Sendable {
    private struct Batch {
        var stage = MessageStage()
        var keys = KeySet()
        var counters = Counters()
        var importState: [ImportStateKey: JSONValue] = [:]
        /// The store's version that the duplicates were decided against; nil when there were several.
        var version: Int?
        var totals = Counters()
        var storedByEvent: [Text: Int] = [:]
        /// Parts this writer made. They stay readable when they are merged meanwhile.
        var ownParts: [PartFile] = []
    }

    private let store: EventStore
    private let batch = Locked(Batch())

    init(_ store: EventStore) {
        self.store = store
    }

    /// Adds messages with what the importer is to remember beside them, and answers what became of each, in order.
    ///
    /// See `EventStore.append` for what `original` must be. Accepted messages and the state become durable together,
    /// by a later call of `flush` or `finish` or when there is enough for a part. On an error the writer holds what
    /// it held before the call.
    package func add(
        _ messages: [Message], source: Text, state: [ImportStateKey: JSONValue] = [:]
    ) throws(EventStoreError) -> [EventStore.Verdict] {
        let (verdicts, isFull) = try batch.withLock { batch throws(EventStoreError) in
            let keys = messages.map { DedupKey(source: source, messageID: $0.messageID) }
            let (known, version) = try store.known(keys)
            try Self.checkSizes(of: messages)
            batch.version = batch.stage.count == 0 || batch.version == version ? version : nil
            var verdicts: [EventStore.Verdict] = []
            verdicts.reserveCapacity(messages.count)
            for (index, message) in messages.enumerated() {
                if known[index] || !batch.keys.insert(keys[index]) {
                    verdicts.append(.duplicate)
                    batch.counters.duplicates += 1
                } else {
                    verdicts.append(.accepted)
                    batch.stage.append(message, key: keys[index], source: source)
                }
            }
            batch.counters.offered += messages.count
            batch.importState.merge(state) { _, newer in newer }
            return (verdicts, isReady(batch))
        }
        if isFull { try flush() }
        return verdicts
    }

    /// Adds rows of one source; duplicates among them are left out.
    ///
    /// Of rows that say the same, the first of a file has one message id and each further one another. So a row whose
    /// id is taken may be a row of an earlier import or a further one of this file: `occurrence` counts.
    ///
    /// Durable as messages of `add` are. On an error the writer is of no more use.
    ///
    /// - Parameter occurrence: is given what a row says, and whether this writer took such a row without asking; answers
    ///   how many such rows of the file there were before and with this one.
    package func add<Failure: Error>(
        _ rows: RowBatch, source: Text, occurrence: (RowDigest, _ wasTaken: Bool) throws(Failure) -> Int
    ) throws {
        let isFull = try batch.withLock { batch in
            var rows = rows
            let (known, version) = try store.known(rows.keys)
            batch.version = batch.stage.count == 0 || batch.version == version ? version : nil
            var isKept = batch.keys.insert(rows.keys, except: known)
            for row in isKept.indices where !isKept[row] {
                let digest = rows.digests[row]
                let wasTaken = try Self.hasTaken(rows.keys[row], batch, isKnown: known[row])
                let count = try occurrence(digest, wasTaken)
                guard count > 1 else { continue }
                let further = DedupKey(source: source, messageID: digest.messageID(occurrence: count))
                rows.repeated(row, occurrence: count, key: further)
                isKept[row] = try !store.known([further]).isKnown[0] && batch.keys.insert(further)
            }
            batch.stage.append(rows, isKept: isKept, source: source)
            batch.counters.offered += rows.count
            batch.counters.duplicates += isKept.count { !$0 }
            return isReady(batch)
        }
        if isFull { try flush() }
    }

    /// Whether this writer has taken a message of this key; one that was stored before it began does not count.
    package func hasTaken(_ key: DedupKey) throws(EventStoreError) -> Bool {
        try batch.withLock { batch throws(EventStoreError) in try Self.hasTaken(key, batch, isKnown: true) }
    }

    private static func hasTaken(
        _ key: DedupKey, _ batch: Batch, isKnown: Bool
    ) throws(EventStoreError) -> Bool {
        if batch.keys.contains(key) { return true }
        guard isKnown else { return false }
        for part in batch.ownParts where try part.contains(key) { return true }
        return false
    }

    /// Makes room for so many messages more, as far as a part takes them.
    package func reserve(_ count: Int) {
        batch.withLock { batch in
            batch.stage.reserve(min(batch.stage.count + count, store.options.bulkMessages))
        }
    }

    private func isReady(_ batch: Batch) -> Bool {
        batch.stage.count >= store.options.bulkMessages
            || batch.stage.byteCount + batch.keys.byteCount >= store.options.bulkBytes
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
    package func add(_ message: Message, source: Text) throws(EventStoreError) -> EventStore.Verdict {
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

    /// Seals what was added so far; durable when it returns. On an error everything is kept, to be tried again.
    package func flush() throws(EventStoreError) {
        let isFull = try batch.withLock { batch throws(EventStoreError) in
            guard batch.counters != Counters() || !batch.importState.isEmpty else { return false }
            let stored = try store.store(
                batch.stage, decidedAt: batch.version, counters: batch.counters, importState: batch.importState)
            let byEvent = batch.storedByEvent.merging(stored.byEvent, uniquingKeysWith: +)
            batch = Batch(
                totals: batch.totals.adding(stored.counters), storedByEvent: byEvent,
                ownParts: batch.ownParts + (stored.part.map { [$0] } ?? []))
            return true
        }
        if isFull, store.options.maintenance != .none {
            try store.compactIfNeeded(minimumParts: store.options.compactionFanIn * 8)
        }
    }

    /// Seals the rest, merges parts, and answers what became of all messages added.
    package func finish() throws(EventStoreError) -> Counters {
        try flush()
        // What comes next is another file.
        batch.withLock { $0.ownParts = [] }
        if store.options.maintenance != .none { try store.compactIfNeeded(minimumParts: 2) }
        return progress
    }

    /// What became of the messages that are durable.
    package var progress: Counters { batch.withLock { $0.totals } }

    /// How many of the stored messages there are of each event, and of each other kind under `$identify` and so on.
    package var storedByEvent: [Text: Int] { batch.withLock { $0.storedByEvent } }
}

extension EventStore {
    /// A writer for an import. Several may be in use; their parts come in the order they are sealed.
    package func bulkWriter() -> BulkWriter { BulkWriter(self) }

    /// What an importer remembers under a key.
    package func importState(_ key: ImportStateKey) throws(EventStoreError) -> JSONValue? {
        try database.importState(key)
    }

    /// Which keys are stored already, and the version of the store that says so.
    func known(_ keys: [DedupKey]) throws(EventStoreError) -> (isKnown: [Bool], version: Int) {
        try asWriter { writing throws(EventStoreError) in
            let parts = try partsToAsk()
            return (try known(keys, writing, parts), writing.version)
        }
    }

    private func known(
        _ keys: [DedupKey], _ writing: Writing, _ parts: [PartFile]
    ) throws(EventStoreError) -> [Bool] {
        var isKnown =
            writing.recentKeys.isEmpty
            ? Array(repeating: false, count: keys.count) : keys.map { writing.recentKeys.contains($0) }
        for part in parts {
            let filter = try part.filter()
            for (index, key) in keys.enumerated() where !isKnown[index] && filter.mayContain(key) {
                isKnown[index] = try part.contains(key)
            }
        }
        return isKnown
    }

    /// Stores a batch as a part, or only its counts and state when none of its messages is new.
    ///
    /// - Parameter version: the version of the store at which the messages were found to be new.
    func store(
        _ stage: MessageStage, decidedAt version: Int?, counters: Counters,
        importState: [ImportStateKey: JSONValue]
    ) throws(EventStoreError) -> (counters: Counters, byEvent: [Text: Int], part: PartFile?) {
        try asWriter { writing throws(EventStoreError) in
            var isKept = [Bool](repeating: true, count: stage.count)
            if version != writing.version {
                // Somebody else wrote in between: decide again, in the writer's own turn.
                isKept = try known(stage.keys, writing, partsToAsk()).map { !$0 }
            }
            let fresh = isKept.count { $0 }
            var changes = StoreChanges()
            changes.importState = importState
            changes.counters = counters
            changes.counters.stored = fresh
            changes.counters.duplicates += stage.count - fresh
            var part: PartFile?
            if fresh == 0 {
                try database.commit(changes, "store the state of an import")
            } else {
                part = try storePart(stage, isKept, fresh, changes, &writing)
            }
            return (changes.counters, stage.countsByEvent(isKept), part)
        }
    }

    private func storePart(
        _ stage: MessageStage, _ isKept: [Bool], _ fresh: Int, _ changes: StoreChanges, _ writing: inout Writing
    ) throws(EventStoreError) -> PartFile? {
        var changes = changes
        var sources = writing.sourceCodes
        var names = writing.sourceNames
        for source in stage.sources {
            let code = sources[source] ?? (names.keys.max() ?? 0) + 1
            sources[source] = code
            names[code] = source
            changes.sources[code] = source
        }
        var next = writing.nextArrival
        var arrivals: [UInt64] = []
        arrivals.reserveCapacity(stage.count)
        for isKept in isKept {
            arrivals.append(isKept ? next : 0)
            next += isKept ? 1 : 0
        }
        let view = identities.view()
        var staging = IdentityStaging(identities)
        let identifiers = try staging.add(stage, isKept: isKept)
        changes.identities = staging.changes()
        let placement = PartBuilder.Placement(
            arrivals: arrivals, identifiers: identifiers, sources: stage.sources.map { sources[$0] ?? 0 })
        let record = try builder.build(drawID(), stage, placement, identities: staging.evidence(in: view)) {
            identifier in
            let profile = staging.profile(of: identifier, in: view)
            return HistoryBlockMerger.Target(number: profile, id: staging.identifier(profile, in: view).text)
        }
        try publish([record], changes, "name an imported part") { $0.sourceNames = names }
        writing.sourceCodes = sources
        writing.sourceNames = names
        writing.nextArrival = next
        writing.version += 1
        return published.withLock { $0.parts.last { $0.id == record.id } }
    }
}
