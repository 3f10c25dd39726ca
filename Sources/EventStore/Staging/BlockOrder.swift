/// The rows of a block in their final order: by (event name, profile, time, arrival).
struct BlockOrder {
    /// The row, in the order of arrival, that each sorted row is.
    private(set) var rows: [UInt32]
    /// The sorted place of each row.
    private(set) var places: [UInt32]

    /// - Parameters:
    ///   - names: per row in the order of arrival its name code, below `nameCount`.
    ///   - profiles: per row its profile in the block, below `profileCount`.
    ///   - times: per row.
    init(
        names: UnsafeBufferPointer<UInt32>, profiles: UnsafeBufferPointer<UInt32>, firstProfile: Int,
        times: UnsafeBufferPointer<Int64>, nameCount: Int, profileCount: Int
    ) {
        let base = UInt32(truncatingIfNeeded: firstProfile)
        let byProfile = Self.counted(names.count, below: profileCount, Array(0..<UInt32(names.count))) {
            Int(profiles[Int($0)] &- base)
        }
        rows = Self.counted(names.count, below: nameCount, byProfile) { Int(names[Int($0)]) }
        Self.sortRuns(&rows, names, profiles, times)
        places = [UInt32](unsafeUninitializedCapacity: rows.count) { [rows] places, count in
            for (place, row) in rows.enumerated() { places[Int(row)] = UInt32(truncatingIfNeeded: place) }
            count = rows.count
        }
    }

    /// Rows of stored items: those of each row side by side.
    ///
    /// - Parameter counts: per row in the order of arrival, how many items it has.
    init(items counts: [UInt32], of order: BlockOrder) {
        var starts: [UInt32] = [0]
        for count in counts { starts.append(starts[starts.count - 1] + count) }
        rows = []
        for row in order.rows { rows.append(contentsOf: starts[Int(row)]..<starts[Int(row) + 1]) }
        places = [UInt32](repeating: 0, count: rows.count)
        for (place, row) in rows.enumerated() { places[Int(row)] = UInt32(place) }
    }

    /// Rows in the order of a small number; those of one number stay in theirs.
    @inline(__always)
    private static func counted(
        _ count: Int, below limit: Int, _ rows: [UInt32], _ number: (UInt32) -> Int
    ) -> [UInt32] {
        var next = [Int](repeating: 0, count: limit + 1)
        return [UInt32](unsafeUninitializedCapacity: count) { sorted, initialized in
            next.withUnsafeMutableBufferPointer { next in
                for row in rows { next[number(row) &+ 1] &+= 1 }
                for index in 0..<limit { next[index &+ 1] &+= next[index] }
                for row in rows {
                    let number = number(row)
                    sorted[next[number]] = row
                    next[number] &+= 1
                }
            }
            initialized = count
        }
    }

    /// Messages mostly arrive in the order of their times; runs that did not are sorted.
    private static func sortRuns(
        _ rows: inout [UInt32], _ names: UnsafeBufferPointer<UInt32>, _ profiles: UnsafeBufferPointer<UInt32>,
        _ times: UnsafeBufferPointer<Int64>
    ) {
        rows.withUnsafeMutableBufferPointer { rows in
            var start = 0
            while start < rows.count {
                let first = Int(rows[start])
                var end = start &+ 1
                var isSorted = true
                var last = times[first]
                while end < rows.count {
                    let row = Int(rows[end])
                    guard names[row] == names[first], profiles[row] == profiles[first] else { break }
                    isSorted = isSorted && last <= times[row]
                    last = times[row]
                    end &+= 1
                }
                if !isSorted {
                    rows[start..<end].sort { left, right in
                        let (leftTime, rightTime) = (times[Int(left)], times[Int(right)])
                        return leftTime != rightTime ? leftTime < rightTime : left < right
                    }
                }
                start = end
            }
        }
    }
}
