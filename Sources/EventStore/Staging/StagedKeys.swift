import Columns
import EventModel

/// The deduplication keys of staged messages: of rows of a table only what the rows say, of which the keys are made when
/// they are needed.
struct StagedKeys: Sendable {
    /// Messages up to `end` that come one after the other.
    private struct Stretch: Sendable {
        var end: Int
        /// Of rows; nil for messages, whose keys are there.
        var source: Text?
    }

    /// Keys, or digests of rows.
    private var words = StagedArray<DedupKey>()
    private var stretches: [Stretch] = []
    /// Of rows that are not the first of their kind.
    private var others: [Int: DedupKey] = [:]

    var count: Int { words.count }
    var byteCount: Int { words.byteCount }

    mutating func reserve(_ count: Int) { words.reserve(count) }

    mutating func append(_ key: DedupKey) {
        words.append(key)
        extend(source: nil)
    }

    mutating func append(digests: [RowDigest], source: Text) {
        words.append(count: digests.count) { target in
            for (index, digest) in digests.enumerated() { target[index] = DedupKey(high: digest.high, low: digest.low) }
        }
        extend(source: source)
    }

    private mutating func extend(source: Text?) {
        if let last = stretches.indices.last, stretches[last].source == source {
            stretches[last].end = words.count
        } else {
            stretches.append(Stretch(end: words.count, source: source))
        }
    }

    /// Says that a message has another key than its row's first occurrence would have.
    mutating func set(_ key: DedupKey, at message: Int) { others[message] = key }

    private func stretch(of message: Int) -> Stretch? {
        var (lower, upper) = (0, stretches.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if stretches[middle].end <= message { lower = middle + 1 } else { upper = middle }
        }
        return lower < stretches.count ? stretches[lower] : nil
    }

    /// What a staged row says, and its source; nil for a single message.
    func row(_ message: Int) -> (digest: RowDigest, source: Text)? {
        guard let source = stretch(of: message)?.source else { return nil }
        return (RowDigest(high: words[message].high, low: words[message].low), source)
    }

    subscript(message: Int) -> DedupKey {
        if let other = others[message] { return other }
        guard let row = row(message) else { return words[message] }
        return DedupKey(source: row.source, messageID: row.digest.messageID(occurrence: 1))
    }

    /// How many keys are made at a time.
    private static let pieceCount = 256

    /// Calls `body` with the keys of some messages, a piece at a time, in order.
    func forEachPiece<Failure: Error>(
        of messages: Range<Int>, _ body: (_ first: Int, [DedupKey]) throws(Failure) -> Void
    ) throws(Failure) {
        var start = messages.lowerBound
        var maker: (source: Text, maker: KeyMaker)?
        while start < messages.upperBound, let stretch = stretch(of: start) {
            let end = min(start + Self.pieceCount, stretch.end, messages.upperBound)
            var keys: [DedupKey]
            if let source = stretch.source {
                if maker?.source != source { maker = (source, KeyMaker(source)) }
                keys = words.withUnsafeBufferPointer { words in
                    maker?.maker.keys(UnsafeBufferPointer(rebasing: words[start..<end])) ?? []
                }
            } else {
                keys = words.withUnsafeBufferPointer { Array($0[start..<end]) }
            }
            if !others.isEmpty {
                for message in start..<end { if let other = others[message] { keys[message - start] = other } }
            }
            try body(start, keys)
            start = end
        }
    }
}

/// Makes the keys of rows of one source, many at a time.
struct KeyMaker {
    /// Pieces as they are hashed: the source, a zero byte and room for the digits of a digest, each in blocks of its own.
    private var bytes: [UInt8]
    private let prefixCount: Int
    private let size: Int
    private static let countMax = 256

    init(_ source: Text) {
        var prefix: [UInt8] = []
        DedupKey.appendSource(source, to: &prefix)
        prefixCount = prefix.count
        size = Digest256.paddedCount(prefix.count + 32)
        bytes = Array(repeating: 0, count: size * Self.countMax)
        for piece in 0..<Self.countMax {
            bytes.replaceSubrange(piece * size..<piece * size + prefix.count, with: prefix)
        }
    }

    /// - Parameter digests: as keys.
    mutating func keys(_ digests: UnsafeBufferPointer<DedupKey>) -> [DedupKey] {
        var keys: [DedupKey] = []
        keys.reserveCapacity(digests.count)
        let length = UInt32(prefixCount + 32)
        for start in stride(from: 0, to: digests.count, by: Self.countMax) {
            let piece = digests[start..<min(start + Self.countMax, digests.count)]
            bytes.withUnsafeMutableBytes { bytes in
                for (place, digest) in piece.enumerated() {
                    RowDigest(high: digest.high, low: digest.low).writeHexadecimal(
                        to: UnsafeMutableRawBufferPointer(rebasing: bytes[(place * size + prefixCount)...]))
                }
                Digest256.first128(
                    bytes, blocks: piece.indices.map { UInt32(($0 - start) * size / Digest256.blockSize) },
                    lengths: Array(repeating: length, count: piece.count)
                ) { _, high, low in keys.append(DedupKey(high: high, low: low)) }
            }
        }
        return keys
    }
}
