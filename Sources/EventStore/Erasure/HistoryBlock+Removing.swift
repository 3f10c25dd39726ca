extension HistoryBlock {
    /// The block without the profiles whose numbers are given, and the arrivals of their rows.
    func removing(_ numbers: Set<ProfileNumber>) -> (block: HistoryBlock, arrivals: [UInt64]) {
        var newPlace: [Int32?] = []
        var kept: [Int] = []
        for (place, number) in profileNumbers.enumerated() {
            newPlace.append(numbers.contains(number) ? nil : Int32(kept.count))
            if !numbers.contains(number) { kept.append(place) }
        }
        guard kept.count < profileCount else { return (self, []) }
        let arrivals = arrivals
        let flags = flags
        var removed: [UInt64] = []
        var order: [UInt32] = []
        var builder = SectionsBuilder()
        for section in sections {
            for (position, profile) in section.profiles.enumerated() {
                let rows = Int(section.starts[position])..<Int(section.starts[position + 1])
                guard let place = newPlace[Int(profile)] else {
                    removed.append(contentsOf: rows.map { arrivals[$0] })
                    continue
                }
                if !rows.isEmpty { builder.addRun(name: section.name, profile: Int(place), rows: rows.count) }
                order.append(contentsOf: rows.map { UInt32($0) })
            }
        }
        let gather = BlockGather([self], firstRows: [0], order: order)
        let block = HistoryBlock(
            profileNumbers: kept.map { profileNumbers[$0] }, profileIDs: kept.map { profileID($0) },
            firstTimes: kept.map { firstTimes[$0] }, lastTimes: kept.map { lastTimes[$0] }, eventNames: eventNames,
            sections: builder.finish(), times: times.picking(order), arrivals: arrivals.picking(order),
            flags: flags.picking(order), itemOffsets: gather.itemOffsets, columns: gather.columns(Unions()))
        return (block, removed)
    }
}
