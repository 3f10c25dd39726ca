/// The file system as the store sees it: every byte that reaches a disk goes through here.
///
/// `PosixDisk` is the real one. Tests use a simulated one that loses what was not synced and fails on command.
/// Paths are plain strings with `/` between the parts. All calls block until they are done.
package protocol Disk: Sendable {
    /// Creates a new, empty file for writing; an existing one of that name is an error.
    func create(_ path: String) throws(DiskError) -> any DiskFile

    /// Opens an existing file for writing, without changing it.
    func openForWriting(_ path: String) throws(DiskError) -> any DiskFile

    /// The bytes of a file, mapped or read; they stay as they are while the value lives, also when the file is removed.
    func map(_ path: String) throws(DiskError) -> MappedBytes

    /// Gives a file a new name in one step, replacing what was there. Lasting only after `syncDirectory`.
    func rename(_ path: String, to newPath: String) throws(DiskError)

    func remove(_ path: String) throws(DiskError)

    /// The names in a directory, sorted by their bytes, without `.` and `..`.
    func list(_ directory: String) throws(DiskError) -> [String]

    /// The size of a file in bytes, or nil when nothing has that name.
    func size(_ path: String) throws(DiskError) -> Int?

    /// Makes a directory; one that is already there is no error.
    func createDirectory(_ path: String) throws(DiskError)

    /// Removes an empty directory.
    func removeDirectory(_ path: String) throws(DiskError)

    /// Makes the names in a directory last: what was created, renamed or removed there.
    func syncDirectory(_ path: String) throws(DiskError)

    /// Takes the exclusive lock on a file, creating it when needed, and writes this process's number into it.
    ///
    /// Held until the value is released. Throws `.lockHeld` with the holder's number when another process has it.
    func lock(_ path: String) throws(DiskError) -> any DiskLock

    /// What SQLite is to open for the database at `path`; a simulated disk names its own file system here.
    func databasePath(_ path: String) -> String
}

/// A file open for writing.
package protocol DiskFile: AnyObject, Sendable {
    /// Writes all bytes at the end of what was written before.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DiskError)

    /// Cuts the file to `size` bytes.
    func truncate(to size: Int) throws(DiskError)

    /// Returns once everything written is on the disk. After an error the file must not be trusted nor synced again.
    func sync() throws(DiskError)

    func close() throws(DiskError)
}

/// An exclusive lock, released by `release` or with the value.
package protocol DiskLock: AnyObject, Sendable {
    func release()
}

extension DiskFile {
    package func write(_ bytes: [UInt8]) throws(DiskError) {
        // `withUnsafeBytes` cannot carry a typed error through, so it travels beside the result.
        let failure: DiskError? = bytes.withUnsafeBytes { buffer in
            do throws(DiskError) {
                try write(buffer)
                return nil
            } catch { return error }
        }
        if let failure { throw failure }
    }
}

/// Bytes that stay in place as long as the value lives.
package final class MappedBytes: @unchecked Sendable {
    // Unchecked: the bytes are never written after `init`, and only `deinit` ends them.
    package let bytes: UnsafeRawBufferPointer
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void

    package init(_ bytes: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
        self.bytes = bytes
        self.release = release
    }

    /// A copy of an array.
    package convenience init(copying array: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: array.count, alignment: 16)
        copy.copyBytes(from: array)
        self.init(UnsafeRawBufferPointer(copy)) { $0.deallocate() }
    }

    deinit { release(bytes) }
}
