internal import Crypto

/// Writes files of a backup, or out of one, with their digests.
struct BackupFile {
    private static let pieceBytes = 4 << 20

    let disk: any Disk

    /// The hash of bytes, and that of a beginning of them.
    struct Hashes {
        var digest: SHA256Digest
        var ofBeginning: SHA256
    }

    /// Writes bytes to a new file, synced, and answers their SHA-256; `progress` is told how many were written, and may
    /// throw to break off.
    ///
    /// - Parameter beginning: how many of the bytes `ofBeginning` of the answer is of.
    func write(
        _ bytes: UnsafeRawBufferPointer, to path: String, beginning: Int = 0, progress: (Int) throws -> Void
    ) throws -> Hashes {
        let file = try onDisk { () throws(DiskError) in try disk.create(path) }
        var hash = SHA256()
        var ofBeginning = hash
        var start = 0
        while start < bytes.count {
            let end = min(start + Self.pieceBytes, start < beginning ? beginning : bytes.count)
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            hash.update(bufferPointer: piece)
            try onDisk { () throws(DiskError) in try file.write(piece) }
            start = end
            if start == beginning { ofBeginning = hash }
            try progress(piece.count)
        }
        try onDisk { () throws(DiskError) in
            try file.sync()
            try file.close()
        }
        return Hashes(digest: hash.finalize(), ofBeginning: ofBeginning)
    }

    /// Copies a file and answers what the copy is.
    func copy(
        _ source: String, to path: String, as name: String, progress: (Int) throws -> Void
    ) throws -> BackupManifest.File {
        let map = try onDisk { () throws(DiskError) in try disk.map(source) }
        defer { withExtendedLifetime(map) {} }
        let digest = try write(map.bytes, to: path, progress: progress).digest
        return BackupManifest.File(path: name, size: map.bytes.count, digest: BackupManifest.hexadecimal(digest))
    }

    /// Answers what a file is.
    func read(_ path: String, as name: String) throws -> BackupManifest.File {
        let map = try onDisk { () throws(DiskError) in try disk.map(path) }
        defer { withExtendedLifetime(map) {} }
        var hash = SHA256()
        hash.update(bufferPointer: map.bytes)
        return BackupManifest.File(
            path: name, size: map.bytes.count, digest: BackupManifest.hexadecimal(hash.finalize()))
    }

    /// Syncs a file that something else wrote, and answers what it is.
    func finish(_ path: String, as name: String) throws -> BackupManifest.File {
        try onDisk { () throws(DiskError) in
            let file = try disk.openForWriting(path)
            try file.sync()
            try file.close()
        }
        return try read(path, as: name)
    }
}
