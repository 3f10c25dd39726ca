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
    private static let pieceCount = 4_096

    /// Calls `body` with the keys of some messages, a piece at a time, in order.
    func forEachPiece<Failure: Error>(
        of messages: Range<Int>, _ body: (_ first: Int, [DedupKey]) throws(Failure) -> Void
    ) throws(Failure) {
        var start = messages.lowerBound
        while start < messages.upperBound, let stretch = stretch(of: start) {
            let end = min(start + Self.pieceCount, stretch.end, messages.upperBound)
            var keys: [DedupKey]
            if let source = stretch.source {
                keys = words.withUnsafeBufferPointer { words in
                    DedupKey.keys(
                        source: source, of: words[start..<end].lazy.map { RowDigest(high: $0.high, low: $0.low) })
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
