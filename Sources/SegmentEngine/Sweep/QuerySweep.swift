import EventModel
import EventStore

/// A query made ready for the profiles of one block at one instant: its names as runs, its filter as a test of rows,
/// its window as a stretch of time.
final class QuerySweep {
    private let query: QueryNode
    private unowned let sweep: BlockSweep
    /// Places in the run table, one per event name.
    private let bases: [Int]
    private let test: RowTest?
    private let times: [Int64]
    private let arrivals: [UInt64]
    private let runs: RunTable
    /// The window, when it is the same for every profile.
    private let common: Span?

    init(_ query: QueryNode, _ sweep: BlockSweep) {
        self.query = query
        self.sweep = sweep
        let binding = sweep.binding
        runs = sweep.runs
        let codes = binding.codes(of: query.pattern)
        bases = codes.map { sweep.runs.base(of: $0) }
        let filter = query.filter.map { RowTest.make($0, sweep) }
        let mayRepeat = binding.hasRepeatedOrders && codes.contains { $0 == binding.orderCode }
        test = mayRepeat ? UnrepeatedTest(repeated: binding.repeatedOrders, filter) : filter
        times = binding.times
        arrivals = binding.arrivals
        if let window = query.window {
            common = window.anchor == nil ? sweep.everybody.first.map { window.span(sweep.frame(of: $0)) } : nil
        } else {
            common = Span(end: Position(afterAllOf: sweep.now))
        }
    }

    /// Calls `body` with each stretch of rows of a profile that the window holds, name by name.
    @inline(__always)
    private func forEachStretch(of profile: Int32, _ body: (Int, Int) -> Void) {
        var span: Span?
        for base in bases {
            var (start, end) = runs.rows(base, profile)
            if start == end { continue }
            let window = span ?? common ?? query.span(sweep.frame(of: profile))
            span = window
            if window.start != .start { start = firstRow(at: window.start, start, end) }
            if end > start, isAfter(end - 1, window.end) { end = firstRow(at: window.end, start, end) }
            if start < end { body(start, end) }
        }
    }

    /// Whether a row stands at or after a place.
    @inline(__always)
    private func isAfter(_ row: Int, _ place: Position) -> Bool {
        let time = times[row]
        return time != place.time ? time > place.time : arrivals[row] >= place.arrival
    }

    /// The first row at or after a place, of those from `start` to before `end`; `end` when there is none.
    @inline(__always)
    private func firstRow(at place: Position, _ start: Int, _ end: Int) -> Int {
        if isAfter(start, place) { return start }
        var low = start + 1
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if isAfter(middle, place) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Calls `body` with each matching row of a profile; within one event name in history order.
    @inline(__always)
    func forEachRow(of profile: Int32, _ body: (Int) -> Void) {
        forEachStretch(of: profile) { start, end in
            var row = start
            while row < end {
                if test?.holds(row, profile) ?? true { body(row) }
                row += 1
            }
        }
    }

    /// How many rows of a profile match; stops counting at `limit`, from where on nobody cares.
    func count(_ profile: Int32, upTo limit: Int) -> Int {
        var count = 0
        forEachStretch(of: profile) { start, end in
            guard let test else {
                count += end - start
                return
            }
            // The newest first: what is asked about mostly lies there.
            var row = end - 1
            while row >= start, count < limit {
                if test.holds(row, profile) { count += 1 }
                row -= 1
            }
        }
        return count
    }

    /// The first or last matching row in history order; nil when there is none.
    func edge(_ profile: Int32, isFirst: Bool) -> Int? {
        var best: Int?
        forEachStretch(of: profile) { start, end in
            var row = isFirst ? start : end - 1
            while isFirst ? row < end : row >= start {
                if test?.holds(row, profile) ?? true { break }
                row += isFirst ? 1 : -1
            }
            guard row >= start, row < end else { return }
            guard let known = best else {
                best = row
                return
            }
            let isLater = (times[known], arrivals[known]) < (times[row], arrivals[row])
            if isLater != isFirst { best = row }
        }
        return best
    }

    func time(of row: Int) -> Int64 { times[row] }
}
