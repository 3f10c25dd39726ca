package import EventModel
import Synchronization

extension EventStore {
    /// Messages of one source.
    package struct Portion: Sendable {
        package var source: Text
        package var messages: [Message]

        package init(source: Text, messages: [Message]) {
            self.source = source
            self.messages = messages
        }
    }

    /// Appends messages of a source and answers what became of each, in their order.
    ///
    /// See `append(_:rejected:)`.
    package func append(_ messages: [Message], source: Text) throws(EventStoreError) -> [Verdict] {
        try append([Portion(source: source, messages: messages)]).first ?? []
    }

    /// Appends messages of several sources in one transaction, and answers what became of each, in their order.
    ///
    /// When it returns, the accepted ones are on the disk. The first message of a (source, message id) counts, within
    /// the call too. `original` must be the bytes `MessageDecoder` reads this message from (with `.file` options and
    /// the workspace's settings); one that is empty or no JSON object is stored beside the message's own fields.
    /// On an error nothing of the call is stored.
    ///
    /// - Parameter rejected: how many messages were offered beside these and refused before they came here.
    package func append(_ portions: [Portion], rejected: Int = 0) throws(EventStoreError) -> [[Verdict]] {
        guard rejected > 0 || portions.contains(where: { !$0.messages.isEmpty }) else {
            return portions.map { _ in [] }
        }
        let (verdicts, waiting) = try asWriter { writing throws(EventStoreError) in
            let verdicts = try append(portions, rejected: rejected, writing: &writing)
            return (verdicts, published.withLock { $0.recent.count })
        }
        makeFilters()
        if waiting >= options.sealMessages { try maintain(isPressing: waiting >= options.sealMessages * 4) }
        return verdicts
    }

    private func append(
        _ portions: [Portion], rejected: Int, writing: inout Writing
    ) throws(EventStoreError) -> [[Verdict]] {
        let parts = try partsToAsk()
        var staging = IdentityStaging(identities, joinsHandles: settings.joinsHandles)
        var sources: [UInt32: Text] = [:]
        var all: [[Verdict]] = []
        var accepted: [StoredMessage] = []
        var keys: Set<DedupKey> = []
        for portion in portions {
            guard !portion.messages.isEmpty else {
                all.append([])
                continue
            }
            let code = Self.code(of: portion.source, in: writing, and: sources)
            sources[code] = portion.source
            var verdicts: [Verdict] = []
            for message in portion.messages {
                let key = DedupKey(source: portion.source, messageID: message.messageID)
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
            all.append(verdicts)
        }

        let offered = all.reduce(0) { $0 + $1.count }
        var changes = StoreChanges()
        changes.sources = sources
        changes.identities = staging.changes()
        changes.counters = Counters(
            offered: offered + rejected, stored: accepted.count, duplicates: offered - accepted.count,
            rejected: rejected)
        if let first = accepted.first, let last = accepted.last {
            changes.journal = JournalEntry(
                firstArrival: first.arrival, lastArrival: last.arrival,
                body: JournalBody.encode(accepted, workspace: workspace))
        }
        let entry = try database.commit(changes, "store messages")

        // From here on everything is durable, and nothing below can fail.
        writing.journalEnd = entry ?? writing.journalEnd
        for (code, source) in sources {
            writing.sourceCodes[source] = code
            writing.sourceNames[code] = source
        }
        writing.nextArrival += UInt64(accepted.count)
        for message in accepted { writing.recentKeys.insert(message.key) }
        writing.version += 1
        published.withLock { published in
            identities.apply(changes.identities)
            published.recent.append(accepted)
            published.sourceNames.merge(sources) { _, new in new }
        }
        try database.checkpointIfThereIsRoom()
        return all
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
    ///
    /// - Parameter staged: sources that got a code in this transaction.
    private static func code(of source: Text, in writing: Writing, and staged: [UInt32: Text]) -> UInt32 {
        if let known = writing.sourceCodes[source] ?? staged.first(where: { $0.value == source })?.key { return known }
        return max(writing.sourceNames.keys.max() ?? 0, staged.keys.max() ?? 0) + 1
    }

    /// Sees to it that new keys are soon told from known ones without reading parts.
    private func makeFilters() {
        guard options.maintenance == .background else { return }
        let lacking = published.withLock { published in published.parts.filter { !$0.hasFilter } }
        guard !lacking.isEmpty else { return }
        let isDue = filtersInMaking.withLock { isMade in
            defer { isMade = true }
            return !isMade
        }
        guard isDue else { return }
        maintenanceThread.async { [self] in
            // A part that cannot be read says so to whoever asks it.
            for part in lacking { _ = try? part.filter() }
            filtersInMaking.withLock { $0 = false }
        }
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
