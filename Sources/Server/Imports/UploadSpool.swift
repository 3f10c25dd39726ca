import EventModel
import Glibc
import HTTPTypes

/// The folder of files on their way in: below the data directory, readable by the owner only, and empty after a start.
struct UploadSpool: Sendable {
    let folder: String

    init(in directory: String) { folder = "\(directory)/uploads" }

    func path(of id: Int64) -> String { "\(folder)/\(id)" }

    /// Removes what a process left behind that did not come to its end.
    func clear() {
        guard let stream = opendir(folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unlink("\(folder)/\(name)") }
        }
    }

    func remove(_ id: Int64) { unlink(path(of: id)) }

    /// How much room there is on the disk, bytes; nil when nobody knows.
    var freeBytes: Int? {
        var answer = statvfs()
        let parent = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard statvfs(parent, &answer) == 0 else { return nil }
        let (bytes, overflow) = Int(answer.f_bavail).multipliedReportingOverflow(by: Int(answer.f_frsize))
        return overflow ? nil : bytes
    }

    /// A new file that belongs to nobody but us.
    func make(_ id: Int64) throws(APIError) -> File {
        mkdir(folder, 0o700)
        let descriptor = open(path(of: id), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(errno) }
        return File(descriptor)
    }

    /// A file that is being written. It is no longer written when it goes away.
    final class File {
        private let descriptor: Int32
        private(set) var bytes = 0

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        deinit { close(descriptor) }

        func append(_ piece: some Sequence<UInt8>) throws(APIError) {
            let piece = Array(piece)
            var written = 0
            while written < piece.count {
                let count = piece[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count < 0 {
                    if errno == EINTR { continue }
                    throw UploadSpool.failure(errno)
                }
                written += count
            }
            bytes += piece.count
        }
    }

    private static func failure(_ code: Int32) -> APIError {
        if code == ENOSPC || code == EDQUOT { return .noRoomForUpload }
        return APIError(
            .serviceUnavailable, "cannot-write",
            "The file cannot be kept in the data directory: \(String(cString: strerror(code))).")
    }
}

extension APIError {
    static let noRoomForUpload = APIError(
        HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), "disk-full",
        "The disk of the server has no room for this file and what becomes of it. Make room, then send it again.")
    static let uploadTooLarge = APIError(
        .contentTooLarge, Limits.uploadBytes.code,
        "The file has more than \(byteSize(Limits.uploadBytes.value)). Compress it with gzip, send it in pieces, or"
            + " import it on the machine itself with “shoal import”, which takes files of any size.")
    static let noFile = APIError(.unprocessableContent, "missing-file", "Choose a file first, or drop one here.")
    static let uploadBroken = APIError(
        .badRequest, "bad-form", "The file did not come in whole; send it again.")
}
