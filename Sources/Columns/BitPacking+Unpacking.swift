internal import CBytes

/// Unpacking many values at once: one check, then eight at a time where the processor can, else as many values from each
/// loaded word as it surely holds.
extension BitPacking {
    /// Fewer are not worth the preparations for eight at a time.
    private static let many = 32

    /// Writes `count` packed values from `first` on, each with `shift` added, from `output` on.
    ///
    /// - Precondition: `bits` reaches eight bytes beyond the last value.
    package static func unpack(
        _ bits: UnsafeRawBufferPointer, from first: Int, count: Int, width: Int, adding shift: UInt32,
        to output: UnsafeMutablePointer<UInt32>
    ) {
        if width == 0 { return output.update(repeating: shift, count: count) }
        check(bits, first, count, width)
        let done = eightAtATime(bits, first, count, width) { start, length, skipped in
            shoal_unpack_codes(start, length, count - skipped, UInt32(width), shift, output + skipped)
        }
        forEach(bits, first, count, width, outside: done) { output[$0] = UInt32(truncatingIfNeeded: $1) &+ shift }
    }

    /// Writes `base + factor * value` of `count` packed values from `first` on, from `output` on. Wraps.
    ///
    /// - Precondition: `bits` reaches eight bytes beyond the last value.
    package static func unpack(
        _ bits: UnsafeRawBufferPointer, from first: Int, count: Int, width: Int, base: Int64, factor: Int64,
        to output: UnsafeMutablePointer<Int64>
    ) {
        if width == 0 { return output.update(repeating: base, count: count) }
        check(bits, first, count, width)
        let done = eightAtATime(bits, first, count, width) { start, length, skipped in
            shoal_unpack_words(start, length, count - skipped, UInt32(width), base, factor, output + skipped)
        }
        forEach(bits, first, count, width, outside: done) {
            output[$0] = base &+ factor &* Int64(bitPattern: $1)
        }
    }

    private static func check(_ bits: UnsafeRawBufferPointer, _ first: Int, _ count: Int, _ width: Int) {
        precondition(width >= 0 && width <= 64 && first >= 0, "values of \(width) bits from \(first)")
        let needed = count > 0 ? bareByteCount(count: first + count, width: width) + padding : 0
        precondition(needed <= bits.count, "\(needed) bytes of \(bits.count)")
    }

    /// Lets `unpack` do many values from the first one on that begins with a byte.
    ///
    /// - Parameter unpack: writes values of the bytes from `start` on, leaving out `skipped`; says how many.
    /// - Returns: which of the values are there.
    @inline(__always)
    private static func eightAtATime(
        _ bits: UnsafeRawBufferPointer, _ first: Int, _ count: Int, _ width: Int,
        _ unpack: (_ start: UnsafePointer<UInt8>, _ length: Int, _ skipped: Int) -> Int
    ) -> Range<Int> {
        guard count >= many, let start = bits.baseAddress else { return 0..<0 }
        let skipped = -first & 7
        let offset = (first + skipped) / 8 * width
        let done = unpack(
            (start + offset).assumingMemoryBound(to: UInt8.self), bits.count - offset, skipped)
        return skipped..<(skipped + done)
    }

    /// Calls `put` with each value but those of `done`, and its index.
    @inline(__always)
    private static func forEach(
        _ bits: UnsafeRawBufferPointer, _ first: Int, _ count: Int, _ width: Int, outside done: Range<Int>,
        _ put: (Int, UInt64) -> Void
    ) {
        if done.isEmpty { return forEach(bits, first, count, width, put) }
        for index in 0..<done.lowerBound { put(index, value(at: first &+ index, width: width, in: bits)) }
        for index in done.upperBound..<count { put(index, value(at: first &+ index, width: width, in: bits)) }
    }

    @inline(__always)
    private static func forEach(
        _ bits: UnsafeRawBufferPointer, _ first: Int, _ count: Int, _ width: Int, _ put: (Int, UInt64) -> Void
    ) {
        guard count > 0, let start = bits.baseAddress else { return }
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
