import EventModel
import Synchronization

extension EventStore {
    /// Moves the recent messages from the journal into a part. Nothing happens when there are none.
    ///
    /// Appends and readers go on meanwhile.
    package func seal() throws(EventStoreError) {
        try maintaining.withLock { _ throws(EventStoreError) in try sealWhileMaintaining() }
    }

    /// The same for a caller that holds `maintaining`.
    func sealWhileMaintaining() throws(EventStoreError) {
        let frozen = try asWriter { writing throws(EventStoreError) in
            (freeze(&writing), names: writing.sourceNames)
        }
        guard let sealing = frozen.0 else { return }
        let all = sealing.memtable.view().all
        let record = try stopping { () throws(EventStoreError) in
            try buildPart(all, sources: frozen.names)
        }
        try asWriter { writing throws(EventStoreError) in
            var changes = StoreChanges()
            changes.journalEnd = sealing.journalEnd
            try publish([record], changes, "name a part") { $0.sealing = nil }
            writing.sealing = nil
            writing.recentKeys.dropSealed()
        }
    }

    /// Sets the recent messages aside and begins a new memtable; those set aside before come first.
    private func freeze(_ writing: inout Writing) -> Sealing? {
        if let sealing = writing.sealing { return sealing }
        return published.withLock { published in
            guard published.recent.count > 0 else { return nil }
            let sealing = Sealing(memtable: published.recent, journalEnd: writing.journalEnd)
            writing.sealing = sealing
            writing.recentKeys.setAside()
            published.sealing = published.recent
            published.recent = Memtable()
            return sealing
        }
    }

    /// Makes a part of messages whose identifiers are known.
    func buildPart(
        _ messages: [StoredMessage], sources: [UInt32: Text]
    ) throws(EventStoreError) -> PartRecord {
        var stage = MessageStage()
        for message in messages {
            stage.append(message.message, key: message.key, source: sources[message.source] ?? "")
        }
        var codes: [Text: UInt32] = [:]
        for message in messages { codes[sources[message.source] ?? ""] = message.source }
        let view = identities.view()
        var staging = IdentityStaging(identities, joinsHandles: settings.joinsHandles)
        let identifiers = try staging.add(stage, without: LeftOut())
        let placement = PartBuilder.Placement(
            arrivals: StagedArrivals(messages.map(\.arrival)), identifiers: identifiers,
            sources: stage.sources.map { codes[$0] ?? 0 })
        let keys = KeyOrder(stage.keys)
        return try builder.build(drawID(), &stage, keys, placement, identities: staging.evidence(in: view)) {
            identifier in
            let profile = view.profile(of: identifier)
            return BlockProfile(number: profile, id: view.text(of: profile))
        }
    }

    var builder: PartBuilder {
        PartBuilder(
            disk: disk, directory: partsDirectory, workspace: workspace, rowsPerBlock: options.rowsPerBlock)
    }

    /// Names finished parts in the manifest, in the transaction of `changes`, and shows them to readers.
    ///
    /// The files are opened before they are named: a part that cannot be read back is never published.
    func publish(
        _ records: [PartRecord], _ changes: StoreChanges, _ operation: String,
        _ update: (inout Published) -> Void = { _ in }
    ) throws(EventStoreError) {
        var parts: [PartFile] = []
        for record in records {
            parts.append(
                try PartFile(
                    record.id, path: PartWriter.path(of: record.id, in: partsDirectory), on: disk,
                    workspace: workspace, size: record.size))
        }
        var changes = changes
        changes.parts = records
        try database.commit(changes, operation)
        let replaced = Set(changes.replacedParts)
        published.withLock { published in
            identities.apply(changes.identities)
            published.parts.removeAll { replaced.contains($0.id) }
            published.unreadable.removeAll { replaced.contains($0.record.id) }
            published.parts.append(contentsOf: parts)
            update(&published)
        }
        try database.checkpointIfThereIsRoom()
    }

    // MARK: - Maintenance

    /// Seals and merges as the options say; waits for it when it is pressing, so that memory stays bounded.
    func maintain(isPressing: Bool) throws(EventStoreError) {
        switch options.maintenance {
        case .none:
            return
        case .inline:
            try seal()
            try compactIfNeeded()
        case .background:
            if isPressing { return try seal() }
            maintenanceThread.async { [self] in
                let isDue = published.withLock { $0.recent.count >= options.sealMessages }
                guard isDue else { return }
                do throws(EventStoreError) {
                    try seal()
                    try compactIfNeeded()
                    maintenanceFailure.withLock { $0 = nil }
                } catch {
                    // The messages stay in the journal; the next call that makes it due tries again.
                    maintenanceFailure.withLock { $0 = error }
                }
            }
        }
    }
}
