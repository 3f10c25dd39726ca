import EventModel
import Synchronization

extension EventStore {
    /// Which keys are stored already, and the version of the store that says so.
    func known(_ keys: [DedupKey]) throws(EventStoreError) -> (isKnown: [Bool], version: Int) {
        try asWriter { writing throws(EventStoreError) in
            let parts = try partsToAsk()
            return (try known(keys, writing, parts), writing.version)
        }
    }

    /// Which of many staged messages have keys that are stored already, ascending, and the version of the store that
    /// says so.
    ///
    /// - Parameters:
    ///   - order: of the keys of the messages.
    ///   - first: messages before this one are not asked about.
    func known(
        _ order: KeyOrder, of keys: StagedKeys, from first: Int
    ) throws(EventStoreError) -> (known: [Int], version: Int) {
        try asWriter { writing throws(EventStoreError) in
            var known: [Int] = []
            for part in try partsToAsk() {
                known.append(contentsOf: try part.messages(in: order, of: keys, from: first))
            }
            if !writing.recentKeys.isEmpty {
                keys.forEachPiece(of: first..<keys.count) { start, keys in
                    for (index, key) in keys.enumerated() where writing.recentKeys.contains(key) {
                        known.append(start + index)
                    }
                }
            }
            // A key may be in several parts: two that were written at once.
            known.sort()
            return (
                known.enumerated().filter { $0.offset == 0 || known[$0.offset - 1] != $0.element }.map(\.element),
                writing.version
            )
        }
    }

    private func known(
        _ keys: [DedupKey], _ writing: Writing, _ parts: [PartFile]
    ) throws(EventStoreError) -> [Bool] {
        var isKnown =
            writing.recentKeys.isEmpty
            ? Array(repeating: false, count: keys.count) : keys.map { writing.recentKeys.contains($0) }
        for part in parts {
            _ = try part.filter()
            for (index, key) in keys.enumerated() where !isKnown[index] {
                isKnown[index] = try part.contains(key)
            }
        }
        return isKnown
    }

    /// Stores what a bulk writer has staged as a part, or only its counts and state when none of it is new.
    ///
    /// - Parameters:
    ///   - staged: settled; of no more use afterwards.
    ///   - keys: the order of the keys of what is new.
    func store(
        _ staged: inout StagedImport, _ keys: KeyOrder, counters: Counters, importState: [ImportStateKey: JSONValue]
    ) throws(EventStoreError) -> (counters: Counters, byEvent: [Text: Int], part: PartFile?) {
        try asWriter { writing throws(EventStoreError) in
            var keys = keys
            var changes = StoreChanges()
            changes.importState = importState
            changes.counters = counters
            if staged.version != writing.version {
                // Somebody else wrote in between: decide again, in the writer's own turn.
                let parts = try partsToAsk()
                let before = staged.left.count
                try staged.decideAgain { keys throws(EventStoreError) in try known(keys, writing, parts) }
                keys.remove(staged.left)
                changes.counters.duplicates += staged.left.count - before
            }
            changes.counters.stored = staged.count - staged.left.count
            let byEvent = staged.stage.countsByEvent(without: staged.left)
            guard changes.counters.stored > 0 else {
                try database.commit(changes, "store the state of an import")
                return (changes.counters, byEvent, nil)
            }
            let left = staged.left
            let part = try staged.withStage { stage throws(EventStoreError) in
                try storePart(&stage, left, keys, changes, &writing)
            }
            return (changes.counters, byEvent, part)
        }
    }

    private func storePart(
        _ stage: inout MessageStage, _ left: LeftOut, _ keys: KeyOrder, _ changes: StoreChanges,
        _ writing: inout Writing
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
        let next = writing.nextArrival
        let view = identities.view()
        var staging = IdentityStaging(identities, joinsHandles: settings.joinsHandles)
        let identifiers = try staging.add(stage, without: left)
        changes.identities = staging.changes()
        let placement = PartBuilder.Placement(
            arrivals: StagedArrivals(from: next, count: stage.count, without: left), left: left,
            identifiers: identifiers, sources: stage.sources.map { sources[$0] ?? 0 })
        let stored = stage.count - left.count
        let record = try builder.build(drawID(), &stage, keys, placement, identities: staging.evidence(in: view)) {
            identifier in
            let profile = staging.profile(of: identifier, in: view)
            return BlockProfile(number: profile, id: staging.identifier(profile, in: view).text)
        }
        try publish([record], changes, "name an imported part") { $0.sourceNames = names }
        writing.sourceCodes = sources
        writing.sourceNames = names
        writing.nextArrival = next + UInt64(stored)
        writing.version += 1
        return published.withLock { $0.parts.last { $0.id == record.id } }
    }
}
