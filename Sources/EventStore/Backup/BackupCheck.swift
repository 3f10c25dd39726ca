/// Reads all files of a backup and compares each with the size and digest that its manifest has.
package enum BackupCheck {
    /// - Parameter progress: told the bytes done and those there are; may throw to break off.
    /// - Throws: `BackupError.damaged` for the first file that is not as it was written.
    package static func run(
        _ folder: String, disk: any Disk = PosixDisk(),
        progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        let manifest = try BackupRestorer.manifest(of: folder, disk)
        let reader = BackupFile(disk: disk)
        var done = 0
        for file in manifest.files {
            let path = "\(folder)/\(file.path)"
            guard let size = try onDisk({ () throws(DiskError) in try disk.size(path) }) else {
                throw BackupError.damaged(path: path, what: "it is not there")
            }
            guard size == file.size else {
                throw BackupError.damaged(path: path, what: "it has \(size) bytes instead of \(file.size)")
            }
            guard try reader.read(path, as: file.path) == file else {
                throw BackupError.damaged(path: path, what: "its digest does not match")
            }
            done += size
            try progress(done, manifest.bytes)
        }
    }
}
