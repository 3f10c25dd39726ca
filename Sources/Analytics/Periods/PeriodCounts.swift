/// Counts by period: an array as wide as what was met, so that counting costs little more than adding.
struct PeriodCounts: Sendable {
    /// Wider than this it stays a dictionary.
    private static let widest = 16_384
    private var base = 0
    private var dense: [Int] = []
    private var others: [Int: Int] = [:]

    @inline(__always)
    mutating func add(_ count: Int, to period: Int) {
        let place = period - base
        if place >= 0, place < dense.count { dense[place] += count } else { addOutside(count, period) }
    }

    private mutating func addOutside(_ count: Int, _ period: Int) {
        if dense.isEmpty {
            base = period - 512
            dense = Array(repeating: 0, count: 1_024)
        }
        let place = period - base
        if place >= dense.count, place < Self.widest {
            dense += repeatElement(0, count: place + 1 - dense.count)
        }
        if place >= 0, place < dense.count { dense[place] += count } else { others[period, default: 0] += count }
    }

    /// Calls `body` with each period that has a count.
    func forEachCount(_ body: (_ period: Int, _ count: Int) -> Void) {
        for (place, count) in dense.enumerated() where count != 0 { body(base + place, count) }
        for (period, count) in others { body(period, count) }
    }
}
