/// A set of small whole numbers, one bit each: rows of a block, or dense profile numbers.
///
/// Choose it where the numbers are dense; a few scattered numbers among millions are better kept as a sorted array.
/// Two bitmaps are equal when they hold the same numbers, whatever room they have.
package struct Bitmap: Sendable {
    /// 64 numbers a word, the lowest in the lowest bit.
    package private(set) var words: [UInt64]

    /// An empty set with room for `0..<capacity`; it grows when larger numbers come.
    package init(capacity: Int = 0) {
        words = Array(repeating: 0, count: (Swift.max(capacity, 0) + 63) / 64)
    }

    /// The set whose words are given, the lowest number in the lowest bit of the first.
    package init(words: [UInt64]) {
        self.words = words
    }

    /// All of `0..<count`.
    package init(full count: Int) {
        self.init(capacity: count)
        for index in words.indices { words[index] = ~0 }
        if count % 64 != 0, let last = words.indices.last { words[last] = (1 << UInt64(count % 64)) - 1 }
    }

    package func contains(_ number: Int) -> Bool {
        guard number >= 0 else { return false }
        let word = number >> 6
        return word < words.count && words[word] & (1 << UInt64(number & 63)) != 0
    }

    /// - Precondition: `number` is not negative.
    package mutating func insert(_ number: Int) {
        precondition(number >= 0, "bitmap holds no negative number: \(number)")
        let word = number >> 6
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        words[word] |= 1 << UInt64(number & 63)
    }

    /// Adds many numbers at once.
    package mutating func insert(_ numbers: [UInt32]) {
        guard let largest = numbers.max() else { return }
        let count = Int(largest) >> 6 + 1
        if count > words.count { words.append(contentsOf: repeatElement(0, count: count - words.count)) }
        words.withUnsafeMutableBufferPointer { words in
            for number in numbers { words[Int(number >> 6)] |= 1 << UInt64(number & 63) }
        }
    }

    /// Adds all numbers of a range.
    ///
    /// - Precondition: the range holds no negative number.
    package mutating func insert(_ range: Range<Int>) {
        guard let last = range.last else { return }
        precondition(range.lowerBound >= 0, "bitmap holds no negative number: \(range.lowerBound)")
        let (first, end) = (range.lowerBound >> 6, last >> 6)
        if end >= words.count { words.append(contentsOf: repeatElement(0, count: end + 1 - words.count)) }
        let low: UInt64 = ~0 << UInt64(range.lowerBound & 63)
        let high: UInt64 = ~0 >> UInt64(63 - (last & 63))
        if first == end {
            words[first] |= low & high
            return
        }
        words[first] |= low
        for word in (first + 1)..<end { words[word] = ~0 }
        words[end] |= high
    }

    package mutating func remove(_ number: Int) {
        guard number >= 0, number >> 6 < words.count else { return }
        words[number >> 6] &= ~(1 << UInt64(number & 63))
    }

    /// How many numbers it holds. Complexity: O(words).
    package var count: Int {
        var total = 0
        for word in words { total += word.nonzeroBitCount }
        return total
    }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    package mutating func formUnion(_ other: Bitmap) {
        if other.words.count > words.count {
            words.append(contentsOf: repeatElement(0, count: other.words.count - words.count))
        }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    package mutating func formIntersection(_ other: Bitmap) {
        for index in words.indices { words[index] &= index < other.words.count ? other.words[index] : 0 }
    }

    /// Keeps what is in just one of both.
    package mutating func formSymmetricDifference(_ other: Bitmap) {
        if other.words.count > words.count {
            words.append(contentsOf: repeatElement(0, count: other.words.count - words.count))
        }
        for index in other.words.indices { words[index] ^= other.words[index] }
    }

    package mutating func subtract(_ other: Bitmap) {
        for index in words.indices where index < other.words.count { words[index] &= ~other.words[index] }
    }

    /// How many numbers both hold. Complexity: O(words), no allocation.
    package func intersectionCount(_ other: Bitmap) -> Int {
        var total = 0
        for index in 0..<Swift.min(words.count, other.words.count) {
            total += (words[index] & other.words[index]).nonzeroBitCount
        }
        return total
    }
}

extension Bitmap: Sequence {
    /// The numbers, ascending.
    package struct Iterator: IteratorProtocol {
        private let words: [UInt64]
        private var index = -1
        private var rest: UInt64 = 0

        fileprivate init(_ words: [UInt64]) {
            self.words = words
        }

        package mutating func next() -> Int? {
            while rest == 0 {
                index += 1
                guard index < words.count else { return nil }
                rest = words[index]
            }
            let bit = rest.trailingZeroBitCount
            rest &= rest &- 1
            return index * 64 + bit
        }
    }

    package func makeIterator() -> Iterator { Iterator(words) }

    /// What `Sequence.contains` asks first. A file that does not import this module sees only that one.
    package func _customContainsEquatableElement(_ element: Int) -> Bool? { contains(element) }

    package var underestimatedCount: Int { 0 }
}

extension Bitmap: Hashable {
    package static func == (left: Bitmap, right: Bitmap) -> Bool {
        let common = Swift.min(left.words.count, right.words.count)
        return left.words[..<common] == right.words[..<common]
            && left.words[common...].allSatisfy { $0 == 0 } && right.words[common...].allSatisfy { $0 == 0 }
    }

    package func hash(into hasher: inout Hasher) {
        let used = words.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        for word in words[..<used] { hasher.combine(word) }
    }
}
