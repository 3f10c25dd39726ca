/// A list of 64-bit integers, stored as small numbers above a base.
///
/// ```
/// offset  size  field
///      0     1  encoding: 1 = offsets from a base, 2 = differences between neighbours
///      1     1  width of a packed value in bits, 0…64
///      2     2  zero
///      4     4  count
///      8     8  base: the smallest value (encoding 1) or the smallest difference (encoding 2)
///     16     8  factor: each packed number is multiplied with it (the greatest common divisor)
///     24     8  first value (encoding 2 only)
///   24/32     …  packed values and their padding, see `BitPacking`
/// ```
///
/// Encoding 1 is `value = base + factor * packed` and allows any value to be read alone. Encoding 2 is for ascending
/// lists: `value[i] = value[i - 1] + base + factor * packed[i - 1]`. All sums wrap, so that no input can trap.
package struct IntegerChunk {
    private enum Encoding {
        static let offsets: UInt8 = 1
        static let differences: UInt8 = 2
    }

    package let count: Int
    private let encoding: UInt8
    private let width: Int
    private let base: Int64
    private let factor: Int64
    private let first: Int64
    private let bits: UnsafeRawBufferPointer

    // MARK: - Writing

    /// Appends `values` so that each can be read alone.
    package static func append(_ values: [Int64], to bytes: inout [UInt8]) {
        let base = values.min() ?? 0
        append(
            encoding: Encoding.offsets, base: base, first: 0, count: values.count,
            offsets: values.map { UInt64(bitPattern: $0 &- base) }, to: &bytes)
    }

    /// Appends `values` as differences; shorter for ascending lists.
    package static func appendDifferences(_ values: [Int64], to bytes: inout [UInt8]) {
        guard let first = values.first else { return append(values, to: &bytes) }
        var differences: [Int64] = []
        differences.reserveCapacity(values.count)
        for index in values.indices.dropFirst() { differences.append(values[index] &- values[index - 1]) }
        let base = differences.min() ?? 0
        append(
            encoding: Encoding.differences, base: base, first: first, count: values.count,
            offsets: differences.map { UInt64(bitPattern: $0 &- base) }, to: &bytes)
    }

    private static func append(
        encoding: UInt8, base: Int64, first: Int64, count: Int, offsets: [UInt64], to bytes: inout [UInt8]
    ) {
        precondition(count <= Int(UInt32.max), "\(count) values do not fit in one chunk")
        var packed = offsets
        let factor = commonDivisor(of: packed)
        if factor > 1 { for index in packed.indices { packed[index] /= factor } }
        let width = BitPacking.width(of: packed.max() ?? 0)
        bytes.append(encoding)
        bytes.append(UInt8(width))
        bytes.appendLittleEndian(UInt16(0))
        bytes.appendLittleEndian(UInt32(count))
        bytes.appendLittleEndian(base)
        bytes.appendLittleEndian(factor)
        if encoding == Encoding.differences { bytes.appendLittleEndian(first) }
        BitPacking.append(packed, width: width, to: &bytes)
    }

    /// The greatest common divisor of all values, at least 1.
    private static func commonDivisor(of values: [UInt64]) -> UInt64 {
        var divisor: UInt64 = 0
        for value in values {
            if divisor == 1 { break }
            if divisor != 0 && value % divisor == 0 { continue }
            var (a, b) = (value, divisor)
            while b != 0 { (a, b) = (b, a % b) }
            divisor = a
        }
        return max(divisor, 1)
    }

    // MARK: - Reading

    /// Reads the header and checks that all values are there and that they are at most `limit`.
    package init(_ reader: inout ByteReader, atMost limit: Int) throws(ColumnError) {
        let start = reader.offset
        encoding = try reader.read(UInt8.self)
        guard encoding == Encoding.offsets || encoding == Encoding.differences else {
            throw .unknownEncoding(offset: start, found: Int(encoding))
        }
        width = Int(try reader.read(UInt8.self))
        guard width <= 64 else { throw .inconsistent(.widthTooLarge) }
        guard try reader.read(UInt16.self) == 0 else { throw .unknownEncoding(offset: start + 2, found: 0) }
        count = try reader.readCount()
        guard count <= limit else { throw .inconsistent(.countTooLarge) }
        base = try reader.read(Int64.self)
        factor = try reader.read(Int64.self)
        first = encoding == Encoding.differences ? try reader.read(Int64.self) : 0
        let packedCount = encoding == Encoding.differences ? max(count - 1, 0) : count
        guard let size = BitPacking.byteCount(count: packedCount, width: width) else {
            throw .inconsistent(.countTooLarge)
        }
        bits = try reader.slice(size)
    }

    /// The value at `index`, which must lie below `count`; O(1) for offsets, O(index) for differences.
    package func value(at index: Int) -> Int64 {
        precondition(index >= 0 && index < count, "value \(index) of \(count)")
        if encoding == Encoding.offsets { return offsetValue(index) }
        var value = first
        for position in 0..<index { value = value &+ difference(position) }
        return value
    }

    /// All values.
    package func values() -> [Int64] { values(0..<count) }

    /// The values at `range`, which must lie within `0..<count`.
    package func values(_ range: Range<Int>) -> [Int64] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "values \(range) of \(count)")
        return [Int64](unsafeUninitializedCapacity: range.count) { buffer, initialized in
            initialized = range.count
            if encoding == Encoding.offsets {
                for position in 0..<range.count { buffer[position] = offsetValue(range.lowerBound &+ position) }
                return
            }
            guard !range.isEmpty else { return }
            var value = first
            for position in 0..<range.upperBound {
                if position > 0 { value = value &+ difference(position &- 1) }
                if position >= range.lowerBound { buffer[position &- range.lowerBound] = value }
            }
        }
    }

    /// The values at `range` as codes or counts below `limit`, each with `shift` added afterwards.
    package func indexes(
        _ range: Range<Int>, below limit: Int, adding shift: UInt32 = 0
    ) throws(ColumnError) -> [UInt32] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "values \(range) of \(count)")
        precondition(limit <= Int(UInt32.max - shift), "a limit of \(limit) does not fit in 32 bits")
        if encoding == Encoding.differences {
            let wide = values(range)
            guard wide.allSatisfy({ $0 >= 0 && $0 < Int64(limit) }) else { throw .inconsistent(.codeOutOfRange) }
            return wide.map { UInt32(truncatingIfNeeded: $0) &+ shift }
        }
        var outside: UInt64 = 0
        let bound = UInt64(max(limit, 0))
        let result = [UInt32](unsafeUninitializedCapacity: range.count) { buffer, initialized in
            initialized = range.count
            for position in 0..<range.count {
                let value = UInt64(bitPattern: offsetValue(range.lowerBound &+ position))
                outside |= value >= bound ? 1 : 0
                buffer[position] = UInt32(truncatingIfNeeded: value) &+ shift
            }
        }
        guard outside == 0 else { throw .inconsistent(.codeOutOfRange) }
        return result
    }

    package func indexes(below limit: Int) throws(ColumnError) -> [UInt32] {
        try indexes(0..<count, below: limit)
    }

    @inline(__always)
    private func offsetValue(_ index: Int) -> Int64 {
        base &+ factor &* Int64(bitPattern: BitPacking.value(at: index, width: width, in: bits))
    }

    @inline(__always)
    private func difference(_ index: Int) -> Int64 {
        base &+ factor &* Int64(bitPattern: BitPacking.value(at: index, width: width, in: bits))
    }
}
