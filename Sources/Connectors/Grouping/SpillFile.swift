import Glibc

/// A temporary file without a name: it is gone when it is closed, whatever happens to the process.
final class SpillFile {
    private let descriptor: Int32
    private let folder: String
    private var buffer: [UInt8] = []
    private(set) var count = 0
    private static let bufferBytes = 64 * 1024

    /// Throws `ImportError.cannotCreate`.
    init(folder: String) throws(ImportError) {
        self.folder = folder
        var template = Array((folder + "/.shoal-import-XXXXXX").utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw .cannotCreate(path: folder, reason: systemReason(errno))
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
    }

    deinit { close(descriptor) }

    func append(_ bytes: some Collection<UInt8>) throws(ImportError) {
        buffer.append(contentsOf: bytes)
        count += bytes.count
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    func flush() throws(ImportError) {
        try writeAll(buffer, to: descriptor, path: folder)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Everything that was appended.
    func contents() throws(ImportError) -> [UInt8] {
        try flush()
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            while filled < count {
                let got = pread(descriptor, target.baseAddress.map { $0 + filled }, count - filled, off_t(filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    failure = got < 0 ? errno : EIO
                    break
                }
                filled += got
            }
        }
        guard failure == 0 else { throw .unreadable(path: folder, reason: systemReason(failure)) }
        return bytes
    }

    /// Lends everything that was appended, mapped into memory, for as long as the file is open.
    func mapped() throws(ImportError) -> UnsafeRawBufferPointer {
        try flush()
        guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        guard let address = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), address != MAP_FAILED else {
            throw .unreadable(path: folder, reason: systemReason(errno))
        }
        return UnsafeRawBufferPointer(start: address, count: count)
    }
}

/// Writes all bytes, however many calls that takes.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(ImportError) {
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written) }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw .cannotWrite(path: path, reason: systemReason(errno)) }
        written += count
    }
}

/// Gives back what `SpillFile.mapped` lent.
func unmap(_ region: UnsafeRawBufferPointer) {
    if let address = region.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), region.count) }
}
