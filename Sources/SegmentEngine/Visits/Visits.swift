import EventModel
import EventStore

/// The visits of a profile: maximal runs of browsing events with gaps of at most 30 minutes.
///
/// Formed once from all rows. What an earlier instant sees is a prefix: whole visits, and the last one cut short.
struct Visits {
    static let longestGap: Int64 = 30 * 60_000

    /// Whether so many events between two times are more than one visit wherever they lie: without a long gap they would
    /// not reach from the first to the last.
    @inline(__always)
    static func mustPause(_ events: Int, from first: Int64, to last: Int64) -> Bool {
        // Rows of a block are counted in 32 bits, and times lie within 50, so this is far from overflow.
        last &- first > Int64(events &- 1) &* longestGap
    }

    /// The browsing events in history order.
    private let rows: [UInt32]
    private let times: [Int64]
    /// Index into `rows` of each visit's first event.
    private let starts: [Int]

    init(of evaluator: ProfileEvaluator) {
        let binding = evaluator.binding
        var runs: [Range<Int>] = []
        for code in binding.codes(of: evaluator.plan.visitPattern) {
            let run = evaluator.rows(of: code)
            if !run.isEmpty { runs.append(run) }
        }
        let rows = Self.merged(runs, evaluator)
        var times: [Int64] = []
        var starts: [Int] = []
        times.reserveCapacity(rows.count)
        starts.reserveCapacity(rows.count)
        for (index, row) in rows.enumerated() {
            let time = binding.times[Int(row)]
            if index == 0 || time.subtractingSaturating(times[index - 1]) > Self.longestGap { starts.append(index) }
            times.append(time)
        }
        self.rows = rows
        self.times = times
        self.starts = starts
    }

    /// The rows of some runs in history order; always takes from the run whose next row comes first.
    private static func merged(_ runs: [Range<Int>], _ evaluator: ProfileEvaluator) -> [UInt32] {
        if runs.count == 1 { return runs[0].map { UInt32(truncatingIfNeeded: $0) } }
        var heads = runs
        var rows: [UInt32] = []
        rows.reserveCapacity(heads.reduce(0) { $0 + $1.count })
        let times = evaluator.binding.times
        while let first = heads.first {
            var best = 0
            var row = first.lowerBound
            var time = times[row]
            // The time of the first row of the others.
            var limit = never
            for index in heads.indices.dropFirst() {
                let other = heads[index].lowerBound
                let otherTime = times[other]
                if otherTime < time || otherTime == time && evaluator.isBefore(other, row) {
                    limit = min(limit, time)
                    (best, row, time) = (index, other, otherTime)
                } else {
                    limit = min(limit, otherTime)
                }
            }
            // As far as this run stays in front.
            let end = heads[best].upperBound
            repeat {
                rows.append(UInt32(truncatingIfNeeded: row))
                row += 1
            } while row < end && times[row] < limit
            if row == end { heads.remove(at: best) } else { heads[best] = row..<end }
        }
        return rows
    }

    /// How many visits have begun by `now`.
    func count(at now: Int64) -> Int { Self.countUpTo(now, starts.count) { times[starts[$0]] } }

    /// The row of a visit's first event.
    func firstRow(of visit: Int) -> Int { Int(rows[starts[visit]]) }

    /// How many browsing events of the visit are visible at `now`.
    func eventCount(of visit: Int, at now: Int64) -> Int { lastIndex(of: visit, at: now) - starts[visit] + 1 }

    /// Milliseconds from the first to the last of its events visible at `now`.
    func duration(of visit: Int, at now: Int64) -> Int64 {
        times[lastIndex(of: visit, at: now)].subtractingSaturating(times[starts[visit]])
    }

    /// The visit in whose span, up to 30 minutes after its last event, an instant lies.
    func visit(at time: Int64) -> Int? {
        let begun = Self.countUpTo(time, starts.count) { times[starts[$0]] }
        guard begun > 0 else { return nil }
        let last = times[lastIndex(of: begun - 1, at: time)]
        return time.subtractingSaturating(last) <= Self.longestGap ? begun - 1 : nil
    }

    private func lastIndex(of visit: Int, at now: Int64) -> Int {
        let end = visit + 1 < starts.count ? starts[visit + 1] : rows.count
        let visible = Self.countUpTo(now, end - starts[visit]) { times[starts[visit] + $0] }
        return starts[visit] + max(visible, 1) - 1
    }

    /// How many of `count` ascending times are at or before `limit`.
    private static func countUpTo(_ limit: Int64, _ count: Int, _ time: (Int) -> Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if time(middle) <= limit { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
