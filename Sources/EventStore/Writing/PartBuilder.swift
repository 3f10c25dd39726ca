import EventModel

/// Makes a part of messages: rows clustered by profile, originals, keys, identities.
struct PartBuilder {
    let disk: any Disk
    let directory: String
    let workspace: StoreID

    /// Writes and publishes the file under its name; the manifest does not know it yet.
    ///
    /// - Parameters:
    ///   - messages: in the order of arrival; at least one.
    ///   - keys: ascending.
    ///   - profile: which profile an identifier leads to, and the id it is shown under.
    func build(
        _ part: StoreID, messages: [StoredMessage], sources: [UInt32: Text], keys: [DedupKey],
        identities: IdentityChanges, profile: (ProfileNumber) -> HistoryBlockMerger.Target
    ) throws(EventStoreError) -> PartRecord {
        do throws(DiskError) {
            var writer = try PartWriter(
                part, in: directory, on: disk, workspace: workspace, keyCount: keys.count)
            do throws(DiskError) {
                try appendRows(messages, to: &writer, profile)
                for message in messages {
                    try writer.append(message, source: sources[message.source] ?? "")
                }
                for key in keys { try writer.append(key) }
                return try writer.finish(identities)
            } catch {
                // After a failed sync nothing more is done to the file; the sweep takes it away.
                if error.operation != .sync { writer.abandon() }
                throw error
            }
        } catch {
            throw EventStoreError(error)
        }
    }

    private func appendRows(
        _ messages: [StoredMessage], to writer: inout PartWriter,
        _ profile: (ProfileNumber) -> HistoryBlockMerger.Target
    ) throws(DiskError) {
        var targets: [ProfileNumber: HistoryBlockMerger.Target] = [:]
        var rows: [(profile: ProfileNumber, index: Int)] = []
        rows.reserveCapacity(messages.count)
        for (index, message) in messages.enumerated() {
            guard message.hasRow, let identifier = message.identifier else { continue }
            let target = targets[identifier] ?? profile(identifier)
            targets[identifier] = target
            rows.append((target.number, index))
        }
        rows.sort { ($0.profile, $0.index) < ($1.profile, $1.index) }

        var start = 0
        while start < rows.count {
            var end = min(start + PartFormat.rowsPerBlock, rows.count)
            while end < rows.count, rows[end].profile == rows[end - 1].profile { end += 1 }
            var builder = HistoryBlockBuilder()
            var moved: [UInt64: ProfileNumber] = [:]
            for row in rows[start..<end] {
                let stored = messages[row.index]
                guard let identifier = stored.identifier, let target = targets[identifier] else { continue }
                builder.add(stored.message, profile: target.number, id: target.id, arrival: stored.arrival)
                if identifier != target.number { moved[stored.arrival] = identifier }
            }
            try writer.append(builder.finish(), identifiers: moved)
            start = end
        }
    }
}
