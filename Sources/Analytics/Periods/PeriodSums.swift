import EventModel

/// Exact sums by period: an array for those within some years of the first one met, a dictionary for others.
struct PeriodSums: Sendable {
    private static let side = 1_024
    private var base = 0
    private var dense: [ExactSum] = []
    private var others: [Int: ExactSum] = [:]

    /// Lends the sum of a period to `body`.
    @inline(__always)
    mutating func withSum(of period: Int, _ body: (inout ExactSum) -> Void) {
        if dense.isEmpty {
            base = period - Self.side / 2
            dense = Array(repeating: ExactSum(), count: Self.side)
        }
        let place = period - base
        if place >= 0, place < dense.count { body(&dense[place]) } else { body(&others[period, default: ExactSum()]) }
    }

    /// Those that anything was added to, by period.
    var all: [Int: ExactSum] {
        var all = others
        for (place, sum) in dense.enumerated() where sum.count > 0 { all[base + place] = sum }
        return all
    }
}
