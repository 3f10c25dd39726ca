package import EventModel
import Synchronization

/// What an erasure took away.
package struct ErasureReport: Hashable, Sendable {
    package var identifiers = 0
    /// Anonymous identifiers that stay, because messages of somebody else name them too.
    package var sharedIdentifiers = 0
    package var messages = 0
    /// Parts that were written anew, or removed as a whole.
    package var parts = 0
    /// Files that hold messages and that the store does not know: a person must look at them.
    package var unknownFiles: [String] = []

    package init() {}
}

extension EventStore {
    /// The profile that an id leads to, with or without events: of a user id first, else of an anonymous id.
    package func profile(of id: Text) -> ProfileNumber? {
        guard let number = identities.number(of: id, .user) ?? identities.number(of: id, .anonymous) else { return nil }
        return identities.view().profile(of: number)
    }

    /// Everything a profile is called: user ids first, each in the order in which they came.
    package func identifiers(of profile: ProfileNumber) -> [Identifier] {
        let view = identities.view()
        guard Int(profile) < view.count else { return [] }
        return ([profile] + view.followers(of: profile)).map {
            Identifier(number: $0, role: view.role(of: $0), text: view.text(of: $0))
        }.sorted { ($1.role.rawValue, $0.number) < ($0.role.rawValue, $1.number) }
    }

    /// The profiles that identifiers lead to.
    package func profiles(of identifiers: Set<ProfileNumber>) -> Set<ProfileNumber> {
        let view = identities.view()
        return Set(identifiers.map { view.profile(of: $0) })
    }

    /// The handles of everything a profile is called, each once, ascending by key.
    package func handles(of profile: ProfileNumber) -> [Identifier] {
        let own = Set(identifiers(of: profile).map(\.number))
        let view = identities.view()
        let handles = Set(identities.links(of: own).filter { $0.kind == .handle }.map(\.user))
        return handles.map { Identifier(number: $0, role: .handle, text: view.text(of: $0)) }
            .sorted { $0.text < $1.text }
    }

    /// The links between everything a profile is called and others, each with its earliest time; handles are not among them.
    package func links(of profile: ProfileNumber) -> [IdentityLink] {
        let own = Set(identifiers(of: profile).map(\.number))
        return identities.links(of: own).filter { $0.kind != .handle }
    }

    /// Erases profiles: their messages with every original, row and key, their identifiers and links, what importers
    /// remember of them, and names and texts that only they used. When it returns, the bytes are in no file of the store.
    ///
    /// Appends wait while it commits and writes `shoal.db` anew; parts are written before that. A snapshot that was
    /// taken earlier goes on as it is. The numbers of the identifiers are never given again; a later message under one of
    /// the ids begins a new profile.
    ///
    /// - Parameters:
    ///   - numbers: any identifiers of the profiles.
    ///   - isNoted: whether it enters the erasure log.
    ///   - isFinal: when false, the caller goes on with `pendingErasure` in what is kept beside the store, and then calls
    ///     `finishErasure`: only when that returns, the bytes are gone.
    package func erase(
        _ numbers: Set<ProfileNumber>, isNoted: Bool = true, isFinal: Bool = true
    ) throws(EventStoreError) -> ErasureReport {
        try maintaining.withLock { _ throws(EventStoreError) in
            // What is sealed now need not be sealed while appends wait.
            if published.withLock({ $0.recent.count }) > 5_000 { try sealWhileMaintaining() }
            let files = try removeRedundantFiles()
            var prepared = PreparedErasure(Erasure(numbers, identities))
            try stopping { () throws(EventStoreError) in try prepare(&prepared) }
            return try asWriter { writing throws(EventStoreError) in
                let erasure = Erasure(numbers, identities)
                if erasure != prepared.erasure {
                    // Somebody was identified meanwhile: again, for all who are meant now.
                    try remove(prepared.files)
                    prepared = PreparedErasure(erasure)
                }
                try prepare(&prepared)
                var report = try commit(prepared, isNoted: isNoted, isFinal: isFinal, &writing)
                report.unknownFiles = files
                return report
            }
        }
    }

    /// Writes all parts anew that hold something of those who are erased, but for those that were looked at already.
    private func prepare(_ prepared: inout PreparedErasure) throws(EventStoreError) {
        for part in try partsToAsk() where !prepared.seen.contains(part.id) {
            prepared.seen.insert(part.id)
            let eraser = PartEraser(
                part: part, erasure: prepared.erasure, identity: identities.view(), disk: disk,
                directory: partsDirectory, workspace: workspace, rowsPerBlock: options.rowsPerBlock)
            guard let outcome = try eraser.erase(into: drawID()) else { continue }
            prepared.replaced.append(part.id)
            prepared.messages += outcome.messages
            prepared.said.formUnion(outcome.said)
            if let record = outcome.record { prepared.records.append(record) }
        }
    }

