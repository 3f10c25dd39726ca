extension HistoryBlock {
    /// The block with only the rows whose arrival is accepted; profiles stay, also those left without rows.
    ///
    /// - Parameter span: first and last time of the only profile; nil to take them from the rows that stay.
    func keeping(_ isKept: (UInt64) -> Bool, span: (first: Int64, last: Int64)?) -> HistoryBlock {
        var order: [RowReference] = []
        var directory = RunDirectoryBuilder(profileCount: profileCount)
        var firsts = [Int64](repeating: .max, count: profileCount)
        var lasts = [Int64](repeating: .min, count: profileCount)
        for profile in 0..<profileCount {
            for run in runs[Int(runOffsets[profile])..<Int(runOffsets[profile + 1])] {
                for row in run.rows where isKept(arrivals[row]) {
                    order.append(RowReference(block: 0, row: row))
                    directory.addRow(profile: profile, name: run.name)
                    firsts[profile] = min(firsts[profile], times[row])
                    lasts[profile] = max(lasts[profile], times[row])
                }
            }
        }
        let (runOffsets, runs) = directory.finish()
        let gather = BlockGather(blocks: [self], order: order)
        return HistoryBlock(
            profileNumbers: profileNumbers, profileIDs: profileIDs,
            firstTimes: span.map { [$0.first] } ?? firsts, lastTimes: span.map { [$0.last] } ?? lasts,
            eventNames: eventNames, runOffsets: runOffsets, runs: runs,
            times: order.map { times[$0.row] }, arrivals: order.map { arrivals[$0.row] },
            flags: order.map { flags[$0.row] }, itemOffsets: gather.itemOffsets(), columns: gather.columns())
    }
}
