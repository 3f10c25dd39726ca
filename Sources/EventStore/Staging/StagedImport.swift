import EventModel

/// What a bulk writer holds: staged messages, and what is known of their being new.
///
/// Rows of tables are staged unseen, and sorting the keys of all of them shows which come twice: that costs a fraction of
/// looking each one up. As soon as single messages come too, whose verdicts are wanted at once, all keys are in a set.
struct StagedImport: Sendable {
    private(set) var stage = MessageStage()
    /// Messages of the stage that are not new.
    private(set) var left = LeftOut()
    /// The keys of all that is staged; nil as long as nobody asked.
    private var keys: KeySet?
    /// Messages before this one are known to be new, or left out.
    private var settled = 0
    /// The version of the store that this was decided against; nil when there were several.
    private(set) var version: Int?
    private var occurrences: (any RowOccurrences)?

    var count: Int { stage.count }
    var byteCount: Int { stage.byteCount + (keys?.byteCount ?? 0) }
    mutating func reserve(_ count: Int) { stage.reserve(count) }

    // MARK: - Messages

    /// Which messages of these keys are new; those are taken to be staged then.
    mutating func decide(
        _ asked: [DedupKey], _ store: EventStore, _ ownParts: [PartFile]
    ) throws -> [Bool] {
        try lookUp(store, ownParts)
        let (known, version) = try store.known(asked)
        note([version])
        return zip(asked, known).map { key, isKnown in !isKnown && keys?.insert(key) ?? false }
    }

    mutating func append(_ message: Message, key: DedupKey, source: Text) {
        stage.append(message, key: key, source: source)
        settled = stage.count
    }

    /// Whether a message of this key is staged or in a part of this import.
    mutating func hasTaken(_ key: DedupKey, _ store: EventStore, _ ownParts: [PartFile]) throws -> Bool {
        try lookUp(store, ownParts)
        if keys?.contains(key) ?? false { return true }
        for part in ownParts where try part.contains(key) { return true }
        return false
    }

    /// From now on keys are looked up.
    private mutating func lookUp(_ store: EventStore, _ ownParts: [PartFile]) throws {
        guard keys == nil else { return }
        _ = try settle(store, ownParts)
        var set = KeySet()
        stage.keys.forEachPiece(of: 0..<stage.count) { first, keys in
            for (index, key) in keys.enumerated() where !left.contains(first + index) { _ = set.insert(key) }
        }
        keys = set
    }

    /// Notes against which versions of the store something was decided.
    private mutating func note(_ versions: Set<Int>) {
        guard let only = versions.first else { return }
        version = versions.count == 1 && (settled == 0 || version == only) ? only : nil
    }

    // MARK: - Rows

    /// Stages rows.
    ///
    /// - Returns: as `MessageStage.append`.
    mutating func append(
        _ rows: RowBatch, _ occurrences: any RowOccurrences, _ store: EventStore, _ ownParts: [PartFile]
    ) throws -> [UInt64] {
        // Rows of one file are counted together.
        if let before = self.occurrences, before !== occurrences { _ = try settle(store, ownParts) }
        self.occurrences = occurrences
        let first = stage.count
        let profiles = stage.append(rows)
        guard var keys else { return profiles }
        self.keys = nil
        var taken: [Candidate] = []
        var versions: Set<Int> = []
        try stage.keys.forEachPiece(of: first..<stage.count) { start, asked in
            let (known, version) = try store.known(asked)
            versions.insert(version)
            let areNew = keys.insert(asked, except: known)
            for index in asked.indices where !areNew[index] {
                taken.append(Candidate(message: start + index, key: asked[index], isKnown: known[index]))
            }
        }
        note(versions)
        settled = stage.count
        let further = try resolve(taken, store, ownParts) { candidate in
            keys.contains(candidate.key)
        } isFree: {
            keys.insert($0)
        }
        stage.note(repeated: further)
        self.keys = keys
        return profiles
    }

