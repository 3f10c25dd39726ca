import EventStore

/// Where the rows of each profile under one event name lie in a block, as far as an instant and a window see them.
///
/// Profile p's rows are `starts[p]..<ends[p]`, in history order.
struct Stretches {
    let starts: [UInt32]
    let ends: [UInt32]
    /// The rows of all profiles.
    let rows: Range<Int>
    /// The profiles that have rows under the name; ascending.
    let profiles: [Int32]

    /// The rows under a name that are there at an instant. Complexity: O(profiles).
    init(of code: UInt32, _ block: HistoryBlock, now: Int64) {
        var starts = [UInt32](repeating: 0, count: block.profileCount)
        var ends = starts
        guard let section = block.section(name: code) else {
            (self.starts, self.ends) = (starts, ends)
            rows = 0..<0
            profiles = []
            return
        }
        rows = section.rows
        profiles = section.profiles
        let (lastTimes, times) = (block.lastTimes, block.times)
        starts.withUnsafeMutableBufferPointer { starts in
            ends.withUnsafeMutableBufferPointer { ends in
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
            }
        }
        self.starts = starts
        self.ends = ends
    }

    /// Those of some stretches whose rows have times of `from` and later, before `to`.
    init(_ all: Stretches, from: Int64, to: Int64, _ times: [Int64]) {
        self.init(all, times) { start, end, _, times in
            var (start, end) = (start, end)
            if from != .min { start = Self.firstRow(from, start, end, times) }
            if start < end, times[end - 1] >= to { end = Self.firstRow(to, start, end, times) }
            return (start, end)
        }
    }

    /// Stretches cut for each profile in its own way.
    ///
    /// - Parameter cut: the rows that remain of those of a profile.
    init(_ all: Stretches, cut: (_ profile: Int32, _ rows: Range<Int>) -> Range<Int>) {
        self.init(all, []) { start, end, profile, _ in
            let rest = cut(profile, start..<end)
            return (rest.lowerBound, rest.upperBound)
        }
    }

    /// - Parameter cut: the first row that remains of a profile's, and the end; it has some.
    @inline(__always)
    private init(
        _ all: Stretches, _ times: [Int64],
        _ cut: (_ start: Int, _ end: Int, _ profile: Int32, _ times: UnsafeBufferPointer<Int64>) -> (Int, Int)
    ) {
        rows = all.rows
        profiles = all.profiles
        var starts = all.starts
        var ends = all.ends
        times.withUnsafeBufferPointer { times in
            starts.withUnsafeMutableBufferPointer { starts in
                ends.withUnsafeMutableBufferPointer { ends in
                    for profile in all.profiles {
                        let (start, end) = (Int(starts[Int(profile)]), Int(ends[Int(profile)]))
                        if start >= end { continue }
                        let (first, last) = cut(start, end, profile, times)
                        starts[Int(profile)] = UInt32(truncatingIfNeeded: first)
                        ends[Int(profile)] = UInt32(truncatingIfNeeded: last)
                    }
                }
            }
        }
        self.starts = starts
        self.ends = ends
    }

    @inline(__always)
    func range(_ profile: Int32) -> (start: Int, end: Int) {
        (Int(starts[Int(profile)]), Int(ends[Int(profile)]))
    }

    /// How many rows a profile has.
    @inline(__always)
    func count(of profile: Int32) -> Int { Int(ends[Int(profile)] &- starts[Int(profile)]) }

    /// How many rows some profiles have.
    func count(of profiles: [Int32]) -> Int {
        profiles.reduce(0) { $0 + count(of: $1) }
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
