package import EventModel
import Synchronization

extension EventStore {
    /// Appends messages of a source and answers what became of each, in their order.
    ///
    /// When it returns, the accepted ones are on the disk. The first message of a (source, message id) counts, within
    /// the call too. `original` must be the bytes `MessageDecoder` reads this message from (with `.file` options and
    /// the workspace's settings); one that is empty or no JSON object is stored beside the message's own fields.
    /// On an error nothing of the call is stored.
    package func append(_ messages: [Message], source: Text) throws(EventStoreError) -> [Verdict] {
        guard !messages.isEmpty else { return [] }
        let (verdicts, waiting) = try asWriter { writing throws(EventStoreError) in
            let verdicts = try append(messages, source: source, writing: &writing)
            return (verdicts, published.withLock { $0.recent.count })
        }
        if waiting >= options.sealMessages { try maintain(isPressing: waiting >= options.sealMessages * 4) }
        return verdicts
    }

    private func append(
        _ messages: [Message], source: Text, writing: inout Writing
    ) throws(EventStoreError) -> [Verdict] {
        let code = Self.code(of: source, in: writing)
        let parts = try partsToAsk()
        var staging = IdentityStaging(identities)
        var verdicts: [Verdict] = []
        var accepted: [StoredMessage] = []
        var keys: Set<DedupKey> = []
        for message in messages {
            let key = DedupKey(source: source, messageID: message.messageID)
            var isKnown = keys.contains(key) || writing.recentKeys.contains(key)
            if !isKnown { isKnown = try Self.contains(key, parts) }
            if isKnown {
                verdicts.append(.duplicate)
                continue
            }
            keys.insert(key)
            verdicts.append(.accepted)
            accepted.append(
                StoredMessage(
                    arrival: writing.nextArrival + UInt64(accepted.count), source: code,
                    identifier: try staging.add(message), try IncomingMessage(message, key: key)))
        }

        var changes = StoreChanges()
        changes.sources = [code: source]
        changes.identities = staging.changes()
        changes.counters = Counters(
            offered: messages.count, stored: accepted.count, duplicates: messages.count - accepted.count)
        if let first = accepted.first, let last = accepted.last {
            changes.journal = JournalEntry(
                firstArrival: first.arrival, lastArrival: last.arrival,
                body: JournalBody.encode(accepted, workspace: workspace), keys: accepted.map(\.key))
        }
        let entry = try database.commit(changes, "store messages")

        // From here on everything is durable, and nothing below can fail.
        writing.journalEnd = entry ?? writing.journalEnd
        writing.sourceCodes[source] = code
        writing.sourceNames[code] = source
        writing.nextArrival += UInt64(accepted.count)
        writing.recentKeys.formUnion(keys)
        writing.version += 1
        published.withLock { published in
            identities.apply(changes.identities)
            published.recent.append(accepted)
            published.sourceNames[code] = source
        }
        try database.checkpoint()
        return verdicts
    }

    /// Counts messages that were offered and refused before they came here, so that the balance holds.
    package func countRejected(_ count: Int) throws(EventStoreError) {
        guard count > 0 else { return }
        try asWriter { _ throws(EventStoreError) in
            var changes = StoreChanges()
            changes.counters = Counters(offered: count, rejected: count)
            try database.commit(changes, "count rejected messages")
        }
    }

    /// How many messages were offered and what became of them.
    package func counters() throws(EventStoreError) -> Counters { try database.counters() }

    /// The code of a source, a new one when it is new.
    static func code(of source: Text, in writing: Writing) -> UInt32 {
        writing.sourceCodes[source] ?? (writing.sourceNames.keys.max() ?? 0) + 1
    }

    /// The parts that decide about duplicates. When one cannot be read nothing can be decided, so nothing is taken.
    func partsToAsk() throws(EventStoreError) -> [PartFile] {
        let (parts, unreadable) = published.withLock { ($0.parts, $0.unreadable) }
        if let part = unreadable.first { throw part.error }
        return parts
    }

    static func contains(_ key: DedupKey, _ parts: [PartFile]) throws(EventStoreError) -> Bool {
        for part in parts where try part.contains(key) { return true }
        return false
    }
}
