import EventModel
import Synchronization

extension EventStore {
    /// Moves the recent messages from the journal into a part. Nothing happens when there are none.
    package func seal() throws(EventStoreError) {
        try asWriter { writing throws(EventStoreError) in
            let recent = published.withLock { $0.recent.view() }
            guard recent.count > 0 else { return }
            let all = recent.all
            let messages = all.map(\.stored)
            let view = identities.view()
            var staging = IdentityStaging(identities)
            for message in messages { _ = try staging.add(message.message) }
            let record = try builder.build(
                drawID(), messages: messages, sources: writing.sourceNames, keys: all.map(\.key).sorted(),
                identities: staging.evidence(in: view)
            ) { identifier in
                let profile = view.profile(of: identifier)
                return HistoryBlockMerger.Target(number: profile, id: view.text(of: profile))
            }
            var changes = StoreChanges()
            changes.journalEnd = writing.journalEnd
            changes.journalKeysEnd = messages.last?.arrival
            try publish(record, changes, "name a part") { published in
                published.recent = Memtable()
            }
            writing.recentKeys = []
        }
    }

    var builder: PartBuilder {
        PartBuilder(disk: disk, directory: partsDirectory, workspace: workspace)
    }

    /// Names a finished part in the manifest, in the transaction of `changes`, and shows it to readers.
    ///
    /// The file is opened before it is named: a part that cannot be read back is never published.
    func publish(
        _ record: PartRecord, _ changes: StoreChanges, _ operation: String,
        _ update: (inout Published) -> Void
    ) throws(EventStoreError) {
        let part = try PartFile(
            record.id, path: PartWriter.path(of: record.id, in: partsDirectory), on: disk, workspace: workspace,
            size: record.size)
        var changes = changes
        changes.part = record
        try database.commit(changes, operation)
        let replaced = Set(changes.replacedParts)
        published.withLock { published in
            identities.apply(changes.identities)
            published.parts.removeAll { replaced.contains($0.id) }
            published.parts.append(part)
            update(&published)
        }
        try database.checkpoint()
    }
}
