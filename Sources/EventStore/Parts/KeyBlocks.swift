import Columns

/// Where the messages of a part stand, by the first bits of their deduplication keys.
///
/// A prefix alone decides nothing: those of two ids in ten million are alike now and then. Whoever finds one reads the
/// frame of originals it stands with and compares whole keys.
///
/// ```
/// keyGaps      width of what is stored of a distance as it is (1); for each 256 keys, a group, the first prefix (5) and the
///              bytes of the rest (2); then the groups: how far each of the other prefixes lies above the one before it
///              (`KeyGaps`); eight zero bytes
/// keyFrames    IntegerChunk: the frame of originals in which the message of each key stands
/// ```
///
/// Parts of older formats have `keyPrefixes` in place of `keyGaps`: for each group the first prefix (8) and the bytes of the
/// rest (4), then the groups, distances as `PatchedFrames`.
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
    /// Of ten million absent keys some four hundred read a frame in vain.
    static let prefixBits = 38

    static func prefix(of key: DedupKey) -> UInt64 { key.high >> UInt64(64 - prefixBits) }

    static func chunks(of entries: [Entry]) -> [ChunkDraft] {
        let total = (entries.last?.prefix ?? 0) - (entries.first?.prefix ?? 0)
        let width = KeyGaps.width(of: entries.count - 1, total: total)
        var header: [UInt8] = [UInt8(width)]
        var groups: [UInt8] = []
        for start in stride(from: 0, to: entries.count, by: keysPerGroup) {
            let group = entries[start..<min(start + keysPerGroup, entries.count)]
            let before = groups.count
            KeyGaps.append(gaps(of: group), width: width, to: &groups)
            header.appendLittleEndian(UInt32(truncatingIfNeeded: entries[start].prefix))
            header.append(UInt8(entries[start].prefix >> 32))
            header.appendLittleEndian(UInt16(groups.count - before))
        }
        groups.append(contentsOf: repeatElement(0, count: BitPacking.padding))
        var frames: [UInt8] = []
        IntegerChunk.append(entries.map { Int64($0.frame) }, to: &frames)
        return [ChunkDraft(kind: .keyGaps, bytes: header + groups), ChunkDraft(kind: .keyFrames, bytes: frames)]
    }

    /// How far each prefix but the first lies above the one before it.
    private static func gaps(of group: ArraySlice<Entry>) -> [UInt64] {
        group.withUnsafeBufferPointer { group in
            [UInt64](unsafeUninitializedCapacity: group.count) { gaps, count in
                for index in 1..<max(group.count, 1) {
                    gaps[index &- 1] = group[index].prefix &- group[index &- 1].prefix
                }
                count = group.count - 1
            }
        }
    }

    /// The first prefix of a group, and its other ones still packed.
    private struct Group {
        let first: UInt64
        /// With all that follows.
        let rest: UnsafeRawBufferPointer
        let size: Int
    }

    /// How the prefixes of a block are stored.
    enum Form {
        case gaps
        /// In parts of older formats.
        case frames
    }

    private var groups: [Group] = []
    private let form: Form
    /// Of gaps.
    private var width = 0
    private let frames: IntegerChunk
    private let count: Int

    /// - Parameter count: how many keys the block has.
    init(
        _ form: Form, _ prefixes: UnsafeRawBufferPointer, frames: UnsafeRawBufferPointer, count: Int
    ) throws(ColumnError) {
        guard count >= 0, count <= PartFormat.keysPerBlock else { throw .inconsistent(.countTooLarge) }
        self.form = form
        var headers = ByteReader(prefixes)
        if form == .gaps { width = Int(try headers.readUInt8()) }
        let groupCount = (count + Self.keysPerGroup - 1) / Self.keysPerGroup
        var rest = headers
        try rest.skip(groupCount * (form == .gaps ? 7 : 12))
        for _ in 0..<groupCount {
            let first = form == .gaps ? try Self.shortPrefix(&headers) : try headers.readUInt64()
            guard first < 1 << UInt64(Self.prefixBits) else { throw .inconsistent(.codeOutOfRange) }
            let size = form == .gaps ? Int(try headers.read(UInt16.self)) : try headers.readCount()
            let start = rest.offset
            try rest.skip(size)
            groups.append(Group(first: first, rest: UnsafeRawBufferPointer(rebasing: prefixes[start...]), size: size))
        }
        guard rest.remaining == (form == .gaps ? BitPacking.padding : 0) else { throw .inconsistent(.trailingBytes) }
        var reader = ByteReader(frames)
        self.frames = try IntegerChunk(&reader, atMost: count)
        guard self.frames.count == count else { throw .inconsistent(.presenceCount) }
        guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        self.count = count
    }

    private static func shortPrefix(_ reader: inout ByteReader) throws(ColumnError) -> UInt64 {
        let lower = try reader.read(UInt32.self)
        return UInt64(lower) | UInt64(try reader.readUInt8()) << 32
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
        for gap in try gaps(ofGroup: groups[group], count: size - 1) {
            let (next, overflow) = prefix.addingReportingOverflow(gap)
            guard !overflow, next < 1 << UInt64(Self.prefixBits) else { throw .inconsistent(.codeOutOfRange) }
            prefix = next
            prefixes.append(prefix)
        }
        return prefixes
    }

    private func gaps(ofGroup group: Group, count: Int) throws(ColumnError) -> [UInt64] {
        switch form {
        case .gaps:
            return try KeyGaps.values(group.rest, size: group.size, count: count, width: width)
        case .frames:
            let bytes = UnsafeRawBufferPointer(rebasing: group.rest[..<group.size])
            return try PatchedFrames.values(bytes, count: count).map { UInt64(bitPattern: $0) }
        }
    }
}
