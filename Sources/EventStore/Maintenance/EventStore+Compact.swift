import EventModel
import Synchronization

extension EventStore {
    /// Merges parts of like size when there are enough of them, and again until there are not.
    ///
    /// Readers go on with the parts they hold. Rows move to the profiles their identifiers lead to now.
    ///
    /// - Parameter minimumParts: how many parts make a merge worth while; the options' fan-in when nil.
    package func compactIfNeeded(minimumParts: Int? = nil) throws(EventStoreError) {
        let minimum = max(2, minimumParts ?? options.compactionFanIn)
        try maintaining.withLock { _ throws(EventStoreError) in
            while true {
                let parts = published.withLock { $0.parts }
                let chosen = Self.choose(parts, minimum: minimum)
                guard chosen.count >= minimum else { return }
                guard try merge(chosen) else { return }
            }
        }
    }

    /// The parts to merge: the smallest ones, each added while it is not much larger than those before it together.
    ///
    /// So a message is rewritten about once for each doubling of the store, and the number of parts stays about the
    /// minimum plus the logarithm of the size.
    static func choose(_ parts: [PartFile], minimum: Int) -> [PartFile] {
        let sorted = parts.sorted { $0.index.totals.messages < $1.index.totals.messages }
        var sum = 0
        var count = 0
        for part in sorted {
            let messages = part.index.totals.messages
            if count >= minimum, messages > sum + sum / 2 { break }
            if count > 0, count < minimum, messages > max(sum, 1) * 4 { break }
            sum += messages
            count += 1
        }
        return Array(sorted.prefix(count))
    }

    /// Lets merges be broken off, in this process: asked now and then, from any thread. Nothing is lost by it; parts
    /// stay as they are and are merged another time.
    package func stopMerging(when isCancelled: @escaping @Sendable () -> Bool) {
        mergeCancellation.withLock { $0 = isCancelled }
    }

    /// False when it was broken off.
    private func merge(_ parts: [PartFile]) throws(EventStoreError) -> Bool {
        let merger = PartMerger(
            parts: parts, identity: identities.view(), disk: disk, directory: partsDirectory, workspace: workspace,
            rowsPerBlock: options.rowsPerBlock, isCancelled: mergeCancellation.withLock { $0 })
        let merged = try stopping { () throws(EventStoreError) in try merger.merge(into: drawID()) }
        guard let record = merged else { return false }
        var changes = StoreChanges()
        changes.replacedParts = parts.map(\.id)
        try asWriter { _ throws(EventStoreError) in
            try publish([record], changes, "name a merged part")
        }
        try remove(parts.map { "\($0.id)\(PartFormat.fileSuffix)" })
        return true
    }
}
