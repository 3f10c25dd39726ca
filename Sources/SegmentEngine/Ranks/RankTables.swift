/// Where the bands of a plan's ranks lie, at the instants at which definitions ask.
struct RankTables: Sendable {
    private var timelines: [RankTimeline]

    /// Bands of no members.
    init(count: Int) {
        timelines = Array(repeating: RankTimeline(), count: count)
    }

    func timeline(_ rank: Int) -> RankTimeline { timelines[rank] }

    mutating func set(_ rank: Int, _ timeline: RankTimeline) { timelines[rank] = timeline }
}

/// Where one band lies from instant to instant.
struct RankTimeline: Sendable {
    private var instants: [Int64] = []
    private var bounds: [RankBounds?] = []

    /// Adds the band from an instant on; instants ascend. A band that is where it was adds nothing.
    mutating func append(_ bounds: RankBounds?, from instant: Int64) {
        if let last = self.bounds.last, last == bounds { return }
        if instants.last == instant {
            self.bounds[self.bounds.count - 1] = bounds
        } else {
            instants.append(instant)
            self.bounds.append(bounds)
        }
    }

    /// The band at an instant: that of the last entry at or before it, else the first; nil when it is empty.
    func bounds(at instant: Int64) -> RankBounds? {
        guard !instants.isEmpty else { return nil }
        return bounds[max(firstIndex(after: instant) - 1, 0)]
    }

    /// The first instant after `now` at which the band contains a place that it did not, or no longer.
    func nextTurn(of key: RankKey, holds: Bool, after now: Int64) -> Int64 {
        var index = firstIndex(after: now)
        while index < instants.count {
            if (bounds[index]?.contains(key) ?? false) != holds { return instants[index] }
            index += 1
        }
        return never
    }

    private func firstIndex(after instant: Int64) -> Int {
        var low = 0
        var high = instants.count
        while low < high {
            let middle = (low + high) / 2
            if instants[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
