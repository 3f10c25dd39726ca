/// Sorting of words by the million.
package enum WordOrder {
    /// Sorts words by their bits from `lowest` on; words that are equal there stay in their order.
    ///
    /// By the highest 11 bits first, which leaves groups that the processor has at hand, then each of them from its lowest
    /// digit up. Complexity: O(words x bits).
    ///
    /// - Parameter scratch: as many words, for use meanwhile.
    package static func sort(
        _ words: UnsafeMutableBufferPointer<UInt64>, from lowest: Int, scratch: UnsafeMutableBufferPointer<UInt64>
    ) {
        precondition(words.count == scratch.count, "\(scratch.count) words of scratch for \(words.count)")
        precondition((0..<64).contains(lowest), "a word has no bit \(lowest)")
        guard words.count > 1 else { return }
        let top = min(11, 64 - lowest)
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << top + 1) { starts in
            starts.initialize(repeating: 0)
            let shift = UInt64(64 - top)
            for word in words { starts[Int(truncatingIfNeeded: word >> shift) &+ 1] &+= 1 }
            for digit in 0..<(1 << top) { starts[digit &+ 1] &+= starts[digit] }
            for word in words {
                let digit = Int(truncatingIfNeeded: word >> shift)
                scratch[starts[digit]] = word
                starts[digit] &+= 1
            }
            var start = 0
            for digit in 0..<(1 << top) {
                let end = starts[digit]
                if end > start {
                    sortGroup(
                        UnsafeMutableBufferPointer(rebasing: scratch[start..<end]), bits: lowest..<(64 - top),
                        to: UnsafeMutableBufferPointer(rebasing: words[start..<end]))
                }
                start = end
            }
        }
    }

    /// The same of an array.
    package static func sort(_ words: inout [UInt64], from lowest: Int) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words.count) { scratch in
            scratch.initialize(repeating: 0)
            words.withUnsafeMutableBufferPointer { sort($0, from: lowest, scratch: scratch) }
        }
    }

    /// Sorts a group from its lowest digit up and leaves it in `target`.
    private static func sortGroup(
        _ words: UnsafeMutableBufferPointer<UInt64>, bits: Range<Int>, to target: UnsafeMutableBufferPointer<UInt64>
    ) {
        if words.count <= 32 { return insert(words, bits, to: target) }
        var (from, to) = (words, target)
        var low = bits.lowerBound
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 513) { starts in
            while low < bits.upperBound {
                let width = min(9, bits.upperBound - low)
                let (shift, mask) = (UInt64(low), UInt64(1 << width) - 1)
                starts.initialize(repeating: 0)
                for word in from { starts[Int(truncatingIfNeeded: word >> shift & mask) &+ 1] &+= 1 }
                for digit in 0..<(1 << width) { starts[digit &+ 1] &+= starts[digit] }
                for word in from {
                    let digit = Int(truncatingIfNeeded: word >> shift & mask)
                    to[starts[digit]] = word
                    starts[digit] &+= 1
                }
                swap(&from, &to)
                low += width
            }
        }
        if from.baseAddress != target.baseAddress { _ = target.update(from: from) }
    }

    private static func insert(
        _ words: UnsafeMutableBufferPointer<UInt64>, _ bits: Range<Int>, to target: UnsafeMutableBufferPointer<UInt64>
    ) {
        let shift = UInt64(bits.lowerBound)
        for (place, word) in words.enumerated() {
            var hole = place
            while hole > 0, target[hole &- 1] >> shift > word >> shift {
                target[hole] = target[hole &- 1]
                hole &-= 1
            }
            target[hole] = word
        }
    }
}
