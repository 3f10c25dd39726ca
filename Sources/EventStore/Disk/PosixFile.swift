import EventModel
import Glibc
import Synchronization

/// A file of the real file system, open for writing.
final class PosixFile: DiskFile {
    private let path: String
    /// The descriptor, or -1 once closed.
    private let descriptor: Locked<Int32>

    init(path: String, flags: Int32, operation: DiskError.Operation) throws(DiskError) {
        self.path = path
        self.descriptor = Locked(try openDescriptor(path, flags, operation: operation))
    }

    deinit {
        let descriptor = descriptor.withLock { $0 }
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(DiskError) {
        let descriptor = descriptor.withLock { $0 }
        var rest = bytes
        while let start = rest.baseAddress, rest.count > 0 {
            let written = Glibc.write(descriptor, start, rest.count)
            if written < 0 {
                let code = errno
                if code == EINTR { continue }
                throw DiskError(errno: code, .write, path)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    func truncate(to size: Int) throws(DiskError) {
        guard ftruncate(descriptor.withLock { $0 }, off_t(size)) == 0 else {
            throw DiskError(errno: errno, .truncate, path)
        }
    }

    func sync() throws(DiskError) {
        // Never again after an error: a second call may succeed with the data gone.
        guard fsync(descriptor.withLock { $0 }) == 0 else { throw DiskError(errno: errno, .sync, path) }
    }

    func close() throws(DiskError) {
        let closed = descriptor.withLock { descriptor in
            defer { descriptor = -1 }
            return descriptor
        }
        guard closed >= 0 else { return }
        guard Glibc.close(closed) == 0 else {
            let code = errno
            if code == EINTR { return }
            throw DiskError(errno: code, .close, path)
        }
    }
}

/// An exclusive `flock` with the holder's process number in the file.
final class PosixLock: DiskLock {
    private let descriptor: Locked<Int32>

    init(path: String) throws(DiskError) {
        let opened = try openDescriptor(path, O_RDWR | O_CREAT, operation: .lock)
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = PosixLock.holder(opened)
            _ = Glibc.close(opened)
            guard code == EWOULDBLOCK else { throw DiskError(errno: code, .lock, path) }
            throw DiskError(
                operation: .lock, path: path, reason: .lockHeld(process: holder),
                detail: "another process holds the lock")
        }
        // The number only helps people; losing it in a crash loses nothing.
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(opened, 0)
        _ = text.withUnsafeBytes { pwrite(opened, $0.baseAddress, $0.count, 0) }
        descriptor = Locked(opened)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { _ = Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer.prefix(count).prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
    }
}