    /// A row whose key is taken.
    private struct Candidate {
        var message: Int
        var key: DedupKey
        /// Whether the store has it.
        var isKnown: Bool
    }

    /// Decides about rows whose first key is taken: duplicates are left out, further rows of the file get another key.
    ///
    /// - Parameters:
    ///   - wasTaken: whether an earlier message of the stage has the key.
    ///   - isFree: takes a key, if nothing that is staged has it.
    private mutating func resolve(
        _ candidates: [Candidate], _ store: EventStore, _ ownParts: [PartFile],
        wasTaken: (Candidate) -> Bool, isFree: (DedupKey) -> Bool
    ) throws -> [(message: Int, occurrence: Int, key: DedupKey)] {
        var further: [(message: Int, occurrence: Int, key: DedupKey)] = []
        for candidate in candidates {
            guard let row = stage.keys.row(candidate.message), let occurrences else {
                left.insert(candidate.message)
                continue
            }
            var isTaken = wasTaken(candidate)
            if !isTaken, candidate.isKnown {
                for part in ownParts where try part.contains(candidate.key) { isTaken = true }
            }
            let count = try occurrences.count(row.digest, wasTaken: isTaken)
            let key = DedupKey(source: row.source, messageID: row.digest.messageID(occurrence: count))
            if count > 1, try !store.known([key]).isKnown[0], isFree(key) {
                further.append((candidate.message, count, key))
            } else {
                left.insert(candidate.message)
            }
        }
        return further
    }

    /// Finds out which of the staged rows are new, and answers the order of the keys of all that are.
    mutating func settle(_ store: EventStore, _ ownParts: [PartFile]) throws -> KeyOrder {
        var order = KeyOrder(stage.keys, without: left)
        guard settled < stage.count else { return order }
        var candidates: [Candidate] = []
        var isFirst = LeftOut()
        for list in order.shared() {
            var seen: Set<DedupKey> = []
            for message in list {
                let key = stage.keys[message]
                if seen.insert(key).inserted { continue }
                isFirst.insert(message)
                if message >= settled { candidates.append(Candidate(message: message, key: key, isKnown: false)) }
            }
        }
        candidates += try stored(store, order)
        candidates.sort { $0.message < $1.message }
        candidates = Self.united(candidates)
        var taken: Set<DedupKey> = []
        let further = try resolve(candidates, store, ownParts) {
            isFirst.contains($0.message)
        } isFree: {
            taken.insert($0).inserted
        }
        stage.note(repeated: further)
        settled = stage.count
        // Keys of further rows stand elsewhere.
        if further.isEmpty { order.remove(left) } else { order = KeyOrder(stage.keys, without: left) }
        return order
    }

    /// The rows that are not settled yet and whose keys the store has.
    private mutating func stored(_ store: EventStore, _ order: KeyOrder) throws -> [Candidate] {
        let (known, version) = try store.known(order, of: stage.keys, from: settled)
        note([version])
        return known.map { Candidate(message: $0, key: stage.keys[$0], isKnown: true) }
    }

    /// One of those that came twice.
    private static func united(_ candidates: [Candidate]) -> [Candidate] {
        var united: [Candidate] = []
        for candidate in candidates {
            if let last = united.indices.last, united[last].message == candidate.message {
                united[last].isKnown = united[last].isKnown || candidate.isKnown
            } else {
                united.append(candidate)
            }
        }
        return united
    }

    /// Leaves out what the store has by now.
    mutating func decideAgain(_ isKnown: ([DedupKey]) throws(EventStoreError) -> [Bool]) throws(EventStoreError) {
        var found: [Int] = []
        try stage.keys.forEachPiece(of: 0..<stage.count) { first, keys throws(EventStoreError) in
            for (index, known) in try isKnown(keys).enumerated() where known { found.append(first + index) }
        }
        for message in found { left.insert(message) }
    }

    /// Lends the stage for a part to be made of it.
    mutating func withStage<Result>(
        _ body: (inout MessageStage) throws(EventStoreError) -> Result
    ) throws(EventStoreError) -> Result { try body(&stage) }
}
