/// Unpacking many values at once: one check, then as many values from each loaded word as it surely holds.
extension BitPacking {
    /// Writes `count` packed values from `first` on, each with `shift` added, from `output` on.
    ///
    /// - Precondition: `bits` reaches eight bytes beyond the last value.
    package static func unpack(
        _ bits: UnsafeRawBufferPointer, from first: Int, count: Int, width: Int, adding shift: UInt32,
        to output: UnsafeMutablePointer<UInt32>
    ) {
        if width == 0 { return output.update(repeating: shift, count: count) }
        forEach(bits, first, count, width) { output[$0] = UInt32(truncatingIfNeeded: $1) &+ shift }
    }

    /// Writes `base + factor * value` of `count` packed values from `first` on, from `output` on. Wraps.
    ///
    /// - Precondition: `bits` reaches eight bytes beyond the last value.
    package static func unpack(
        _ bits: UnsafeRawBufferPointer, from first: Int, count: Int, width: Int, base: Int64, factor: Int64,
        to output: UnsafeMutablePointer<Int64>
    ) {
        if width == 0 { return output.update(repeating: base, count: count) }
        if factor == 1 {
            forEach(bits, first, count, width) { output[$0] = base &+ Int64(bitPattern: $1) }
        } else {
            forEach(bits, first, count, width) { output[$0] = base &+ factor &* Int64(bitPattern: $1) }
        }
    }

    @inline(__always)
    private static func forEach(
        _ bits: UnsafeRawBufferPointer, _ first: Int, _ count: Int, _ width: Int, _ put: (Int, UInt64) -> Void
    ) {
        guard count > 0, let start = bits.baseAddress else { return }
        precondition(width >= 0 && width <= 64 && first >= 0, "values of \(width) bits from \(first)")
        let needed = bareByteCount(count: first + count, width: width) + padding
        precondition(needed <= bits.count, "\(needed) bytes of \(bits.count)")
        // Seven bits of a word may belong to the value before.
        switch width {
        case 0...7: forEach(start, first, count, width, inWord: 8, put)
        case 8...14: forEach(start, first, count, width, inWord: 4, put)
        case 15...28: forEach(start, first, count, width, inWord: 2, put)
        case 29...57: forEach(start, first, count, width, inWord: 1, put)
        default: for index in 0..<count { put(index, value(at: first &+ index, width: width, in: bits)) }
        }
    }

    @inline(__always)
    private static func forEach(
        _ start: UnsafeRawPointer, _ first: Int, _ count: Int, _ width: Int, inWord: Int,
        _ put: (Int, UInt64) -> Void
    ) {
        let mask: UInt64 = (1 << UInt64(truncatingIfNeeded: width)) &- 1
        let step = UInt64(truncatingIfNeeded: width)
        var bit = first &* width
        var index = 0
        while index &+ inWord <= count {
            var word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
            word >>= UInt64(truncatingIfNeeded: bit & 7)
            for place in 0..<inWord {
                put(index &+ place, word & mask)
                word &>>= step
            }
            index &+= inWord
            bit &+= width &* inWord
        }
        while index < count {
            let word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
            put(index, (word >> UInt64(truncatingIfNeeded: bit & 7)) & mask)
            index &+= 1
            bit &+= width
        }
    }
}
