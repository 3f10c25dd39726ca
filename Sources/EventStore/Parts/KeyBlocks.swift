import Columns

/// Deduplication keys of a part: sorted, the first 96 bits of each, and a filter before them.
///
/// Two ids among 10^8 share 96 bits with a chance of about 10^-13, far below that of a disk giving wrong bytes.
///
/// ```
/// keysHigh    IntegerChunk of the first 64 bits, ascending as unsigned numbers
/// keysLow     IntegerChunk of the next 32 bits
/// filterBits  64-bit words of a Bloom filter: a key sets 3 bits of one word
/// ```
enum KeyBlocks {
    /// Bits of the filter per key: about 3 % of absent keys pass it.
    private static let filterBitsPerKey = 10
    static let filterWordsPerBlock = 32_768

    static func chunks(of keys: [DedupKey]) -> [ChunkDraft] {
        var high: [UInt8] = []
        IntegerChunk.append(keys.map { Int64(bitPattern: $0.high) }, to: &high)
        var low: [UInt8] = []
        IntegerChunk.append(keys.map { Int64($0.low >> 32) }, to: &low)
        return [ChunkDraft(kind: .keysHigh, bytes: high), ChunkDraft(kind: .keysLow, bytes: low)]
    }

    static func filterWordCount(keys: Int) -> Int { max(1, (keys * filterBitsPerKey + 63) / 64) }

    /// The word of the filter a key belongs to; ascends with the key.
    static func filterWord(of key: DedupKey, words: Int) -> Int {
        Int(truncatingIfNeeded: key.high.multipliedFullWidth(by: UInt64(words)).high)
    }

    /// The bits of its word that a key sets.
    static func filterMask(of key: DedupKey) -> UInt64 {
        let bits = key.low >> 32
        return 1 << (bits & 63) | 1 << ((bits >> 6) & 63) | 1 << ((bits >> 12) & 63)
    }

    static func filterChunk(_ words: ArraySlice<UInt64>) -> ChunkDraft {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * 8)
        for word in words { bytes.appendLittleEndian(word) }
        return ChunkDraft(kind: .filterBits, bytes: bytes)
    }

    /// Whether a block of keys has one.
    static func contains(
        _ key: DedupKey, high: UnsafeRawBufferPointer, low: UnsafeRawBufferPointer
    ) throws(ColumnError) -> Bool {
        let (highs, lows) = try parse(high: high, low: low)
        var (lower, upper) = (0, highs.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if UInt64(bitPattern: highs.value(at: middle)) < key.high { lower = middle + 1 } else { upper = middle }
        }
        while lower < highs.count, UInt64(bitPattern: highs.value(at: lower)) == key.high {
            if UInt64(bitPattern: lows.value(at: lower)) == key.low >> 32 { return true }
            lower += 1
        }
        return false
    }

    /// The keys of a block; of each only the first 96 bits are known, the others are 0.
    static func keys(
        high: UnsafeRawBufferPointer, low: UnsafeRawBufferPointer
    ) throws(ColumnError) -> [DedupKey] {
        let (highs, lows) = try parse(high: high, low: low)
        return zip(highs.values(), lows.values()).map { high, low in
            DedupKey(high: UInt64(bitPattern: high), low: UInt64(bitPattern: low) << 32)
        }
    }

    private static func parse(
        high: UnsafeRawBufferPointer, low: UnsafeRawBufferPointer
    ) throws(ColumnError) -> (IntegerChunk, IntegerChunk) {
        var highReader = ByteReader(high)
        var lowReader = ByteReader(low)
        let highs = try IntegerChunk(&highReader, atMost: PartFormat.keysPerBlock)
        let lows = try IntegerChunk(&lowReader, atMost: PartFormat.keysPerBlock)
        guard highs.count == lows.count else { throw .inconsistent(.presenceCount) }
        guard highReader.remaining == 0, lowReader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        return (highs, lows)
    }
}
