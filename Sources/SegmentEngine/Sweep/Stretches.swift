import EventStore

/// Where the rows of each profile under one event name lie in a block, as far as an instant and a window see them.
///
/// Profile p's rows are `starts[p]..<ends[p]`, in history order.
struct Stretches {
    let starts: [UInt32]
    let ends: [UInt32]
    /// The rows of all profiles.
    let rows: Range<Int>

    /// The rows under a name that are there at an instant. Complexity: O(profiles).
    init(of code: UInt32, _ block: HistoryBlock, now: Int64) {
        let profiles = block.profileCount
        guard let section = block.section(name: code) else {
            starts = Array(repeating: 0, count: profiles)
            ends = starts
            rows = 0..<0
            return
        }
        rows = section.rows
        var ends = [UInt32](repeating: 0, count: profiles)
        var starts = ends
        let (lastTimes, times) = (block.lastTimes, block.times)
        for (index, profile) in section.profiles.enumerated() {
            let start = section.starts[index]
            var end = section.starts[index + 1]
            if lastTimes[Int(profile)] > now {
                let run = RowRun(rows: Int(start)..<Int(end))
                end = start + UInt32(truncatingIfNeeded: run.visibleCount(at: now, times))
            }
            starts[Int(profile)] = start
            ends[Int(profile)] = end
        }
        self.starts = starts
        self.ends = ends
    }

    /// Those of some stretches whose rows have times of `from` and later, before `to`.
    init(_ all: Stretches, from: Int64, to: Int64, _ times: [Int64]) {
        let profiles = all.starts.count
        rows = all.rows
        var ends = all.ends
        starts = [UInt32](unsafeUninitializedCapacity: profiles) { starts, initialized in
            times.withUnsafeBufferPointer { times in
                for profile in 0..<profiles {
                    var (start, end) = (Int(all.starts[profile]), Int(all.ends[profile]))
                    if from != .min, start < end { start = Self.firstRow(from, start, end, times) }
                    if start < end, times[end - 1] >= to { end = Self.firstRow(to, start, end, times) }
                    starts[profile] = UInt32(truncatingIfNeeded: start)
                    ends[profile] = UInt32(truncatingIfNeeded: end)
                }
            }
            initialized = profiles
        }
        self.ends = ends
    }

    /// Stretches cut for each profile in its own way.
    ///
    /// - Parameter cut: the rows that remain of those of a profile.
    init(_ all: Stretches, cut: (_ profile: Int32, _ rows: Range<Int>) -> Range<Int>) {
        rows = all.rows
        var starts = all.starts
        var ends = all.ends
        for profile in starts.indices where starts[profile] < ends[profile] {
            let rest = cut(Int32(truncatingIfNeeded: profile), Int(starts[profile])..<Int(ends[profile]))
            starts[profile] = UInt32(truncatingIfNeeded: rest.lowerBound)
            ends[profile] = UInt32(truncatingIfNeeded: rest.upperBound)
        }
        self.starts = starts
        self.ends = ends
    }

    @inline(__always)
    func range(_ profile: Int32) -> (start: Int, end: Int) {
        (Int(starts[Int(profile)]), Int(ends[Int(profile)]))
    }

    /// How many rows some profiles have.
    func count(of profiles: [Int32]) -> Int {
        profiles.reduce(0) { $0 + Int(ends[Int($1)] - starts[Int($1)]) }
    }

    /// The first row of `start..<end` with a time of `time` or later; `end` when there is none.
    ///
    /// Looks from both ends, for windows mostly hold all of a run or nothing of it.
    @inline(__always)
    static func firstRow(_ time: Int64, _ start: Int, _ end: Int, _ times: UnsafeBufferPointer<Int64>) -> Int {
        if times[start] >= time { return start }
        if times[end - 1] < time { return end }
        var low = start + 1
        var high = end - 1
        while low < high {
            let middle = (low + high) >> 1
            if times[middle] >= time { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
