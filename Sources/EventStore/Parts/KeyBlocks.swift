import Columns

/// Where the messages of a part stand, by the first bits of their deduplication keys.
///
/// A prefix alone decides nothing: those of two ids in ten million are alike now and then. Whoever finds one reads the
/// frame of originals it stands with and compares whole keys.
///
/// ```
/// keyPrefixes  for each 256 keys, a group, the first prefix (8) and the bytes of the rest (4); then the groups: how far
///              each of the other prefixes lies above the one before it (`PatchedFrames`)
/// keyFrames    IntegerChunk: the frame of originals in which the message of each key stands
/// ```
struct KeyBlocks {
    /// A key's prefix and the number of its frame in one word, ordered by the prefix.
    struct Entry: Hashable, Comparable, Sendable {
        static let framesMax = 1 << 24

        private let word: UInt64

        /// - Precondition: there are no more than `framesMax` frames.
        init(_ key: DedupKey, frame: Int) { self.init(prefix: KeyBlocks.prefix(of: key), frame: frame) }

        init(prefix: UInt64, frame: Int) {
            precondition(frame >= 0 && frame < Self.framesMax, "frame \(frame) has no place beside a key")
            word = prefix << 24 | UInt64(frame)
        }

        var prefix: UInt64 { word >> 24 }
        var frame: Int { Int(word & 0xFF_FFFF) }

        static func < (left: Entry, right: Entry) -> Bool { left.word < right.word }
    }

    private static let keysPerGroup = 256
    private static let groupHeaderSize = 12
    /// Of ten million absent keys some four hundred read a frame in vain.
    static let prefixBits = 38

    static func prefix(of key: DedupKey) -> UInt64 { key.high >> UInt64(64 - prefixBits) }

    static func chunks(of entries: [Entry]) -> [ChunkDraft] {
        var header: [UInt8] = []
        var groups: [UInt8] = []
        for start in stride(from: 0, to: entries.count, by: keysPerGroup) {
            let group = entries[start..<min(start + keysPerGroup, entries.count)]
            let before = groups.count
            PatchedFrames.append(zip(group, group.dropFirst()).map { $1.prefix - $0.prefix }, to: &groups)
            header.appendLittleEndian(entries[start].prefix)
            header.appendLittleEndian(UInt32(groups.count - before))
        }
        var frames: [UInt8] = []
        IntegerChunk.append(entries.map { Int64($0.frame) }, to: &frames)
        return [ChunkDraft(kind: .keyPrefixes, bytes: header + groups), ChunkDraft(kind: .keyFrames, bytes: frames)]
    }

    /// The first prefix of a group, and its other ones still packed.
    private struct Group {
        let first: UInt64
        let rest: UnsafeRawBufferPointer
    }

    private var groups: [Group] = []
    private let frames: IntegerChunk
    private let count: Int

    /// - Parameter count: how many keys the block has.
    init(
        prefixes: UnsafeRawBufferPointer, frames: UnsafeRawBufferPointer, count: Int
    ) throws(ColumnError) {
        guard count >= 0, count <= PartFormat.keysPerBlock else { throw .inconsistent(.countTooLarge) }
        var headers = ByteReader(prefixes)
        var rest = ByteReader(prefixes)
        let groupCount = (count + Self.keysPerGroup - 1) / Self.keysPerGroup
        try rest.skip(groupCount * Self.groupHeaderSize)
        for _ in 0..<groupCount {
            let first = try headers.readUInt64()
            guard first < 1 << UInt64(Self.prefixBits) else { throw .inconsistent(.codeOutOfRange) }
            groups.append(Group(first: first, rest: try rest.slice(try headers.readCount())))
        }
        guard rest.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        var reader = ByteReader(frames)
        self.frames = try IntegerChunk(&reader, atMost: count)
        guard self.frames.count == count else { throw .inconsistent(.presenceCount) }
        guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        self.count = count
    }

    /// The frames whose messages have a key of this prefix, and whether the block after this one may name more.
    func frames(of prefix: UInt64) throws(ColumnError) -> (frames: [Int], mayGoOn: Bool) {
        var (lower, upper) = (0, groups.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if groups[middle].first < prefix { lower = middle + 1 } else { upper = middle }
        }
        var found: [Int] = []
        // Equal prefixes may begin in the group before.
        for group in max(lower - 1, 0)..<groups.count {
            if groups[group].first > prefix { return (found, false) }
            for (place, other) in try prefixes(ofGroup: group).enumerated() where other >= prefix {
                if other > prefix { return (found, false) }
                found.append(Int(truncatingIfNeeded: frames.value(at: group * Self.keysPerGroup + place)))
            }
        }
        return (found, true)
    }

    /// All entries, in the order in which they are stored.
    func entries() throws(ColumnError) -> [Entry] {
        let frames = try frames.indexes(below: Entry.framesMax)
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for group in groups.indices {
            for prefix in try prefixes(ofGroup: group) {
                entries.append(Entry(prefix: prefix, frame: Int(frames[entries.count])))
            }
        }
        return entries
    }

    private func prefixes(ofGroup group: Int) throws(ColumnError) -> [UInt64] {
        let size = min(Self.keysPerGroup, count - group * Self.keysPerGroup)
        var prefix = groups[group].first
        var prefixes = [prefix]
        prefixes.reserveCapacity(size)
        for difference in try PatchedFrames.values(groups[group].rest, count: size - 1) {
            let (next, overflow) = prefix.addingReportingOverflow(UInt64(bitPattern: difference))
            guard !overflow, next < 1 << UInt64(Self.prefixBits) else { throw .inconsistent(.codeOutOfRange) }
            prefix = next
            prefixes.append(prefix)
        }
        return prefixes
    }
}
