/// Reads little-endian integers and byte runs from a buffer, checking each length first.
///
/// The buffer is borrowed: whoever makes a reader keeps the bytes alive while it is in use.
package struct ByteReader {
    package let bytes: UnsafeRawBufferPointer
    package private(set) var offset: Int

    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        self.offset = 0
    }

    package var remaining: Int { bytes.count - offset }

    package mutating func read<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(ColumnError) -> Integer {
        let size = Integer.bitWidth / 8
        try need(size)
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self)
        offset += size
        return Integer(littleEndian: value)
    }

    // For other targets, in which a generic call would not become a plain load.
    package mutating func readUInt8() throws(ColumnError) -> UInt8 { try read(UInt8.self) }
    package mutating func readInt32() throws(ColumnError) -> Int32 { try read(Int32.self) }
    package mutating func readInt64() throws(ColumnError) -> Int64 { try read(Int64.self) }
    package mutating func readUInt64() throws(ColumnError) -> UInt64 { try read(UInt64.self) }
    package mutating func readUInt128() throws(ColumnError) -> UInt128 { try read(UInt128.self) }

    /// A count that is stored as 32 bits.
    package mutating func readCount() throws(ColumnError) -> Int {
        Int(try read(UInt32.self))
    }

    /// The next `count` bytes, without copying them.
    package mutating func slice(_ count: Int) throws(ColumnError) -> UnsafeRawBufferPointer {
        guard count >= 0 else { throw .inconsistent(.countTooLarge) }
        try need(count)
        let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
        offset += count
        return slice
    }

    package mutating func skip(_ count: Int) throws(ColumnError) {
        _ = try slice(count)
    }

    private func need(_ count: Int) throws(ColumnError) {
        guard count <= bytes.count - offset else {
            throw .truncated(offset: offset, needed: count, available: bytes.count - offset)
        }
    }
}
