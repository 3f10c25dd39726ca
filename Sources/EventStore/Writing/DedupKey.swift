import Columns
package import EventModel

/// What makes a message the same as another: the first 128 bits of SHA-256 over its source and message id.
///
/// A workspace has a directory of its own, so its name need not enter. Two different ids among 10^8 share a key with
/// a chance below 10^-22. Ordered as its bytes are.
package struct DedupKey: Hashable, Comparable, BitwiseCopyable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The key of a message; a zero byte stands between the two texts, and source names have none.
    package init(source: Text, messageID: Text) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.utf8.count + messageID.utf8.count + 1)
        Self.appendSource(source, to: &bytes)
        messageID.withBytes { bytes.append(contentsOf: $0) }
        self = bytes.withUnsafeBytes { DedupKey(hashing: $0) }
    }

    /// Appends what stands before the message id in the bytes that are hashed.
    package static func appendSource(_ source: Text, to bytes: inout [UInt8]) {
        source.withBytes { bytes.append(contentsOf: $0) }
        bytes.append(0)
    }

    /// The key of a source and a message id as `appendSource` puts them.
    package init(hashing bytes: UnsafeRawBufferPointer) {
        (high, low) = Digest256.first128(bytes)
    }

    /// The keys of messages whose ids are the digits of digests.
    static func keys(source: Text, of digests: [RowDigest]) -> [DedupKey] {
        var maker = KeyMaker(source)
        let words = digests.map { DedupKey(high: $0.high, low: $0.low) }
        return words.withUnsafeBufferPointer { maker.keys($0) }
    }

    package static func < (left: DedupKey, right: DedupKey) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// The key as 16 bytes, highest first.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        withUnsafeBytes(of: high.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: low.bigEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }
}
