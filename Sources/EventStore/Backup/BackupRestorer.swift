package import EventModel

/// Restores a backup into a new directory, in three steps: `copy`, then whatever is to be done to the store before it is
/// used, then `finish`. Until then the directory has another name.
package struct BackupRestorer: Sendable {
    package let manifest: BackupManifest
    /// Where the store stands until `finish`.
    package let partial: String
    private let source: String
    private let target: String
    private let disk: any Disk

    /// - Throws: when there is no backup, or its manifest is damaged or of a newer format; when the directory is not empty.
    package init(from source: String, to target: String, disk: any Disk = PosixDisk()) throws {
        self.source = source
        self.target = target
        self.disk = disk
        partial = "\(target).partial"
        manifest = try Self.manifest(of: source, disk)
        let names = try onDisk { () throws(DiskError) in try disk.size(target) == nil ? [] : try disk.list(target) }
        if !names.isEmpty { throw BackupError.targetNotEmpty(path: target) }
    }

    /// What a folder says that it holds.
    package static func manifest(of folder: String, _ disk: any Disk = PosixDisk()) throws -> BackupManifest {
        let path = "\(folder)/\(BackupManifest.fileName)"
        guard let bytes = try onDisk({ () throws(DiskError) in try disk.contents(path) }) else {
            throw BackupError.noBackup(path: folder)
        }
        return try BackupManifest(bytes, path: path)
    }

    /// Copies all files and compares each with its size and digest.
    ///
    /// - Parameter progress: told the bytes done and those there are; may throw to break off.
    package func copy(progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }) throws {
        try checkFormat()
        let writer = BackupFile(disk: disk)
        let total = manifest.bytes
        var done = 0
        try onDisk { () throws(DiskError) in
            try disk.removeTree(partial)
            try disk.createDirectory(partial)
        }
        for file in manifest.files {
            let path = "\(source)/\(file.path)"
            guard let size = try onDisk({ () throws(DiskError) in try disk.size(path) }) else {
                throw BackupError.damaged(path: path, what: "it is not there")
            }
            guard size == file.size else {
                throw BackupError.damaged(path: path, what: "it has \(size) bytes instead of \(file.size)")
            }
            try onDisk { () throws(DiskError) in try disk.makeFolders(of: file.path, in: partial) }
            let copy = try writer.copy(path, to: "\(partial)/\(file.path)", as: file.path) { bytes in
                done += bytes
                try progress(done, total)
            }
            guard copy == file else { throw BackupError.damaged(path: path, what: "its digest does not match") }
        }
    }

    /// A newer store is refused before anything is copied.
    private func checkFormat() throws {
        let path = "\(source)/\(EventStore.Layout.database)"
        guard try onDisk({ () throws(DiskError) in try disk.size(path) }) != nil else {
            throw BackupError.damaged(path: path, what: "it is not there")
        }
        do { try StoreDatabase.checkHeader(path, on: disk) } catch EventStoreError.notAStore {
            throw BackupError.damaged(path: path, what: "it is no database of ours")
        }
    }

    /// Begins a new epoch in the store that was copied, compares its count of messages with the backup's, and closes it.
    ///
    /// - Parameter change: what else to do to it first.
    package func settle(clock: any Clock, _ change: (EventStore) throws -> Void) throws {
        var options = EventStore.Options()
        options.maintenance = .none
        let store = try EventStore.open(directory: partial, disk: disk, clock: clock, options: options)
        do {
            let stored = try store.counters().stored
            guard stored == manifest.messages else {
                throw BackupError.damaged(
                    path: source, what: "it has \(stored) messages instead of \(manifest.messages)")
            }
            try store.database.beginEpoch()
            try change(store)
        } catch {
            try? store.close()
            throw error
        }
        try store.close()
    }

    /// Gives the directory its name; everything in it is on the disk then.
    package func finish() throws {
        try onDisk { () throws(DiskError) in
            for folder in manifest.folders { try disk.syncDirectory("\(partial)/\(folder)") }
            try disk.syncDirectory(partial)
            try disk.rename(partial, to: target)
            try disk.syncDirectory(disk.parent(of: target))
        }
    }

    /// Removes what was copied, as well as that goes.
    package func abandon() { try? disk.removeTree(partial) }
}
