import Columns

/// Which rows of a stretch of a block something holds for: a bit a row.
///
/// Bits of rows outside the stretch are clear.
struct RowMask {
    /// 64 rows a word, the lowest in the lowest bit.
    private(set) var words: [UInt64]
    /// Row 64 x `firstWord` has the lowest bit of the first word.
    let firstWord: Int

    /// Asks for each row of a stretch.
    @inline(__always)
    init(_ rows: Range<Int>, _ holds: (Int) -> Bool) {
        let first = rows.lowerBound >> 6
        let count = rows.isEmpty ? 0 : (rows.upperBound + 63) >> 6 - first
        firstWord = first
        words = [UInt64](unsafeUninitializedCapacity: count) { words, initialized in
            for index in 0..<count {
                var row = max(rows.lowerBound, (first + index) << 6)
                let end = min(rows.upperBound, (first + index + 1) << 6)
                var bits: UInt64 = 0
                while row < end {
                    bits |= (holds(row) ? 1 : 0) << UInt64(truncatingIfNeeded: row & 63)
                    row &+= 1
                }
                words[index] = bits
            }
            initialized = count
        }
    }

    /// The rows that some stretches see of those of all profiles.
    init(_ stretches: Stretches) {
        let rows = stretches.rows
        let first = rows.lowerBound >> 6
        firstWord = first
        words = Array(repeating: 0, count: rows.isEmpty ? 0 : (rows.upperBound + 63) >> 6 - first)
        words.withUnsafeMutableBufferPointer { words in
            for profile in stretches.profiles {
                let (start, end) = stretches.range(profile)
                if start >= end { continue }
                var index = start >> 6
                let last = (end - 1) >> 6
                var bits: UInt64 = ~0 << UInt64(truncatingIfNeeded: start & 63)
                let upTo: UInt64 = ~0 >> UInt64(truncatingIfNeeded: 63 - (end - 1) & 63)
                while index < last {
                    words[index - first] |= bits
                    bits = ~0
                    index &+= 1
                }
                words[index - first] |= bits & upTo
            }
        }
    }

    /// Keeps the rows for which `holds` does, and asks for these only.
    @inline(__always)
    mutating func filter(_ holds: (Int) -> Bool) {
        let first = firstWord
        words.withUnsafeMutableBufferPointer { words in
            for index in words.indices where words[index] != 0 {
                let row = (first &+ index) << 6
                var rest = words[index]
                var bits: UInt64 = 0
                if rest == ~0 {
                    for place in 0..<64 { bits |= (holds(row &+ place) ? 1 : 0) << UInt64(truncatingIfNeeded: place) }
                } else {
                    while rest != 0 {
                        let place = rest.trailingZeroBitCount
                        bits |= (holds(row &+ place) ? 1 : 0) << UInt64(truncatingIfNeeded: place)
                        rest &= rest &- 1
                    }
                }
                words[index] = bits
            }
        }
    }

    /// The rows of a stretch that a set of rows holds.
    init(_ rows: Range<Int>, in set: Bitmap) {
        firstWord = rows.lowerBound >> 6
        words = []
        let end = rows.isEmpty ? firstWord : (rows.upperBound + 63) >> 6
        words.reserveCapacity(end - firstWord)
        for word in firstWord..<end {
            var bits = word < set.words.count ? set.words[word] : 0
            if word == firstWord { bits &= ~0 << UInt64(rows.lowerBound & 63) }
            if word == end - 1, rows.upperBound & 63 != 0 { bits &= ~(~0 << UInt64(rows.upperBound & 63)) }
            words.append(bits)
        }
    }

    /// All rows of a stretch.
    init(all rows: Range<Int>) {
        self.init(rows) { _ in true }
    }

    // Masks that are joined are of the same stretch.

    mutating func formIntersection(_ other: RowMask) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func formUnion(_ other: RowMask) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// Keeps the rows that a set of rows holds.
    mutating func formIntersection(_ set: Bitmap) {
        for index in words.indices {
            words[index] &= firstWord + index < set.words.count ? set.words[firstWord + index] : 0
        }
    }

    /// Leaves out the rows that a set of rows holds.
    mutating func subtract(_ set: Bitmap) {
        for index in words.indices where firstWord + index < set.words.count {
            words[index] &= ~set.words[firstWord + index]
        }
    }

    mutating func subtract(_ other: RowMask) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
    func contains(_ row: Int) -> Bool { words[row >> 6 - firstWord] & 1 << UInt64(row & 63) != 0 }

    /// Lends the words for many questions.
    @inline(__always)
    func withBits<Result>(_ body: (Bits) -> Result) -> Result {
        words.withUnsafeBufferPointer { body(Bits(words: $0, firstWord: firstWord)) }
    }

    /// The words of a mask while they are lent. The rows asked about lie within the mask's stretch.
    struct Bits {
        let words: UnsafeBufferPointer<UInt64>
        let firstWord: Int

        /// The bits of the rows `start..<end` that share the word at `index`.
        @inline(__always)
        private func word(_ index: Int, _ start: Int, _ end: Int) -> UInt64 {
            var bits = words[index - firstWord]
            if index == start >> 6 { bits &= ~0 << UInt64(truncatingIfNeeded: start & 63) }
            if index == (end - 1) >> 6 { bits &= ~0 >> UInt64(truncatingIfNeeded: 63 - (end - 1) & 63) }
            return bits
        }

        /// How many rows of `start..<end` it holds for; stops at the word that reaches `limit`.
        @inline(__always)
        func count(_ start: Int, _ end: Int, upTo limit: Int = .max) -> Int {
            if start >= end { return 0 }
            var count = 0
            // The newest first: what is asked about mostly lies there.
            var index = (end - 1) >> 6
            while index >= start >> 6, count < limit {
                count += word(index, start, end).nonzeroBitCount
                index -= 1
            }
            return count
        }

        /// The first row of `start..<end` it holds for; nil when there is none.
        @inline(__always)
        func first(_ start: Int, _ end: Int) -> Int? {
            if start >= end { return nil }
            for index in start >> 6...(end - 1) >> 6 {
                let bits = word(index, start, end)
                if bits != 0 { return index << 6 + bits.trailingZeroBitCount }
            }
            return nil
        }

        /// The last row of `start..<end` it holds for; nil when there is none.
        @inline(__always)
        func last(_ start: Int, _ end: Int) -> Int? {
            if start >= end { return nil }
            var index = (end - 1) >> 6
            while index >= start >> 6 {
                let bits = word(index, start, end)
                if bits != 0 { return index << 6 + 63 - bits.leadingZeroBitCount }
                index -= 1
            }
            return nil
        }

        /// Calls `body` with each row of `start..<end` it holds for, ascending.
        @inline(__always)
        func forEach(_ start: Int, _ end: Int, _ body: (Int) -> Void) {
            if start >= end { return }
            for index in start >> 6...(end - 1) >> 6 {
                var bits = word(index, start, end)
                while bits != 0 {
                    body(index << 6 + bits.trailingZeroBitCount)
                    bits &= bits &- 1
                }
            }
        }

        @inline(__always)
        func contains(_ row: Int) -> Bool {
            words[row >> 6 - firstWord] & 1 << UInt64(truncatingIfNeeded: row & 63) != 0
        }
    }
}
