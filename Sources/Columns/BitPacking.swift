/// Unsigned integers of one width, packed one after the other without gaps.
///
/// Value `i` takes the `width` bits from bit `i * width` on, lowest bit first, in little-endian byte order. Eight zero
/// bytes follow the last value, so that a reader may always load whole words.
package enum BitPacking {
    package static let padding = 8

    /// How many bytes `count` values of `width` bits take, with their padding; nil when that overflows.
    package static func byteCount(count: Int, width: Int) -> Int? {
        if width == 0 || count == 0 { return 0 }
        let (bits, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, bits <= Int.max - 128 else { return nil }
        return (bits + 7) / 8 + padding
    }

    /// How many bits the largest of the values needs.
    package static func width(of largest: UInt64) -> Int { UInt64.bitWidth - largest.leadingZeroBitCount }

    /// Appends `values`, each of which must fit in `width` bits, and the padding.
    package static func append(_ values: [UInt64], width: Int, to bytes: inout [UInt8]) {
        guard width > 0, !values.isEmpty else { return }
        values.withUnsafeBufferPointer { appendBits($0, width: width, to: &bytes) }
        bytes.append(contentsOf: repeatElement(0, count: padding))
    }

    /// How many bytes `count` values of `width` bits take without padding.
    package static func bareByteCount(count: Int, width: Int) -> Int { (count * width + 7) / 8 }

    /// Appends `values`, each of which must fit in `width` bits, without padding: more must follow.
    package static func appendBits(_ values: UnsafeBufferPointer<UInt64>, width: Int, to bytes: inout [UInt8]) {
        appendBits(count: values.count, width: width, to: &bytes) { values[$0] }
    }

    /// The same of the values that `value` gives for each index.
    @inline(__always)
    static func appendBits(count: Int, width: Int, to bytes: inout [UInt8], _ value: (Int) -> UInt64) {
        guard width > 0, count > 0 else { return }
        precondition(width <= 64, "a value has 64 bits, not \(width)")
        let size = bareByteCount(count: count, width: width)
        withUnsafeTemporaryAllocation(byteCount: size + padding, alignment: 8) { target in
            var word: UInt64 = 0
            var used = 0
            var offset = 0
            for index in 0..<count {
                let value = value(index)
                word |= value << UInt64(truncatingIfNeeded: used)
                used &+= width
                if used >= 64 {
                    target.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
                    offset &+= 8
                    used &-= 64
                    // A shift by all 64 bits leaves nothing.
                    word = value >> UInt64(truncatingIfNeeded: width &- used)
                }
            }
            if used > 0 { target.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self) }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: target[..<size]))
        }
    }

    /// The value at `index`; the caller has checked that `bits` holds `byteCount(count:width:)` bytes for a larger count.
    @inline(__always)
    package static func value(at index: Int, width: Int, in bits: UnsafeRawBufferPointer) -> UInt64 {
        if width == 0 { return 0 }
        let bit = index &* width
        let byte = bit >> 3
        let shift = UInt64(truncatingIfNeeded: bit & 7)
        let low = UInt64(littleEndian: bits.loadUnaligned(fromByteOffset: byte, as: UInt64.self)) >> shift
        let mask: UInt64 = width == 64 ? .max : (1 << UInt64(truncatingIfNeeded: width)) &- 1
        if Int(shift) + width <= 64 { return low & mask }
        let high = UInt64(bits[byte &+ 8]) << (64 &- shift)
        return (low | high) & mask
    }
}
