/// The rows of a block in their final order: by (event name, profile, time, arrival).
struct BlockOrder {
    /// The row, in the order of arrival, that each sorted row is.
    private(set) var rows: [UInt32]
    /// The sorted place of each row.
    private(set) var places: [UInt32]

    /// Rows of one event name and one profile.
    struct Run {
        var name: UInt32
        /// In the block.
        var profile: Int
        /// Sorted rows.
        var rows: Range<Int>
    }

    /// All of them, in their order; none of items.
    private(set) var runs: [Run] = []

    /// - Parameters:
    ///   - names: per row in the order of arrival its name code, below `nameCount`.
    ///   - profiles: per row its profile in the block, below `profileCount`.
    ///   - times: per row.
    init(
        names: UnsafeBufferPointer<UInt32>, profiles: UnsafeBufferPointer<UInt32>, firstProfile: Int,
        times: UnsafeBufferPointer<Int64>, nameCount: Int, profileCount: Int
    ) {
        let base = UInt32(truncatingIfNeeded: firstProfile)
        if nameCount * profileCount <= max(names.count, 1 << 16) {
            (rows, runs) = Self.byRun(names, profiles, base, nameCount: nameCount, profileCount: profileCount)
        } else {
            let byProfile = Self.counted(names.count, below: profileCount, Array(0..<UInt32(names.count))) {
                Int(profiles[Int($0)] &- base)
            }
            rows = Self.counted(names.count, below: nameCount, byProfile) { Int(names[Int($0)]) }
            runs = Self.runs(rows, names, profiles, base)
        }
        Self.sort(&rows, runs, times)
        places = [UInt32](unsafeUninitializedCapacity: rows.count) { [rows] places, count in
            for (place, row) in rows.enumerated() { places[Int(row)] = UInt32(truncatingIfNeeded: place) }
            count = rows.count
        }
    }

    /// Rows by name and profile at once, where there are not too many pairs of them.
    private static func byRun(
        _ names: UnsafeBufferPointer<UInt32>, _ profiles: UnsafeBufferPointer<UInt32>, _ base: UInt32, nameCount: Int,
        profileCount: Int
    ) -> ([UInt32], [Run]) {
        var runs: [Run] = []
        let rows = [UInt32](unsafeUninitializedCapacity: names.count) { sorted, count in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: nameCount * profileCount) { next in
                next.initialize(repeating: 0)
                for row in names.indices {
                    next[Int(names[row]) &* profileCount &+ Int(profiles[row] &- base)] &+= 1
                }
                var start = 0
                for name in 0..<nameCount {
                    for profile in 0..<profileCount {
                        let rows = Int(next[name &* profileCount &+ profile])
                        next[name &* profileCount &+ profile] = UInt32(truncatingIfNeeded: start)
                        guard rows > 0 else { continue }
                        runs.append(Run(name: UInt32(name), profile: profile, rows: start..<(start + rows)))
                        start += rows
                    }
                }
                for row in names.indices {
                    let run = Int(names[row]) &* profileCount &+ Int(profiles[row] &- base)
                    sorted[Int(next[run])] = UInt32(truncatingIfNeeded: row)
                    next[run] &+= 1
                }
            }
            count = names.count
        }
        return (rows, runs)
    }

    /// The runs of rows that are sorted by name and profile.
    private static func runs(
        _ rows: [UInt32], _ names: UnsafeBufferPointer<UInt32>, _ profiles: UnsafeBufferPointer<UInt32>, _ base: UInt32
    ) -> [Run] {
        var runs: [Run] = []
        var start = 0
        while start < rows.count {
            let (name, profile) = (names[Int(rows[start])], profiles[Int(rows[start])])
            var end = start + 1
            while end < rows.count, names[Int(rows[end])] == name, profiles[Int(rows[end])] == profile { end += 1 }
            runs.append(Run(name: name, profile: Int(profile &- base), rows: start..<end))
            start = end
        }
        return runs
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
    private static func sort(_ rows: inout [UInt32], _ runs: [Run], _ times: UnsafeBufferPointer<Int64>) {
        rows.withUnsafeMutableBufferPointer { rows in
            for run in runs {
                var isSorted = true
                var last = Int64.min
                for place in run.rows {
                    let time = times[Int(rows[place])]
                    isSorted = isSorted && last <= time
                    last = time
                }
                if isSorted { continue }
                rows[run.rows].sort { left, right in
                    let (leftTime, rightTime) = (times[Int(left)], times[Int(right)])
                    return leftTime != rightTime ? leftTime < rightTime : left < right
                }
            }
        }
    }
}
