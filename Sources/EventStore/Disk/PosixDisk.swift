import Glibc

/// The real file system, through the C library.
package struct PosixDisk: Disk {
    package init() {}

    package func create(_ path: String) throws(DiskError) -> any DiskFile {
        try PosixFile(path: path, flags: O_WRONLY | O_CREAT | O_EXCL, operation: .create)
    }

    package func openForWriting(_ path: String) throws(DiskError) -> any DiskFile {
        try PosixFile(path: path, flags: O_WRONLY | O_APPEND, operation: .open)
    }

    package func map(_ path: String) throws(DiskError) -> MappedBytes {
        let descriptor = try openDescriptor(path, O_RDONLY, operation: .open)
        defer { _ = Glibc.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DiskError(errno: errno, .read, path) }
        guard status.st_size > 0 else { return MappedBytes(UnsafeRawBufferPointer(start: nil, count: 0)) { _ in } }
        let size = Int(status.st_size)
        guard let address = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), address != MAP_FAILED else {
            throw DiskError(errno: errno, .read, path)
        }
        return MappedBytes(UnsafeRawBufferPointer(start: address, count: size)) { bytes in
            _ = munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        }
    }

    package func rename(_ path: String, to newPath: String) throws(DiskError) {
        guard Glibc.rename(path, newPath) == 0 else { throw DiskError(errno: errno, .rename, path) }
    }

    package func remove(_ path: String) throws(DiskError) {
        guard unlink(path) == 0 else { throw DiskError(errno: errno, .remove, path) }
    }

    package func list(_ directory: String) throws(DiskError) -> [String] {
        guard let stream = opendir(directory) else { throw DiskError(errno: errno, .list, directory) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw DiskError(errno: errno, .list, directory) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package func size(_ path: String) throws(DiskError) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { return nil }
            throw DiskError(errno: code, .read, path)
        }
        return Int(status.st_size)
    }

    package func createDirectory(_ path: String) throws(DiskError) {
        guard mkdir(path, 0o777) == 0 else {
            let code = errno
            var status = stat()
            if code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
            throw DiskError(errno: code, .createDirectory, path)
        }
    }

    package func removeDirectory(_ path: String) throws(DiskError) {
        guard rmdir(path) == 0 else { throw DiskError(errno: errno, .remove, path) }
    }

    package func syncDirectory(_ path: String) throws(DiskError) {
        let descriptor = try openDescriptor(path, O_RDONLY | O_DIRECTORY, operation: .syncDirectory)
        let result = fsync(descriptor)
        let code = errno
        _ = Glibc.close(descriptor)
        guard result == 0 else { throw DiskError(errno: code, .syncDirectory, path) }
    }

    package func lock(_ path: String) throws(DiskError) -> any DiskLock {
        try PosixLock(path: path)
    }

    package func databasePath(_ path: String) -> String { path }
}

/// Opens a descriptor that child processes do not inherit, again when a signal came in between.
func openDescriptor(
    _ path: String, _ flags: Int32, operation: DiskError.Operation
) throws(DiskError) -> Int32 {
    while true {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o666)
        if descriptor >= 0 { return descriptor }
        let code = errno
        if code != EINTR { throw DiskError(errno: code, operation, path) }
    }
}

extension DiskError {
    init(errno code: Int32, _ operation: Operation, _ path: String) {
        let reason: Reason =
            switch code {
            case ENOSPC, EDQUOT, EFBIG: .full
            case ENOENT, ENOTDIR: .notFound
            case EEXIST: .alreadyExists
            case EACCES, EPERM, EROFS: .denied
            case EMFILE, ENFILE: .tooManyOpenFiles
            default: .failed
            }
        self.init(
            operation: operation, path: path, reason: reason,
            detail: "\(String(cString: strerror(code))) (errno \(code))")
    }
}
