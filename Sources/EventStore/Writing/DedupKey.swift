import Columns
package import EventModel

/// What makes a message the same as another: the first 128 bits of SHA-256 over its source and message id. Only rows of event
/// logs, whose ids are digests already, have a key that is made of the digest.
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
        if source == Self.eventLogSource, let digest = RowDigest(hexadecimal: messageID) {
            self = DedupKey(ofEventLogRow: digest)
            return
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.utf8.count + messageID.utf8.count + 1)
        source.withBytes { bytes.append(contentsOf: $0) }
        bytes.append(0)
        messageID.withBytes { bytes.append(contentsOf: $0) }
        (high, low) = bytes.withUnsafeBytes { Digest256.first128($0) }
    }

    // MARK: - Rows

    /// The source of imported event logs. Its message ids are digests of rows that nobody can choose, which makes a second
    /// digest needless; `docs/decisions/0017-keys-of-rows.md` says why no other source may do so.
    package static let eventLogSource: Text = "import/event-log"

    /// What tells the digests of rows from those of all other messages: SHA-256 over the name of the source.
    private static let eventLogMark: DedupKey = {
        let (high, low) = Array(eventLogSource.utf8).withUnsafeBytes { Digest256.first128($0) }
        return DedupKey(high: high, low: low)
    }()

    /// The key of the first row that says what a digest stands for.
    @inline(__always)
    init(ofEventLogRow digest: RowDigest) {
        let mark = Self.eventLogMark
        self.init(high: digest.high ^ mark.high, low: digest.low ^ mark.low)
    }

    /// The keys of messages whose ids are the digits of digests.
    static func keys(source: Text, of digests: some Collection<RowDigest>) -> [DedupKey] {
        if source == eventLogSource { return digests.map { DedupKey(ofEventLogRow: $0) } }
        return digests.map { DedupKey(source: source, messageID: $0.messageID(occurrence: 1)) }
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
