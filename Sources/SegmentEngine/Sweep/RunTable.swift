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
        for section in block.sections {
            let base = Int(section.name) * profiles
            for (index, profile) in section.profiles.enumerated() {
                let start = section.starts[index]
                let end = section.starts[index + 1]
                starts[base + Int(profile)] = start
                ends[base + Int(profile)] =
                    block.lastTimes[Int(profile)] > now
                    ? start + UInt32(RowRun(rows: Int(start)..<Int(end)).visibleCount(at: now, times)) : end
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
