import EventModel
import Synchronization

extension EventStore {
    /// Removes files that no manifest row names: unfinished ones at once, whole ones after a grace.
    ///
    /// A crash between publishing a file and naming it, or between renaming a part and removing those it replaced,
    /// leaves such files. They hold nothing that is not elsewhere.
    func sweepOrphans() throws(EventStoreError) {
        let named = Set(published.withLock { $0.parts.map { "\($0.id)\(PartFormat.fileSuffix)" } })
        let names = try onDisk { () throws(DiskError) in try disk.list(partsDirectory) }
        var gone = names.filter { $0.hasSuffix(PartFormat.temporarySuffix) }
        let orphans = names.filter { $0.hasSuffix(PartFormat.fileSuffix) && !named.contains($0) }
        let now = clock.now().milliseconds
        gone += try database.orphans(orphans, now: now, seenBefore: now &- options.orphanGraceMilliseconds)
        try remove(gone)
    }

    /// Removes files of the parts folder.
    func remove(_ names: [String]) throws(EventStoreError) {
        guard !names.isEmpty else { return }
        try onDisk { () throws(DiskError) in
            for name in names { try disk.remove("\(partsDirectory)/\(name)") }
            try disk.syncDirectory(partsDirectory)
        }
    }
}
