/// A list of byte strings, each of which can be read alone: the values of a dictionary, or texts.
///
/// ```
/// offset  size  field
///      0     4  count
///      4     …  `IntegerChunk` of the lengths' running sums (count + 1, the first is 0)
///      …     4  byte count
///      …     …  the strings' bytes, one after the other
/// ```
package struct ByteTable {
    package let count: Int
    private let offsets: [Int64]
    private let bytes: UnsafeRawBufferPointer

    package static func append(_ strings: [[UInt8]], to output: inout [UInt8]) {
        var offsets: [Int64] = [0]
        offsets.reserveCapacity(strings.count + 1)
        var total = 0
        for string in strings {
            total += string.count
            offsets.append(Int64(total))
        }
        precondition(total <= Int(UInt32.max), "\(total) bytes do not fit in one table")
        output.appendLittleEndian(UInt32(strings.count))
        IntegerChunk.append(offsets, to: &output)
        output.appendLittleEndian(UInt32(total))
        output.reserveCapacity(output.count + total)
        for string in strings { output.append(contentsOf: string) }
    }

    /// A table of `count` strings, each of which `appendString` appends in its turn.
    package static func bytes(_ count: Int, _ appendString: (Int, inout [UInt8]) -> Void) -> [UInt8] {
        var strings: [UInt8] = []
        var offsets: [Int64] = [0]
        offsets.reserveCapacity(count + 1)
        for index in 0..<count {
            appendString(index, &strings)
            offsets.append(Int64(strings.count))
        }
        precondition(strings.count <= Int(UInt32.max), "\(strings.count) bytes do not fit in one table")
        var output: [UInt8] = []
        output.appendLittleEndian(UInt32(count))
        IntegerChunk.append(offsets, to: &output)
        output.appendLittleEndian(UInt32(strings.count))
        output.append(contentsOf: strings)
        return output
    }

    package init(_ reader: inout ByteReader, atMost limit: Int) throws(ColumnError) {
        count = try reader.readCount()
        guard count <= limit else { throw .inconsistent(.countTooLarge) }
        let chunk = try IntegerChunk(&reader, atMost: count + 1)
        guard chunk.count == count + 1 else { throw .inconsistent(.presenceCount) }
        offsets = chunk.values()
        let size = try reader.readCount()
        bytes = try reader.slice(size)
        var previous: Int64 = 0
        for offset in offsets {
            guard offset >= previous else { throw .inconsistent(.offsetsNotAscending) }
            previous = offset
        }
        guard offsets.first == 0, previous == Int64(size) else { throw .inconsistent(.offsetsNotAscending) }
    }

    /// The string at `index`, which must lie below `count`; borrowed from the buffer the table was read from.
    package subscript(index: Int) -> UnsafeRawBufferPointer {
        precondition(index >= 0 && index < count, "string \(index) of \(count)")
        return UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index + 1])])
    }
}
