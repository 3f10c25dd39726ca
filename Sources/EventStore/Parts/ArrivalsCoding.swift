import Columns

/// The arrival numbers of a block.
///
/// ```
/// 0  1  layout: 0 = IntegerChunk, a number per row; 1 = in the order of time
/// 1  …  layout 0: IntegerChunk
///       layout 1: the first arrival (8), then `PatchedFrames` of the differences between neighbours, which may fall: a
///       difference d >= 0 is stored as 2 * d, one below as -2 * d - 1
/// ```
///
/// Messages arrive nearly in the order of their times, so in that order the differences are small. Rows of one time stay
/// in their order.
enum ArrivalsCoding {
    private enum Layout {
        static let rows: UInt8 = 0
        static let times: UInt8 = 1
    }

    static func encode(_ arrivals: [UInt64], times: [Int64]) -> [UInt8] {
        var plain: [UInt8] = [Layout.rows]
        IntegerChunk.append(arrivals.map { Int64(bitPattern: $0) }, to: &plain)
        let order = StableOrder.ascending(times)
        guard let first = order.first else { return plain }
        var differences: [UInt64] = []
        differences.reserveCapacity(order.count)
        var previous = arrivals[Int(first)]
        for row in order.dropFirst() {
            let difference = Int64(bitPattern: arrivals[Int(row)] &- previous)
            differences.append(UInt64(bitPattern: (difference << 1) ^ (difference >> 63)))
            previous = arrivals[Int(row)]
        }
        var sorted: [UInt8] = [Layout.times]
        sorted.appendLittleEndian(arrivals[Int(first)])
        PatchedFrames.append(differences, to: &sorted)
        return sorted.count < plain.count ? sorted : plain
    }

    /// Checks all that `decode` relies on.
    static func check(_ bytes: UnsafeRawBufferPointer, rows: Int) throws(ColumnError) {
        var reader = ByteReader(bytes)
        let layout = try reader.readUInt8()
        switch layout {
        case Layout.rows:
            let chunk = try IntegerChunk(&reader, atMost: rows)
            guard chunk.count == rows, reader.remaining == 0 else { throw .inconsistent(.presenceCount) }
        case Layout.times:
            try reader.skip(8)
            _ = try PatchedFrames.offsets(try reader.slice(reader.remaining), count: max(rows - 1, 0))
        default:
            throw .unknownEncoding(offset: 0, found: Int(layout))
        }
    }

    /// The arrivals of all rows of a block.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, rows: Int, times: () throws(ColumnError) -> [Int64]
    ) throws(ColumnError) -> [UInt64] {
        try check(bytes, rows: rows)
        var reader = ByteReader(bytes)
        if try reader.readUInt8() == Layout.rows {
            return try IntegerChunk(&reader, atMost: rows).values().map { UInt64(bitPattern: $0) }
        }
        var arrival = try reader.readUInt64()
        let differences = try PatchedFrames.values(try reader.slice(reader.remaining), count: max(rows - 1, 0))
        let order = StableOrder.ascending(try times())
        guard order.count == rows else { throw .inconsistent(.presenceCount) }
        var arrivals = [UInt64](repeating: 0, count: rows)
        for (place, row) in order.enumerated() {
            if place > 0 {
                let folded = UInt64(bitPattern: differences[place - 1])
                arrival = arrival &+ ((folded >> 1) ^ (0 &- (folded & 1)))
            }
            arrivals[Int(row)] = arrival
        }
        return arrivals
    }
}
