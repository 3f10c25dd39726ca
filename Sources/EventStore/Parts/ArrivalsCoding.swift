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

    /// - Parameter byArrival: the rows in the order of their arrivals, where that is known: then it need only be looked
    ///   whether it is that of their times as well.
    static func encode(_ arrivals: [UInt64], times: [Int64], byArrival: [UInt32]? = nil) -> [UInt8] {
        let order = byArrival.flatMap { inOrderOfTimes($0, times) } ?? StableOrder.ascending(times)
        guard let first = order.first else { return plain(arrivals) }
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
        // Half of what numbers in any order take: a factor in common would not make up for it.
        let range = (arrivals.max() ?? 0) &- (arrivals.min() ?? 0)
        if sorted.count <= BitPacking.bareByteCount(count: arrivals.count, width: BitPacking.width(of: range)) / 2 {
            return sorted
        }
        let plain = plain(arrivals)
        return sorted.count < plain.count ? sorted : plain
    }

    /// Rows in the order of their times, those of one time in their own; nil when they come in another.
    private static func inOrderOfTimes(_ rows: [UInt32], _ times: [Int64]) -> [UInt32]? {
        guard rows.count == times.count else { return nil }
        var order = rows
        var start = 0
        while start < order.count {
            let time = times[Int(order[start])]
            var end = start + 1
            while end < order.count, times[Int(order[end])] == time { end += 1 }
            if end - start > 1 { order[start..<end].sort() }
            if end < order.count, times[Int(order[end])] < time { return nil }
            start = end
        }
        return order
    }

    private static func plain(_ arrivals: [UInt64]) -> [UInt8] {
        var plain: [UInt8] = [Layout.rows]
        IntegerChunk.append(arrivals.map { Int64(bitPattern: $0) }, to: &plain)
        return plain
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
