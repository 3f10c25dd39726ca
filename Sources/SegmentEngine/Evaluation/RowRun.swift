/// Rows of one event name in history order: a stretch of the block, or chosen rows of it.
struct RowRun {
    let chosen: [UInt32]?
    /// The first row; of chosen ones its place among them.
    let start: Int
    let count: Int

    init(rows: Range<Int>) {
        chosen = nil
        start = rows.lowerBound
        count = rows.count
    }

    init(chosen: [UInt32], count: Int) {
        self.init(chosen: chosen, from: 0, count: count)
    }

    /// Those of some chosen rows from one place on.
    init(chosen: [UInt32]?, from start: Int, count: Int) {
        self.chosen = chosen
        self.start = start
        self.count = count
    }

    /// The first of its rows.
    func prefix(_ count: Int) -> RowRun { RowRun(chosen: chosen, from: start, count: count) }

    @inline(__always)
    subscript(index: Int) -> Int {
        if let chosen { return Int(chosen[start + index]) }
        return start + index
    }

    /// The first index whose row is at or after `position`, or `count`.
    func firstIndex(from position: Position, _ evaluator: ProfileEvaluator) -> Int {
        let times = evaluator.binding.times
        // Only between rows of one instant does it matter which arrived first; none arrived before number 0.
        let asksForArrival = position.arrival != 0
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let row = self[middle]
            let time = times[row]
            let isBefore =
                time != position.time
                ? time < position.time : asksForArrival && evaluator.position(of: row) < position
            if isBefore { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// How many of the rows are at or before `now`. Cheap when all are.
    func visibleCount(at now: Int64, _ times: [Int64]) -> Int {
        if count == 0 || times[self[count - 1]] <= now { return count }
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if times[self[middle]] <= now { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
