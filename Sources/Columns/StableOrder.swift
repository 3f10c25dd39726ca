/// The order of numbers, for lists too long to compare.
package enum StableOrder {
    /// The indexes of `values` in ascending order of their values; equal ones stay in their order.
    ///
    /// Radix sort by 11 bits at a time above the smallest value. Complexity: O(values x bytes that differ).
    package static func ascending(_ values: [Int64]) -> [UInt32] {
        let count = values.count
        precondition(count <= Int(UInt32.max), "\(count) values have no 32-bit order")
        guard let smallest = values.min(), let largest = values.max() else { return [] }
        var order = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count { buffer[index] = UInt32(truncatingIfNeeded: index) }
            initialized = count
        }
        var next = order
        let bits = BitPacking.width(of: UInt64(bitPattern: largest &- smallest))
        var starts = [Int](repeating: 0, count: 2_049)
        for shift in stride(from: 0, to: bits, by: 11) {
            values.withUnsafeBufferPointer { values in
                order.withUnsafeBufferPointer { order in
                    next.withUnsafeMutableBufferPointer { next in
                        for index in starts.indices { starts[index] = 0 }
                        for value in values { starts[digit(value, smallest, shift) + 1] += 1 }
                        for index in 0..<2_048 { starts[index + 1] += starts[index] }
                        for index in order {
                            let digit = digit(values[Int(index)], smallest, shift)
                            next[starts[digit]] = index
                            starts[digit] += 1
                        }
                    }
                }
            }
            swap(&order, &next)
        }
        return order
    }

    @inline(__always)
    private static func digit(_ value: Int64, _ smallest: Int64, _ shift: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(bitPattern: value &- smallest) >> UInt64(shift)) & 2_047)
    }
}
