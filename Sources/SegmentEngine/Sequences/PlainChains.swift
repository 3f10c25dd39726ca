/// The chains of one profile in a sequence of plain steps: no `not`, no `same`, nothing that the clock changes.
///
/// Then the earliest event of a step after that of the step before is the best choice, and all of these only move
/// forward with the first event. Complexity: O(events of the steps).
struct PlainChains {
    private let evaluator: ProfileEvaluator
    private let within: Int64
    /// The rows of each step, in history order.
    private var steps: [RowRun] = []

    /// Nil for sequences that need more than this.
    init?(_ node: SequenceNode, _ frame: Frame) {
        guard node.isPlain, node.traits.clock == .still else { return nil }
        evaluator = frame.evaluator
        within = node.within ?? .max
        steps.reserveCapacity(node.steps.count)
        for step in node.steps {
            let run = Self.rows(of: step, frame)
            steps.append(run)
            if run.count == 0 { break }
        }
    }

    private static func rows(of step: QueryNode, _ frame: Frame) -> RowRun {
        let evaluator = frame.evaluator
        let codes = evaluator.binding.codes(of: step.pattern)
        if step.filter == nil, codes.count <= 1 {
            return codes.first.map { evaluator.visibleRun($0, frame) } ?? RowRun(rows: 0..<0)
        }
        var rows: [UInt32] = []
        for code in codes {
            let run = evaluator.visibleRun(code, frame)
            for index in 0..<run.count where step.filter?.evaluate(frame, Occurrence(row: run[index])).holds ?? true {
                rows.append(UInt32(truncatingIfNeeded: run[index]))
            }
        }
        if codes.count > 1 { rows.sort { evaluator.isBefore(Int($0), Int($1)) } }
        return RowRun(chosen: rows, count: rows.count)
    }

    /// How many chains there are, each beginning after the one before has ended; stops at `limit`.
    func count(upTo limit: Int) -> Int {
        guard let last = steps.last, last.count > 0 else { return 0 }
        let times = evaluator.binding.times
        var chosen = [Int](repeating: 0, count: steps.count)
        var count = 0
        var free = -1
        for index in 0..<steps[0].count where count < limit {
            let start = steps[0][index]
            guard free < 0 || evaluator.isBefore(free, start) else { continue }
            var previous = start
            for step in 1..<max(steps.count, 1) {
                let run = steps[step]
                var place = chosen[step]
                while place < run.count, !evaluator.isBefore(previous, run[place]) { place += 1 }
                chosen[step] = place
                if place == run.count { return count }
                previous = run[place]
            }
            if steps.count > 1, times[previous].subtractingSaturating(times[start]) > within { continue }
            count += 1
            free = previous
        }
        return count
    }
}
