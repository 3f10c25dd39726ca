import EventStore

/// Where the rows of each profile under each event name lie in a block, as far as an instant sees them.
///
/// A flat table: the rows of profile p under name code c are `starts[c * profiles + p]..<ends[c * profiles + p]`.
final class RunTable {
    let starts: [UInt32]
    let ends: [UInt32]
    private let profiles: Int

    /// Complexity: O(names x profiles + runs).
    init(_ block: HistoryBlock, now: Int64) {
        let profiles = block.profileCount
        var starts = [UInt32](repeating: 0, count: block.eventNames.count * profiles)
        var ends = starts
        let times = block.times
        for profile in 0..<profiles {
            let isCut = block.lastTimes[profile] > now
            for run in Int(block.runOffsets[profile])..<Int(block.runOffsets[profile + 1]) {
                let run = block.runs[run]
                let place = Int(run.name) * profiles + profile
                starts[place] = run.start
                ends[place] =
                    isCut
                    ? run.start + UInt32(RowRun(rows: run.rows).visibleCount(at: now, times)) : run.end
            }
        }
        self.starts = starts
        self.ends = ends
        self.profiles = profiles
    }

    /// The place in the table of the first profile under a name code.
    @inline(__always)
    func base(of code: UInt32) -> Int { Int(code) * profiles }

    @inline(__always)
    func rows(_ base: Int, _ profile: Int32) -> (start: Int, end: Int) {
        (Int(starts[base + Int(profile)]), Int(ends[base + Int(profile)]))
    }
}
