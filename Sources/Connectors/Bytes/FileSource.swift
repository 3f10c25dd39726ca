import Glibc

/// The bytes of a file on disk.
package final class FileSource: ByteSource {
    /// The file as it was named.
    package let path: String
    /// The size in bytes when the file was opened.
    package let size: Int64
    package private(set) var position: Int64 = 0
    private let descriptor: Int32

    /// Opens a regular file for reading.
    ///
    /// Throws `ImportError.noSuchFile`, `.notAFile` for folders, pipes and devices, `.unreadable` for the rest.
    package init(path: String) throws(ImportError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? ImportError.noSuchFile(path: path) : .unreadable(path: path, reason: systemReason(errno))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = systemReason(errno)
            close(descriptor)
            throw .unreadable(path: path, reason: reason)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notAFile(path: path)
        }
        self.descriptor = descriptor
        self.size = Int64(status.st_size)
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { close(descriptor) }

    package func read(into buffer: inout [UInt8], limit: Int) throws(ImportError) -> Int {
        guard limit > 0 else { return 0 }
        // What is there already is a fraction of a row mostly: copied in front of the rest, so that the rest is not.
        let before = buffer
        buffer = [UInt8](unsafeUninitializedCapacity: before.count + limit) { target, count in
            _ = target.update(fromContentsOf: before)
            var got: Int
            repeat {
                got = Glibc.read(descriptor, target.baseAddress.map { $0 + before.count }, limit)
            } while got < 0 && errno == EINTR
            count = before.count + max(0, got)
            failure = got < 0 ? errno : 0
        }
        guard failure == 0 else { throw .unreadable(path: path, reason: systemReason(failure)) }
        position += Int64(buffer.count - before.count)
        return buffer.count - before.count
    }

    private var failure: Int32 = 0
}

/// What the system says of an error number, in its own words.
func systemReason(_ number: Int32) -> String {
    String(cString: strerror(number))
}
