/// Bytes that are read once, from front to back.
///
/// Not safe to share between threads: one reader owns it.
package protocol ByteSource: AnyObject {
    /// Appends up to `limit` bytes to `buffer` and says how many; 0 is the end.
    ///
    /// Throws `ImportError.unreadable` when the disk fails and `.damagedGzip` when compressed bytes make no sense;
    /// all bytes that could be read before that have been handed out by then.
    func read(into buffer: inout [UInt8], limit: Int) throws(ImportError) -> Int

    /// How far into the file this is, in bytes as they lie on the disk (compressed ones, where they are).
    var position: Int64 { get }
}

/// Bytes already in memory, handed out in pieces of at most `pieceBytes`.
package final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private let pieceBytes: Int
    private var offset = 0

    package init(_ bytes: [UInt8], pieceBytes: Int = .max) {
        self.bytes = bytes
        self.pieceBytes = max(1, pieceBytes)
    }

    package func read(into buffer: inout [UInt8], limit: Int) -> Int {
        let count = min(limit, pieceBytes, bytes.count - offset)
        guard count > 0 else { return 0 }
        buffer.append(contentsOf: bytes[offset..<(offset + count)])
        offset += count
        return count
    }

    package var position: Int64 { Int64(offset) }
}
