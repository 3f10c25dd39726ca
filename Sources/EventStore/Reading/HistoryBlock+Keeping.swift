extension HistoryBlock {
    /// The block with only the rows whose arrival is accepted; profiles stay, also those left without rows.
    ///
    /// - Parameter span: first and last time of the only profile; nil to take them from the rows that stay.
    func keeping(_ isKept: (UInt64) -> Bool, span: (first: Int64, last: Int64)?) -> HistoryBlock {
        let arrivals = arrivals
        let flags = flags
        var order: [UInt32] = []
        var kept = SectionsBuilder()
        var firsts = [Int64](repeating: .max, count: profileCount)
        var lasts = [Int64](repeating: .min, count: profileCount)
        for section in sections {
            for (position, profile) in section.profiles.enumerated() {
                for row in Int(section.starts[position])..<Int(section.starts[position + 1])
                where isKept(arrivals[row]) {
                    order.append(UInt32(row))
                    kept.addRow(name: section.name, profile: Int(profile))
                    firsts[Int(profile)] = min(firsts[Int(profile)], times[row])
                    lasts[Int(profile)] = max(lasts[Int(profile)], times[row])
                }
            }
        }
        let gather = BlockGather([self], firstRows: [0], order: order)
        return HistoryBlock(
            profileNumbers: profileNumbers, profileIDs: profileIDs,
            firstTimes: span.map { [$0.first] } ?? firsts, lastTimes: span.map { [$0.last] } ?? lasts,
            eventNames: eventNames, sections: kept.finish(),
            times: times.picking(order), arrivals: arrivals.picking(order), flags: flags.picking(order),
            itemOffsets: gather.itemOffsets, columns: gather.columns(Unions()))
    }
}
