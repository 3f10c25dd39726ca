import EventStore
import GRDBSQLite
import Glibc
import Synchronization

/// Lets SQLite work on simulated disks: a file system of its own for paths under `/simulated`, the real one for others.
///
/// It does what SQLite's file system for Unix does as far as lasting is concerned: the directory is synced with the
/// first sync of a new file, and after a removal when SQLite asks for it. There is no shared memory, so a store that
/// opened its database other than exclusively would fail here.
final class SimulatedFileSystem: Sendable {
    static let shared = SimulatedFileSystem()

    private struct WeakDisk: Sendable {
        weak let disk: SimulatedDisk?
    }

    private let disks = Mutex<[String: WeakDisk]>([:])
    private static let prefix = "/simulated/"

    /// SQLite keeps pointers to these for the life of the process. Memory of their own, since a Swift variable has no
    /// room for the padding at the end of a C structure, which is copied with it.
    nonisolated(unsafe) static let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    nonisolated(unsafe) static var real: UnsafeMutablePointer<sqlite3_vfs>?
    nonisolated(unsafe) static let fileSystem = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)

    private init() { Self.install() }

    func register(_ disk: SimulatedDisk) {
        disks.withLock { $0[disk.root] = WeakDisk(disk: disk) }
    }

    func forget(_ root: String) {
        disks.withLock { $0[root] = nil }
    }

    /// The disk a path belongs to, and the path on it; nil for paths of the real file system.
    static func locate(_ path: String) -> (disk: SimulatedDisk, path: String)? {
        guard path.hasPrefix(prefix) else { return nil }
        let parts = path.dropFirst(prefix.count).split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let disk = shared.disks.withLock { $0[prefix + parts[0]]?.disk }
        return disk.map { ($0, "/" + parts[1]) }
    }
}

/// What stands behind an open file of SQLite.
private final class OpenFile {
    let disk: SimulatedDisk
    let inode: Int
    let path: String
    var mustSyncDirectory: Bool
    let isTemporary: Bool

    init(_ disk: SimulatedDisk, _ inode: Int, _ path: String, isNew: Bool, isTemporary: Bool) {
        self.disk = disk
        self.inode = inode
        self.path = path
        mustSyncDirectory = isNew
        self.isTemporary = isTemporary
    }

    var directory: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
}

/// The memory SQLite gives for an open file: its methods, then ours.
private struct FileMemory {
    var base: sqlite3_file
    var file: Unmanaged<OpenFile>?
}

private func openFile(_ pointer: UnsafeMutablePointer<sqlite3_file>?) -> OpenFile? {
    guard let pointer else { return nil }
    return UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: FileMemory.self).pointee.file?
        .takeUnretainedValue()
}

/// SQLite's code for what the disk refused.
private func code(_ error: DiskError, _ code: Int32) -> Int32 {
    error.reason == .full ? SQLITE_FULL : code
}

private let ioErrorRead: Int32 = SQLITE_IOERR | (1 << 8)
private let ioErrorShortRead: Int32 = SQLITE_IOERR | (2 << 8)
private let ioErrorWrite: Int32 = SQLITE_IOERR | (3 << 8)
private let ioErrorSync: Int32 = SQLITE_IOERR | (4 << 8)
private let ioErrorDirectorySync: Int32 = SQLITE_IOERR | (5 << 8)
private let ioErrorTruncate: Int32 = SQLITE_IOERR | (6 << 8)
private let ioErrorDelete: Int32 = SQLITE_IOERR | (10 << 8)