    private func commit(
        _ prepared: PreparedErasure, isNoted: Bool, isFinal: Bool, _ writing: inout Writing
    ) throws(EventStoreError) -> ErasureReport {
        let erasure = prepared.erasure
        let recent = try eraseRecent(erasure, writing)
        let ids = erasure.tombstones.filter { $0.role != .handle }
        if isNoted, !ids.isEmpty {
            var log = try erasureLog()
            log.add(ids, at: clock.now(), try erasureKey())
            try write(log)
        }
        let removed = prepared.messages + (recent?.removed.count ?? 0)
        var said = prepared.said
        for stored in recent?.removed ?? [] { said.note(stored.message) }
        let files = prepared.replaced.map { "\($0)\(PartFormat.fileSuffix)" }
        var changes = StoreChanges()
        changes.replacedParts = prepared.replaced
        changes.erasure = DatabaseErasure(
            identifiers: erasure.tombstones, links: erasure.links, idleLinks: erasure.idleLinks,
            importedTexts: Set(ids.map(\.text)).union(said.orders), nextArrival: writing.nextArrival,
            pending: pending(erasure, said, files, isFinal: isFinal))
        changes.storedCount = try database.counters().stored - removed
        if let recent {
            changes.journalEnd = recent.journalEnd
        }
        let records = prepared.records + (recent?.record.map { [$0] } ?? [])
        let fresh = identities.state(after: erasure)
        try publish(records, changes, "erase a profile") { published in
            identities.replace(with: fresh)
            guard recent != nil else { return }
            published.sealing = nil
            published.recent = Memtable()
        }
        writing.version += 1
        if recent != nil {
            writing.sealing = nil
            writing.recentKeys = RecentKeys()
        }
        try remove(files)
        if isFinal { try database.scrub() }
        var report = ErasureReport()
        report.identifiers = ids.count
        report.sharedIdentifiers = erasure.identifiers.count - ids.count
        report.messages = removed
        report.parts = prepared.replaced.count
        return report
    }

    private func pending(
        _ erasure: Erasure, _ said: SaidByErased, _ files: [String], isFinal: Bool
    ) -> PendingErasure {
        var pending = PendingErasure()
        pending.files = files
        if isFinal { return pending }
        pending.identifiers = erasure.identifiers
        pending.messageIDs = said.messageIDs
        let view = identities.view()
        pending.ids = Set(erasure.identifiers.map { view.text(of: $0) })
        let handles = erasure.tombstones.filter { $0.role == .handle }.map { Handle.text(ofKey: $0.text) }
        pending.texts = Set(erasure.tombstones.filter { $0.role != .handle }.map(\.text) + handles)
            .union(said.addresses)
        return pending
    }

    private struct RecentErasure {
        let removed: [StoredMessage]
        /// A part of what else was recent; nil when nothing was.
        let record: PartRecord?
        let journalEnd: Int64?
    }

    /// Seals the recent messages but for those that are erased; nil when none of them is, and they can stay.
    private func eraseRecent(_ erasure: Erasure, _ writing: Writing) throws(EventStoreError) -> RecentErasure? {
        let all = published.withLock { $0.recentViews.flatMap(\.all) }
        func isGone(_ stored: StoredMessage) -> Bool {
            stored.identifier.map { erasure.identifiers.contains($0) } ?? false
        }
        let removed = all.filter(isGone)
        guard !removed.isEmpty else { return nil }
        let kept = all.filter { !isGone($0) }
        return RecentErasure(
            removed: removed, record: kept.isEmpty ? nil : try buildPart(kept, sources: writing.sourceNames),
            journalEnd: writing.journalEnd)
    }

    // MARK: - Files

    /// Removes files of the parts folder whose messages all stand elsewhere, and names those that may hold others.
    private func removeRedundantFiles() throws(EventStoreError) -> [String] {
        let ids = published.withLock { $0.parts.map(\.id) + $0.unreadable.map(\.record.id) }
        let named = Set(ids.map { "\($0)\(PartFormat.fileSuffix)" })
        let (parts, others) = try onDisk { () throws(DiskError) in
            (try disk.list(partsDirectory), try disk.list(directory))
        }
        var redundant: [String] = []
        var unknown: [String] = []
        for name in parts where !named.contains(name) && !name.hasSuffix(PartFormat.temporarySuffix) {
            if name.hasSuffix(PartFormat.fileSuffix), try isRedundant(name) {
                redundant.append(name)
            } else {
                unknown.append("\(partsDirectory)/\(name)")
            }
        }
        try remove(redundant)
        return unknown + others.filter { $0.contains(".damaged") }.map { "\(directory)/\($0)" }
    }
}

/// An erasure whose parts are written and not named yet.
private struct PreparedErasure {
    let erasure: Erasure
    /// Parts that were looked at.
    var seen: Set<StoreID> = []
    var replaced: [StoreID] = []
    var records: [PartRecord] = []
    var messages = 0
    var said = SaidByErased()

    init(_ erasure: Erasure) { self.erasure = erasure }

    var files: [String] { records.map { "\($0.id)\(PartFormat.fileSuffix)" } }
}
