import EventModel
import GRDB
import Synchronization

extension EventStore {
    /// Makes a backup in a new folder: everything that was acknowledged before its mark, and nothing of later.
    ///
    /// Appends wait while `shoal.db` is copied, not while parts are. The folder has another name until it is whole and on
    /// the disk. Each part is checked against its digest on the way, so a backup of a damaged store is refused.
    ///
    /// - Parameters:
    ///   - files: paths in the data directory of other files to take along.
    ///   - addFirst: puts further files into the folder it is given, before the mark, and answers their names; they are
    ///     taken along too.
    ///   - progress: told the bytes done and those there are, from this thread; may throw to break off.
    package func backup(
        to path: String, taking files: [String] = [], addFirst: (String) throws -> [String] = { _ in [] },
        progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> BackupManifest {
        if try onDisk({ () throws(DiskError) in try disk.size(path) }) != nil { throw BackupError.exists(path: path) }
        let partial = "\(path).partial"
        let writer = BackupFile(disk: disk)
        do {
            try onDisk { () throws(DiskError) in
                try disk.removeTree(partial)
                try disk.createDirectory(partial)
                try disk.createDirectory("\(partial)/\(Layout.parts)")
            }
            let first = try addFirst(partial).map { name in try writer.finish("\(partial)/\(name)", as: name) }
            var (manifest, parts) = try copyDatabase(to: partial, writer)
            manifest.files += first
            let total = manifest.bytes + parts.reduce(0) { $0 + $1.size }
            var done = manifest.bytes
            func copied(_ bytes: Int) throws {
                done += bytes
                try progress(min(done, total), total)
            }
            for part in parts {
                let name = "\(Layout.parts)/\(part.id)\(PartFormat.fileSuffix)"
                manifest.files.append(try copy(part, as: name, in: partial, writer, copied))
            }
            for name in files {
                try onDisk { () throws(DiskError) in try disk.makeFolders(of: name, in: partial) }
                manifest.files.append(
                    try writer.copy("\(directory)/\(name)", to: "\(partial)/\(name)", as: name) { _ in })
            }
            try finish(manifest, from: partial, to: path, writer)
            return manifest
        } catch {
            try? disk.removeTree(partial)
            throw error
        }
    }

    /// Copies the database as it stands at the mark, with the log of erasures; answers which parts it names.
    private func copyDatabase(
        to folder: String, _ writer: BackupFile
    ) throws -> (manifest: BackupManifest, parts: [PartFile]) {
        let path = "\(folder)/\(Layout.database)"
        _ = try erasureKey()
        let (manifest, parts) = try asWriter { writing throws(EventStoreError) in
            let parts = try partsToAsk()
            let log = try erasureLog()
            try database.copy(to: disk.databasePath(path))
            try onDisk { () throws(DiskError) in
                if !log.entries.isEmpty { try disk.replace("\(folder)/\(ErasureLog.fileName)", with: log.bytes) }
            }
            let manifest = BackupManifest(
                workspace: workspace.description, made: clock.now(), messages: try database.counters().stored,
                lastArrival: writing.nextArrival &- 1, erasures: log.entries.count)
            return (manifest, parts)
        }
        var whole = manifest
        whole.files.append(try writer.finish(path, as: Layout.database))
        if manifest.erasures > 0 {
            whole.files.append(try writer.finish("\(folder)/\(ErasureLog.fileName)", as: ErasureLog.fileName))
        }
        let key = ErasureLog.keyFileName
        whole.files.append(try writer.copy("\(directory)/\(key)", to: "\(folder)/\(key)", as: key) { _ in })
        return (whole, parts)
    }

    private func copy(
        _ part: PartFile, as name: String, in folder: String, _ writer: BackupFile, _ progress: (Int) throws -> Void
    ) throws -> BackupManifest.File {
        let bytes = part.map.bytes
        let footer = bytes.count - PartFormat.footerSize
        let hashes = try writer.write(bytes, to: "\(folder)/\(name)", beginning: footer, progress: progress)
        guard PartDigest.finish(hashes.ofBeginning, footer: Array(bytes[footer...])) == part.footerDigest else {
            throw EventStoreError.partDamaged(
                part: part.id.description, block: nil, offset: part.size - PartFormat.footerSize, damage: .digest)
        }
        return BackupManifest.File(path: name, size: part.size, digest: BackupManifest.hexadecimal(hashes.digest))
    }

    private func finish(
        _ manifest: BackupManifest, from partial: String, to path: String, _ writer: BackupFile
    ) throws {
        try manifest.encoded.withUnsafeBytes { bytes in
            _ = try writer.write(bytes, to: "\(partial)/\(BackupManifest.fileName)") { _ in }
        }
        try onDisk { () throws(DiskError) in
            for folder in manifest.folders { try disk.syncDirectory("\(partial)/\(folder)") }
            try disk.syncDirectory(partial)
            try disk.rename(partial, to: path)
            try disk.syncDirectory(disk.parent(of: path))
        }
    }

    // MARK: - Epoch

    /// How often this store was restored from a backup: what left the house under an earlier epoch may be unknown here.
    package func epoch() throws(EventStoreError) -> Int { try database.epoch() }
}

extension StoreDatabase {
    private static let epochKey = "epoch"

    /// Writes a copy without free pages; not synced.
    func copy(to path: String) throws(EventStoreError) {
        try Self.mapping("copy shoal.db") {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "VACUUM INTO ?", arguments: [path])
            }
        }
    }

    func epoch() throws(EventStoreError) -> Int {
        try read("read the epoch") { database in
            try Self.value(Self.epochKey, database).flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
        }
    }

    func beginEpoch() throws(EventStoreError) {
        let next = try epoch() + 1
        try write("begin an epoch") { database in try Self.put(Self.epochKey, Array(String(next).utf8), database) }
    }
}
