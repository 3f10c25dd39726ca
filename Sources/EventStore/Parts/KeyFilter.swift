/// A Bloom filter over the prefixes of a part's keys, made of them where many keys are asked for: ten bits a key in
/// memory, and nothing on the disk. About 3 % of absent keys pass it.
struct KeyFilter: Sendable {
    private static let bitsPerKey = 10

    private var words: [UInt64]

    /// - Parameter count: how many keys will come.
    init(count: Int) {
        words = Array(repeating: 0, count: max(1, (count * Self.bitsPerKey + 63) / 64))
    }

    mutating func insert(prefix: UInt64) {
        let (word, mask) = place(of: prefix)
        words[word] |= mask
    }

    /// False only for keys that the part does not have.
    func mayContain(_ key: DedupKey) -> Bool {
        let (word, mask) = place(of: KeyBlocks.prefix(of: key))
        return words[word] & mask == mask
    }

    /// A prefix has three bits of one word.
    private func place(of prefix: UInt64) -> (word: Int, mask: UInt64) {
        let spread = prefix &* 0x9E37_79B9_7F4A_7C15
        let word = Int(truncatingIfNeeded: spread.multipliedFullWidth(by: UInt64(words.count)).high)
        let bits = spread ^ (spread >> 29)
        return (word, 1 << (bits & 63) | 1 << ((bits >> 6) & 63) | 1 << ((bits >> 12) & 63))
    }
}

extension PartFile {
    /// Whether the filter has been made.
    var hasFilter: Bool { filters.known(0) != nil }

    /// The filter over the part's keys, for many questions; made at the first call.
    func filter() throws(EventStoreError) -> KeyFilter {
        try filters.value(of: 0) { () throws(EventStoreError) in
            var filter = KeyFilter(count: index.totals.messages)
            for number in index.keyBlocks.indices {
                for entry in try keyEntries(number) { filter.insert(prefix: entry.prefix) }
            }
            return filter
        }
    }
}
