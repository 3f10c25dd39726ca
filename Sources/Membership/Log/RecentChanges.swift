import EventModel

/// The newest entries of the logs, so that whoever follows a segment need not wait for the database.
struct RecentChanges {
    /// By segment: entries that follow each other without a gap, up to the last of its log.
    private var runs: [Text: [MembershipChange]] = [:]

    /// How many entries of a segment there are at least before the oldest are given up.
    static let most = 512

    /// Puts in an entry that is on the disk, the segment's last.
    mutating func add(_ change: MembershipChange) {
        var run = runs.removeValue(forKey: change.segment) ?? []
        if let last = run.last, last.sequence + 1 != change.sequence { run = [] }
        if run.count >= 2 * Self.most { run.removeFirst(Self.most) }
        run.append(change)
        runs[change.segment] = run
    }

    /// Entries of a segment after a sequence number; nil when some may be missing here.
    ///
    /// - Parameter last: the sequence number of the segment's last entry.
    func changes(of segment: Text, after sequence: Int64, last: Int64, limit: Int) -> [MembershipChange]? {
        if sequence >= last { return [] }
        guard let run = runs[segment], let first = run.first?.sequence, run.last?.sequence == last,
            sequence + 1 >= first
        else { return nil }
        return Array(run.dropFirst(Int(sequence + 1 - first)).prefix(limit))
    }

    mutating func removeAll() { runs = [:] }
}
