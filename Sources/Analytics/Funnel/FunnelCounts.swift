import EventModel

/// How many profiles went how far through a funnel, and how long they took, as one worker has counted them.
struct FunnelCounts: Sendable {
    /// How many profiles reached a step and none after it; the first step's first.
    private var ended: [Int]
    /// By step after the first: milliseconds from the step before, and from the first; empty where times are not wanted.
    private var fromBefore: [[Int64]]
    private var fromFirst: [[Int64]]

    init(steps: Int) {
        ended = Array(repeating: 0, count: steps)
        fromBefore = Array(repeating: [], count: max(steps - 1, 0))
        fromFirst = fromBefore
    }

    /// - Parameter times: of the steps reached; empty when they are not wanted.
    mutating func add(level: Int, times: [Int64]) {
        ended[level - 1] += 1
        for (index, time) in times.enumerated().dropFirst() {
            fromBefore[index - 1].append(time &- times[index - 1])
            fromFirst[index - 1].append(time &- times[0])
        }
    }

    /// - Parameter shortest: of the steps reached after the first, from the first; empty when they are not wanted.
    mutating func add(level: Int, shortest: [Int64]) {
        ended[level - 1] += 1
        for (index, time) in shortest.enumerated() { fromFirst[index].append(time) }
    }

    mutating func merge(_ other: FunnelCounts) {
        for step in ended.indices { ended[step] += other.ended[step] }
        for step in fromBefore.indices {
            fromBefore[step] += other.fromBefore[step]
            fromFirst[step] += other.fromFirst[step]
        }
    }

    /// Who reached a step reached those before it.
    var reached: [Int] {
        var reached = ended
        for step in reached.indices.dropLast().reversed() { reached[step] += reached[step + 1] }
        return reached
    }

    /// For each step after the first.
    var times: [FunnelQuery.StepTimes] {
        fromBefore.indices.map { step in
            FunnelQuery.StepTimes(
                fromBefore: FunnelQuery.Spread(fromBefore[step]), fromFirst: FunnelQuery.Spread(fromFirst[step]))
        }
    }
}

extension FunnelQuery.Spread {
    /// Nil without times.
    fileprivate init?(_ times: [Int64]) {
        guard !times.isEmpty else { return nil }
        let sorted = times.sorted()
        self.init(median: Self.value(sorted, percent: 50), p90: Self.value(sorted, percent: 90))
    }

    /// The nearest rank: the smallest of the times that so many percent do not exceed.
    private static func value(_ sorted: [Int64], percent: Int) -> Int64 {
        let rank = (sorted.count * percent + 99) / 100
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
