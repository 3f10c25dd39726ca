import EventModel
import Foundation
import Glibc

/// The files a person names on the command line: read whole, or written so that nothing is ever half there.
enum LocalFiles {
    /// More than this a definition or product file never has; event files of `evaluate` are read whole too.
    static let largestBytes = 4 << 30

    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String) throws(CommandError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(reading: path, errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(reading: path, errno) }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= largestBytes else {
                throw CommandError("file-too-large", .data, "\"\(path)\" is larger than \(byteSize(largestBytes))")
            }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// Replaces a file: a temporary file beside it is written, synced and renamed, and the folder is synced.
    static func write(_ text: String, to path: String) throws(CommandError) {
        try write(Array(text.utf8), to: path)
    }

    /// The same with bytes.
    static func write(_ bytes: [UInt8], to path: String) throws(CommandError) {
        let temporary = path + ".new-\(getpid())"
        do throws(CommandError) {
            let writer = try LocalFileWriter(temporary)
            try writer.write(bytes)
            try writer.close()
            guard rename(temporary, path) == 0 else { throw failure(writing: path, errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        try syncFolder(of: path)
    }

    /// Makes the names in a file's folder last; file systems that do not know this are let be.
    private static func syncFolder(of path: String) throws(CommandError) {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw failure(writing: path, errno) }
    }

    /// Writes all bytes to an open file.
    static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(CommandError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure(writing: path, errno) }
            offset += written
        }
    }

    /// Makes a folder with those above it; one that is there already is fine.
    static func makeFolder(_ path: String) throws(CommandError) {
        var made = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            made += "/\(component)"
            if mkdir(made, 0o755) != 0, !(errno == EEXIST && isFolder(made)) { throw failure(making: path, errno) }
        }
    }

    /// Puts a folder in the place of another that is empty or not there; where that is not empty, its files into it.
    static func move(folder: String, to target: String) throws(CommandError) {
        if rename(folder, target) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST else { throw failure(writing: target, errno) }
        for path in files(below: folder, ending: "") {
            guard rename(folder + "/" + path, target + "/" + path) == 0 else { throw failure(writing: target, errno) }
        }
        rmdir(folder)
    }

    /// Takes a file away for good; one that is not there is fine.
    static func remove(_ path: String) throws(CommandError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(writing: path, errno) }
        try syncFolder(of: path)
    }

    /// A path from the root, without `.` and `..`.
    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// The folder that a path from the root stands in.
    static func parent(of path: String) -> String { (path as NSString).deletingLastPathComponent }

    /// What stands in a folder, in order of the names; nothing when it may not be read.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Every file below a folder with that ending, as paths relative to the folder, in order of their names.
    static func files(below folder: String, ending: String) -> [String] {
        guard let found = FileManager.default.enumerator(atPath: folder) else { return [] }
        var paths: [String] = []
        for case let path as String in found where path.hasSuffix(ending) && !isHidden(path) {
            if !isFolder(folder + "/" + path) { paths.append(path) }
        }
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func isHidden(_ path: String) -> Bool {
        path.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    private static func failure(reading path: String, _ number: Int32) -> CommandError {
        switch number {
        case ENOENT, ENOTDIR:
            CommandError(
                "no-such-file", .noInput, "there is no file \"\(path)\"",
                at: path.hasPrefix("/") ? nil : FileManager.default.currentDirectoryPath, advice: "check the name")
        case EISDIR:
            CommandError(
                "unreadable-file", .noInput, "\"\(path)\" is a folder, not a file",
                advice: "name the files in it")
        case EACCES, EPERM:
            CommandError(
                "unreadable-file", .noInput, "\"\(path)\" may not be read: \(systemText(number))",
                advice: "change its permissions, or run as a user who may read it")
        default:
            CommandError("unreadable-file", .inputOutput, "can't read \"\(path)\": \(systemText(number))")
        }
    }

    static func failure(writing path: String, _ number: Int32) -> CommandError {
        CommandError(
            "cannot-write", .inputOutput, "can't write \"\(path)\": \(systemText(number))",
            advice: "make room, then run the command again")
    }

    static func failure(making path: String, _ number: Int32) -> CommandError {
        CommandError(
            "cannot-create", .cantCreate, "can't create \"\(path)\": \(systemText(number))",
            advice: "check that the folder exists, has room, and that you may write there")
    }
}

extension [UInt8] {
    /// The bytes after a UTF-8 byte order mark, if there is one.
    var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...]
    }
}

/// A new file that is written piece by piece.
final class LocalFileWriter {
    private let path: String
    private let descriptor: Int32
    /// Bytes written so far.
    private(set) var count = 0

    init(_ path: String) throws(CommandError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw LocalFiles.failure(making: path, errno) }
    }

    deinit { Glibc.close(descriptor) }

    func write(_ bytes: [UInt8]) throws(CommandError) {
        try LocalFiles.write(bytes, to: descriptor, path: path)
        count += bytes.count
    }

    /// Makes sure that everything is on the disk.
    func close() throws(CommandError) {
        guard fsync(descriptor) == 0 else { throw LocalFiles.failure(writing: path, errno) }
    }
}
