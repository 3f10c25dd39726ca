/// Appends little-endian integers to a byte array.
extension [UInt8] {
    package mutating func appendLittleEndian<Integer: FixedWidthInteger>(_ value: Integer) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Overwrites the bytes from `offset` on with `value`; the array must already reach that far.
    package mutating func replaceLittleEndian<Integer: FixedWidthInteger>(_ value: Integer, at offset: Int) {
        precondition(
            offset >= 0 && offset + Integer.bitWidth / 8 <= count, "offset \(offset) lies outside \(count) bytes")
        Swift.withUnsafeBytes(of: value.littleEndian) { source in
            for (index, byte) in source.enumerated() { self[offset + index] = byte }
        }
    }

    /// Appends zero bytes until the count is a multiple of `alignment`.
    package mutating func pad(toMultipleOf alignment: Int) {
        let rest = count % alignment
        if rest != 0 { append(contentsOf: repeatElement(0, count: alignment - rest)) }
    }
}
