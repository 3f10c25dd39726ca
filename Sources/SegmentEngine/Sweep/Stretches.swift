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
    ///
    /// - Parameter few: only theirs matter; nil: those of all profiles.
    init(_ all: Stretches, from: Int64, to: Int64, _ block: HistoryBlock, of few: [Int32]? = nil) {
        let (firstTimes, lastTimes) = (block.firstTimes, block.lastTimes)
        self = firstTimes.withUnsafeBufferPointer { firstTimes in
            lastTimes.withUnsafeBufferPointer { lastTimes in
                Stretches(all, block.times, few ?? all.profiles) { start, end, profile, times in
                    // When a profile was first and last seen mostly says enough.
                    if lastTimes[Int(profile)] < from || firstTimes[Int(profile)] >= to { return (end, end) }
                    if end &- start <= Self.shortRun { return Self.counted(start, end, from, to, times) }
                    var (start, end) = (start, end)
                    if firstTimes[Int(profile)] < from { start = Self.firstRow(from, start, end, times) }
                    if start < end, lastTimes[Int(profile)] >= to, times[end - 1] >= to {
                        end = Self.firstRow(to, start, end, times)
                    }
                    return (start, end)
                }
            }
        }
    }

    /// Stretches cut for each profile in its own way.
    ///
    /// - Parameter cut: the rows that remain of those of a profile.
    init(_ all: Stretches, cut: (_ profile: Int32, _ rows: Range<Int>) -> Range<Int>) {
        self.init(all, [], all.profiles) { start, end, profile, _ in
            let rest = cut(profile, start..<end)
            return (rest.lowerBound, rest.upperBound)
        }
    }

    /// - Parameter cut: the first row that remains of a profile's, and the end; it has some.
    @inline(__always)
    private init(
        _ all: Stretches, _ times: [Int64], _ profiles: [Int32],
        _ cut: (_ start: Int, _ end: Int, _ profile: Int32, _ times: UnsafeBufferPointer<Int64>) -> (Int, Int)
    ) {
        rows = all.rows
        self.profiles = profiles
        var starts = all.starts
        var ends = all.ends
        times.withUnsafeBufferPointer { times in
            starts.withUnsafeMutableBufferPointer { starts in
                ends.withUnsafeMutableBufferPointer { ends in
                    for profile in profiles {
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

    /// Runs of no more rows are counted through, which leaves the processor less to guess than a search.
    private static let shortRun = 16

    /// The rows of `start..<end` with times of `from` and later, before `to`; times ascend.
    @inline(__always)
    private static func counted(
        _ start: Int, _ end: Int, _ from: Int64, _ to: Int64, _ times: UnsafeBufferPointer<Int64>
    ) -> (Int, Int) {
        var (first, last) = (start, start)
        var row = start
        while row < end {
            first &+= times[row] < from ? 1 : 0
            last &+= times[row] < to ? 1 : 0
            row &+= 1
        }
        return (first, max(first, last))
    }

    /// The first row of `start..<end` with a time of `time` or later; `end` when there is none.
    ///
    /// Looks from both ends, for windows mostly hold all of a run or nothing of it.
    @inline(__always)
    static func firstRow(_ time: Int64, _ start: Int, _ end: Int, _ times: UnsafeBufferPointer<Int64>) -> Int {
        if times[start] >= time { return start }
        if times[end - 1] < time { return end }
        // Row low is before the time, row low + count is not; whichever half it is, nothing has to be guessed.
        var low = start
        var count = end &- 1 &- start
        while count > 1 {
            let half = count >> 1
            low = times[low &+ half] < time ? low &+ half : low
            count &-= half
        }
        return low &+ 1
    }
}
