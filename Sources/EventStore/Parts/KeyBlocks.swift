import Columns

/// Where the messages of a part stand, by the first bits of their deduplication keys.
///
/// A prefix alone decides nothing: those of two ids in ten million are alike now and then. Whoever finds one reads the
/// frame of originals it stands with and compares whole keys.
///
/// ```
/// keyPrefixes  SectionedValues, a section for each 256 keys: the first 40 bits of each key, ascending
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

        /// Some entries in their order.
        ///
        /// Prefixes are random, so sorting by their first bits leaves a few in each group. Complexity: O(entries).
        static func sorted(_ entries: [Entry]) -> [Entry] {
            let bits = min(16, max(0, Int.bitWidth - (entries.count / 16).leadingZeroBitCount))
            guard bits > 0 else { return entries.sorted() }
            let shift = UInt64(64 - bits)
            var ends = [Int](repeating: 0, count: 1 << bits)
            for entry in entries { ends[Int(entry.word >> shift)] += 1 }
            var sum = 0
            for group in ends.indices {
                sum += ends[group]
                ends[group] = sum
            }
            let starts = ends
            var sorted = [Entry](unsafeUninitializedCapacity: entries.count) { sorted, count in
                for entry in entries.reversed() {
                    let group = Int(entry.word >> shift)
                    ends[group] &-= 1
                    sorted.initializeElement(at: ends[group], to: entry)
                }
                count = entries.count
            }
            sorted.withUnsafeMutableBufferPointer { sorted in
                var start = 0
                for end in starts where end > start {
                    sorted[start..<end].sort()
                    start = end
                }
            }
            return sorted
        }
    }

    private static let keysPerSection = 256
    private static let prefixBits = 40

    static func prefix(of key: DedupKey) -> UInt64 { key.high >> UInt64(64 - prefixBits) }

    static func chunks(of entries: [Entry]) -> [ChunkDraft] {
        var prefixes: [UInt8] = []
        let sections = stride(from: 0, to: entries.count, by: keysPerSection).map { start in
            [UInt32(start), UInt32(min(start + keysPerSection, entries.count))]
        }
        SectionedValues.append(
            entries.map { Int64($0.prefix) }, at: nil, sections: sections, areCodes: true, to: &prefixes)
        var frames: [UInt8] = []
        IntegerChunk.append(entries.map { Int64($0.frame) }, to: &frames)
        return [ChunkDraft(kind: .keyPrefixes, bytes: prefixes), ChunkDraft(kind: .keyFrames, bytes: frames)]
    }

    private let prefixes: SectionedValues
    private let frames: IntegerChunk
    private let count: Int

    /// - Parameter count: how many keys the block has.
    init(
        prefixes: UnsafeRawBufferPointer, frames: UnsafeRawBufferPointer, count: Int
    ) throws(ColumnError) {
        guard count <= PartFormat.keysPerBlock else { throw .inconsistent(.countTooLarge) }
        let shapes = stride(from: 0, to: count, by: Self.keysPerSection).map { start in
            SectionedValues.Shape(rows: min(Self.keysPerSection, count - start), runs: 1)
        }
        self.prefixes = try SectionedValues(prefixes, shapes: shapes)
        guard self.prefixes.sections.count == shapes.count, self.prefixes.sections.allSatisfy(\.hasAll) else {
            throw .inconsistent(.presenceCount)
        }
        var reader = ByteReader(frames)
        self.frames = try IntegerChunk(&reader, atMost: count)
        guard self.frames.count == count else { throw .inconsistent(.presenceCount) }
        guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        self.count = count
    }

    /// The frames whose messages have a key of this prefix, and whether the block after this one may name more.
    func frames(of prefix: UInt64) -> (frames: [Int], mayGoOn: Bool) {
        var place = firstPlace(from: prefix)
        var found: [Int] = []
        while place < count, self.prefix(at: place) == prefix {
            found.append(Int(truncatingIfNeeded: frames.value(at: place)))
            place += 1
        }
        return (found, place == count)
    }

    /// All entries, in the order in which they are stored.
    func entries() throws(ColumnError) -> [Entry] {
        let frames = try frames.indexes(below: Entry.framesMax)
        return frames.enumerated().map { Entry(prefix: prefix(at: $0.offset), frame: Int($0.element)) }
    }

    private func prefix(at place: Int) -> UInt64 {
        let value = prefixes.sections[place / Self.keysPerSection].number(at: place % Self.keysPerSection)
        return UInt64(bitPattern: value) & ((1 << UInt64(Self.prefixBits)) - 1)
    }

    /// The first place with this prefix or a larger one.
    private func firstPlace(from prefix: UInt64) -> Int {
        var (lower, upper) = (0, count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if self.prefix(at: middle) < prefix { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}
