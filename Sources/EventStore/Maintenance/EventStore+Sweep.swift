import EventModel
import Synchronization

extension EventStore {
    /// Removes files of the parts folder that the manifest does not name: unfinished ones at once, whole ones after a
    /// grace and only when all their messages are stored elsewhere.
    ///
    /// A crash between publishing a file and naming it, or between naming a merged part and removing those it
    /// replaced, leaves such files; so does a manifest that was set back. What holds messages of its own is kept.
    func sweepOrphans() throws(EventStoreError) {
        let ids = published.withLock { $0.parts.map(\.id) + $0.unreadable.map(\.record.id) }
        let named = Set(ids.map { "\($0)\(PartFormat.fileSuffix)" })
        let names = try onDisk { () throws(DiskError) in try disk.list(partsDirectory) }
        var gone = names.filter { $0.hasSuffix(PartFormat.temporarySuffix) }
        let orphans = names.filter { $0.hasSuffix(PartFormat.fileSuffix) && !named.contains($0) }
        guard !orphans.isEmpty || !gone.isEmpty else { return }
        let now = clock.now().milliseconds
        let old = try database.orphans(orphans, now: now, seenBefore: now &- options.orphanGraceMilliseconds)
        for name in old where try isRedundant(name) { gone.append(name) }
        try remove(gone)
    }

    /// Whether every message of an orphan is stored elsewhere; a file without a byte holds none.
    func isRedundant(_ name: String) throws(EventStoreError) -> Bool {
        let path = "\(partsDirectory)/\(name)"
        let size = try onDisk { () throws(DiskError) in try disk.size(path) }
        if size == 0 { return true }
        guard let id = StoreID(hexadecimal: name.dropLast(PartFormat.fileSuffix.count)),
            let part = try? PartFile(id, path: path, on: disk, workspace: workspace, size: nil)
        else { return false }
        let (parts, unreadable) = published.withLock { ($0.parts, $0.unreadable) }
        guard unreadable.isEmpty else { return false }
        let recent = writing.withLock { $0.recentKeys }
        for frame in part.index.frames.indices {
            for key in try part.keys(ofFrame: frame) where !recent.contains(key) {
                guard try Self.contains(key, parts) else { return false }
            }
        }
        return true
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
