import Glibc
import HTTPTypes
import Hummingbird
import NIOCore

/// A file of ours as an answer, read as it is sent.
final class FileDownload: Sendable {
    private let descriptor: Int32
    let bytes: Int

    private static let pieceBytes = 128 * 1024

    /// Nil when there is no such file.
    init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        bytes = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// - Parameter name: what the browser calls it; of letters, digits, dots and hyphens.
    func response(type: String, name: String) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(contentLength: bytes) { writer in
                var position = 0
                while position < self.bytes, let piece = self.piece(at: position), !piece.isEmpty {
                    try await writer.write(ByteBuffer(bytes: piece))
                    position += piece.count
                }
                // A file that became shorter meanwhile: the client sees that something is missing.
                guard position == self.bytes else { throw ChannelError.eof }
                try await writer.finish(nil)
            })
    }

    private func piece(at position: Int) -> [UInt8]? {
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: min(Self.pieceBytes, bytes - position)) { buffer, filled in
            count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(position))
            filled = max(0, count)
        }
        return count < 0 ? nil : piece
    }
}
