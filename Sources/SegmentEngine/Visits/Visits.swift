import EventModel
import EventStore

/// The visits of a profile: maximal runs of browsing events with gaps of at most 30 minutes.
///
/// Formed once from all rows. What an earlier instant sees is a prefix: whole visits, and the last one cut short.
struct Visits {
    static let longestGap: Int64 = 30 * 60_000

    /// The browsing events in history order.
    private let rows: [UInt32]
    private let times: [Int64]
    /// Index into `rows` of each visit's first event.
    private let starts: [Int]

    init(of evaluator: ProfileEvaluator) {
        let binding = evaluator.binding
        var rows: [UInt32] = []
        var runCount = 0
        for code in binding.codes(of: evaluator.plan.visitPattern) {
            let run = evaluator.block.run(profile: evaluator.profile, name: code)
            if !run.isEmpty { runCount += 1 }
            for row in run { rows.append(UInt32(row)) }
        }
        if runCount > 1 {
            rows.sort { left, right in
                evaluator.position(of: Int(left)) < evaluator.position(of: Int(right))
            }
        }
        var times: [Int64] = []
        var starts: [Int] = []
        for (index, row) in rows.enumerated() {
            let time = binding.times[Int(row)]
            if index == 0 || time.subtractingSaturating(times[index - 1]) > Self.longestGap { starts.append(index) }
            times.append(time)
        }
        self.rows = rows
        self.times = times
        self.starts = starts
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