extension SimulatedFileSystem {
    private static func install() {
        methods.initialize(to: sqlite3_io_methods())
        methods.pointee.iVersion = 1
        methods.pointee.xClose = { pointer in
            guard let pointer else { return SQLITE_OK }
            let memory = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: FileMemory.self)
            memory.pointee.file?.release()
            memory.pointee.file = nil
            return SQLITE_OK
        }
        methods.pointee.xRead = { pointer, buffer, count, offset in
            guard let file = openFile(pointer), let buffer, let content = file.disk.content(of: file.inode) else {
                return ioErrorRead
            }
            let start = min(Int(offset), content.count)
            let end = min(start + Int(count), content.count)
            content.withUnsafeBytes { bytes in
                if end > start { buffer.copyMemory(from: bytes.baseAddress! + start, byteCount: end - start) }
            }
            if end - start < Int(count) {
                memset(buffer + (end - start), 0, Int(count) - (end - start))
                return ioErrorShortRead
            }
            return SQLITE_OK
        }
        methods.pointee.xWrite = { pointer, buffer, count, offset in
            guard let file = openFile(pointer), let buffer else { return ioErrorWrite }
            let bytes = Array(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
            do throws(DiskError) {
                try file.disk.write(bytes, to: file.inode, at: Int(offset), path: file.path)
                return SQLITE_OK
            } catch { return EventStoreTests.code(error, ioErrorWrite) }
        }
        methods.pointee.xTruncate = { pointer, size in
            guard let file = openFile(pointer) else { return ioErrorTruncate }
            do throws(DiskError) {
                try file.disk.truncate(file.inode, to: Int(size), path: file.path)
                return SQLITE_OK
            } catch { return EventStoreTests.code(error, ioErrorTruncate) }
        }
        methods.pointee.xSync = { pointer, _ in
            guard let file = openFile(pointer) else { return ioErrorSync }
            if file.isTemporary { return SQLITE_OK }
            do throws(DiskError) {
                try file.disk.sync(file.inode, path: file.path)
                if file.mustSyncDirectory {
                    try file.disk.syncDirectory(file.directory)
                    file.mustSyncDirectory = false
                }
                return SQLITE_OK
            } catch { return EventStoreTests.code(error, ioErrorSync) }
        }
        methods.pointee.xFileSize = { pointer, size in
            guard let file = openFile(pointer), let content = file.disk.content(of: file.inode) else {
                return ioErrorRead
            }
            size?.pointee = Int64(content.count)
            return SQLITE_OK
        }
        methods.pointee.xLock = { _, _ in SQLITE_OK }
        methods.pointee.xUnlock = { _, _ in SQLITE_OK }
        methods.pointee.xCheckReservedLock = { _, result in
            result?.pointee = 0
            return SQLITE_OK
        }
        methods.pointee.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        methods.pointee.xSectorSize = { _ in 4_096 }
        methods.pointee.xDeviceCharacteristics = { _ in 0 }

        real = sqlite3_vfs_find(nil)
        guard let real else { return }
        fileSystem.initialize(to: real.pointee)
        fileSystem.pointee.szOsFile = max(real.pointee.szOsFile, Int32(MemoryLayout<FileMemory>.size))
        fileSystem.pointee.pNext = nil
        fileSystem.pointee.zName = UnsafePointer(strdup("simulated"))
        fileSystem.pointee.xOpen = { _, name, pointer, flags, outFlags in
            SimulatedFileSystem.open(name, pointer, flags, outFlags)
        }
        fileSystem.pointee.xDelete = { _, name, mustSync in SimulatedFileSystem.delete(name, mustSync) }
        fileSystem.pointee.xAccess = { _, name, flags, result in SimulatedFileSystem.access(name, flags, result) }
        fileSystem.pointee.xFullPathname = { _, name, count, output in
            guard let name, let output else { return SQLITE_CANTOPEN }
            if let real = SimulatedFileSystem.real, SimulatedFileSystem.locate(String(cString: name)) == nil {
                return real.pointee.xFullPathname(real, name, count, output)
            }
            guard strlen(name) < Int(count) else { return SQLITE_CANTOPEN }
            strcpy(output, name)
            return SQLITE_OK
        }
        sqlite3_vfs_register(fileSystem, 1)
    }

    private static func open(
        _ name: UnsafePointer<CChar>?, _ pointer: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let real, let pointer else { return SQLITE_CANTOPEN }
        guard let name, let place = locate(String(cString: name)) else {
            return real.pointee.xOpen(real, name, pointer, flags, outFlags)
        }
        let memory = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: FileMemory.self)
        memory.pointee.base.pMethods = nil
        memory.pointee.file = nil
        do throws(DiskError) {
            let opened = try place.disk.openInode(
                place.path, creating: flags & SQLITE_OPEN_CREATE != 0, exclusive: flags & SQLITE_OPEN_EXCLUSIVE != 0)
            let file = OpenFile(
                place.disk, opened.number, place.path, isNew: opened.isNew,
                isTemporary: flags & SQLITE_OPEN_DELETEONCLOSE != 0)
            memory.pointee.file = Unmanaged.passRetained(file)
            memory.pointee.base.pMethods = UnsafePointer(methods)
            outFlags?.pointee = flags
            return SQLITE_OK
        } catch {
            return SQLITE_CANTOPEN
        }
    }

    private static func delete(_ name: UnsafePointer<CChar>?, _ mustSync: Int32) -> Int32 {
        guard let real else { return ioErrorDelete }
        guard let name, let place = locate(String(cString: name)) else {
            return real.pointee.xDelete(real, name, mustSync)
        }
        do throws(DiskError) {
            if try place.disk.size(place.path) == nil { return SQLITE_IOERR | (23 << 8) }
            try place.disk.remove(place.path)
            if mustSync != 0 {
                try place.disk.syncDirectory(
                    String(place.path[..<(place.path.lastIndex(of: "/") ?? place.path.startIndex)]))
            }
            return SQLITE_OK
        } catch {
            return ioErrorDelete
        }
    }

    private static func access(
        _ name: UnsafePointer<CChar>?, _ flags: Int32, _ result: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let real else { return SQLITE_IOERR }
        guard let name, let place = locate(String(cString: name)) else {
            return real.pointee.xAccess(real, name, flags, result)
        }
        let size = (try? place.disk.size(place.path)) ?? nil
        // A write-ahead log of no bytes counts as none, as with the real file system.
        result?.pointee = size != nil && (flags != SQLITE_ACCESS_EXISTS || size! > 0) ? 1 : 0
        return SQLITE_OK
    }
}
