import Columns

/// The distances between neighbours among ascending numbers that lie anywhere: such numbers have no better form (R. F. Rice,
/// "Some Practical Universal Noiseless Coding Techniques", JPL 1979).
///
/// The lower bits of each distance are stored as they are, packed (`BitPacking`, without padding), then for each distance
/// what is above them: so many zeros, and a one.
enum KeyGaps {
    /// How many bits are stored as they are, for so many distances that add up to `total`.
    static func width(of count: Int, total: UInt64) -> Int {
        guard count > 0 else { return 0 }
        // Numbers that lie anywhere: the width is best where the upper part is below one as often as not.
        return max(0, BitPacking.width(of: total / UInt64(count) * 7 / 10) - 1)
    }

    static func append(_ gaps: [UInt64], width: Int, to bytes: inout [UInt8]) {
        let mask: UInt64 = (1 << UInt64(width)) - 1
        BitPacking.appendBits(gaps.map { $0 & mask }, width: width, to: &bytes)
        let shift = UInt64(width)
        let bits = gaps.reduce(gaps.count) { $0 &+ Int(truncatingIfNeeded: $1 >> shift) }
        withUnsafeTemporaryAllocation(byteCount: (bits + 7) / 8, alignment: 8) { upper in
            upper.initializeMemory(as: UInt8.self, repeating: 0)
            var place = 0
            for gap in gaps {
                place &+= Int(truncatingIfNeeded: gap >> shift)
                upper[place >> 3] |= 1 << UInt8(truncatingIfNeeded: place & 7)
                place &+= 1
            }
            bytes.append(contentsOf: upper)
        }
    }

    /// Distances as `append` wrote them.
    ///
    /// - Parameter padded: begins with the bytes, `size` of them; at least eight others follow.
    static func values(
        _ padded: UnsafeRawBufferPointer, size: Int, count: Int, width: Int
    ) throws(ColumnError) -> [UInt64] {
        let lowerSize = BitPacking.bareByteCount(count: count, width: width)
        guard width < 64 else { throw .inconsistent(.widthTooLarge) }
        guard lowerSize <= size, size + BitPacking.padding <= padded.count else {
            throw .truncated(offset: 0, needed: lowerSize + BitPacking.padding, available: padded.count)
        }
        var places: [Int] = []
        places.reserveCapacity(count)
        var zeros = 0
        for byte in padded[lowerSize..<size] {
            var rest = UInt16(byte)
            var left = 8
            while rest != 0 {
                let below = rest.trailingZeroBitCount
                places.append(zeros + below)
                zeros = 0
                rest >>= UInt16(below + 1)
                left -= below + 1
            }
            zeros += left
        }
        guard places.count == count else { throw .inconsistent(.presenceCount) }
        let lower = [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let output = buffer.baseAddress {
                BitPacking.unpack(padded, from: 0, count: count, width: width, base: 0, factor: 1, to: output)
            }
            initialized = count
        }
        var values: [UInt64] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            let (upper, overflow) = UInt64(places[index]).multipliedReportingOverflow(by: 1 << UInt64(width))
            guard !overflow else { throw .inconsistent(.widthTooLarge) }
            values.append(upper | UInt64(bitPattern: lower[index]))
        }
        return values
    }
}

extension BitPacking {
    fileprivate static func appendBits(_ values: [UInt64], width: Int, to bytes: inout [UInt8]) {
        values.withUnsafeBufferPointer { appendBits($0, width: width, to: &bytes) }
    }
}
