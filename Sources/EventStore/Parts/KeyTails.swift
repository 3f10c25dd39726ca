import Synchronization

/// What follows the prefixes of a part's keys, eight bits of each, in the order of its key blocks.
///
/// Only in memory, while an import goes on that makes several parts: of twenty million rows some 1,500 share a prefix with a row of a
/// part that has as many, and to find out that nothing else of their keys is alike costs reading the frames they name. With
/// the tails six are left.
struct KeyTails: Sendable {
    private let tails: [UInt8]

    /// Complexity: O(n); 1 byte a key.
    init(of order: KeyOrder, _ keys: StagedKeys) {
        // Keys are made piece by piece in the order of messages; one by one they would take ten times as long.
        var ofMessages: [UInt8] = []
        ofMessages.reserveCapacity(keys.count)
        keys.forEachPiece(of: 0..<keys.count) { _, piece in
            ofMessages.append(contentsOf: piece.lazy.map(Self.tail(of:)))
        }
        tails = (0..<order.count).map { ofMessages[order.message($0)] }
    }

    var byteCount: Int { tails.count }

    /// Whether the key at a place among all of the part can be this one, if they share their prefix.
    func mayBe(_ key: DedupKey, at place: Int) -> Bool {
        !tails.indices.contains(place) || tails[place] == Self.tail(of: key)
    }

    private static func tail(of key: DedupKey) -> UInt8 {
        UInt8(truncatingIfNeeded: key.high >> UInt64(64 - KeyBlocks.prefixBits - 8))
    }
}

extension PartFile {
    /// All parts of an import together keep no more bytes.
    private static let keyTailsMax = 1 << 28

    /// Keeps the tails of the part's own keys, as long as those of the import's other parts leave room.
    func keep(_ tails: KeyTails, beside others: [PartFile]) {
        let kept = others.reduce(tails.byteCount) { $0 + ($1.keyTails.withLock { $0?.byteCount } ?? 0) }
        // Keys that were left out at the last moment have moved the others.
        guard kept <= Self.keyTailsMax, tails.byteCount == index.keyBlocks.reduce(0, { $0 + $1.keys }) else { return }
        keyTails.withLock { $0 = tails }
    }

    func forgetKeyTails() { keyTails.withLock { $0 = nil } }
}
