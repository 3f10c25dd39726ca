import EventModel

/// The sums of numbers over the matching rows of profiles, and how many there were.
struct RowTotals {
    /// By index among the profiles.
    private(set) var sums: [Int64]
    private(set) var counts: [Int32]

    /// Nil when a sum might not fit 64 bits.
    init?(_ sources: [QuerySweep.Source], _ numbers: [RowNumbers], _ profiles: [Int32]) {
        sums = Array(repeating: 0, count: profiles.count)
        counts = Array(repeating: 0, count: profiles.count)
        var rows = 0
        for source in sources { rows += source.stretches.rows.count }
        for (source, numbers) in zip(sources, numbers) {
            guard numbers.sumFits(rows) else { return nil }
            sums.withUnsafeMutableBufferPointer { sums in
                counts.withUnsafeMutableBufferPointer { counts in
                    Self.add(source, numbers, profiles, sums, counts)
                }
            }
        }
    }

    private static func add(
        _ source: QuerySweep.Source, _ numbers: RowNumbers, _ profiles: [Int32],
        _ sums: UnsafeMutableBufferPointer<Int64>, _ counts: UnsafeMutableBufferPointer<Int32>
    ) {
        if source.filter != nil {
            for (index, profile) in profiles.enumerated() {
                source.forEachRow(of: profile) { row in
                    guard numbers.present?.contains(row) ?? true else { return }
                    sums[index] &+= numbers.values[row - numbers.base]
                    counts[index] &+= 1
                }
            }
            return
        }
        func run(_ mask: RowMask.Bits?) {
            for (index, profile) in profiles.enumerated() {
                let (start, end) = source.stretches.range(profile)
                if start >= end { continue }
                var (sum, count): (Int64, Int32) = (0, 0)
                numbers.forEach(start, end, mask) { number in
                    sum &+= number
                    count &+= 1
                }
                sums[index] &+= sum
                counts[index] &+= count
            }
        }
        if let mask = source.mask { mask.withBits { run($0) } } else { run(nil) }
    }
}
