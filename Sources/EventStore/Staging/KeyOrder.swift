import Columns

/// Staged messages in the order of the prefixes of their keys; those of one prefix in the order of arrival.
struct KeyOrder {
    /// A prefix above the message's number.
    private var words = StagedArray<UInt64>()
    private static let messageBits = 64 - KeyBlocks.prefixBits
    static let messagesMax = 1 << messageBits

    /// - Parameter left: messages that are left out.
    init(_ keys: StagedKeys, without left: LeftOut = LeftOut()) {
        precondition(keys.count <= Self.messagesMax, "\(keys.count) messages are too many for one part")
        words.reserve(keys.count)
        keys.forEachPiece(of: 0..<keys.count) { first, keys in
            words.append(count: keys.count) { target in
                for (index, key) in keys.enumerated() {
                    target[index] = KeyBlocks.prefix(of: key) << UInt64(Self.messageBits) | UInt64(first + index)
                }
            }
        }
        if left.count > 0 { remove(left) }
        var scratch = StagedArray<UInt64>()
        scratch.append(count: words.count) { _ in }
        words.withUnsafeMutableBufferPointer { words in
            scratch.withUnsafeMutableBufferPointer { scratch in
                WordOrder.sort(words, from: Self.messageBits, scratch: scratch)
            }
        }
    }

    var count: Int { words.count }

    @inline(__always)
    func prefix(_ index: Int) -> UInt64 { words[index] >> UInt64(Self.messageBits) }

    @inline(__always)
    func message(_ index: Int) -> Int { Int(truncatingIfNeeded: words[index] & UInt64(Self.messagesMax - 1)) }

    /// Messages that share their prefix with one before them, each list in the order of arrival.
    func shared() -> [[Int]] {
        var lists: [[Int]] = []
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, prefix(end) == prefix(start) { end += 1 }
            if end - start > 1 { lists.append((start..<end).map { message($0) }) }
            start = end
        }
        return lists
    }

    /// Takes messages out.
    mutating func remove(_ left: LeftOut) {
        var kept = 0
        words.withUnsafeMutableBufferPointer { words in
            for word in words where !left.contains(Int(truncatingIfNeeded: word & UInt64(Self.messagesMax - 1))) {
                words[kept] = word
                kept += 1
            }
        }
        words.removeLast(words.count - kept)
    }
}
