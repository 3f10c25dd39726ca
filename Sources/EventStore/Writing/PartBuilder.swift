import EventModel

/// Makes a part of staged messages: rows clustered by profile, originals, keys, identities.
struct PartBuilder {
    /// What the store gives to staged messages.
    struct Placement {
        /// Per message, its place in the order of arrival; 0 for one that is left out.
        var arrivals: [UInt64]
        /// Per person, the identifier its messages stand under; nil when they name nobody.
        var identifiers: [ProfileNumber?]
        /// Codes of the sources, in the order of the stage.
        var sources: [UInt32]
    }

    let disk: any Disk
    let directory: String
    let workspace: StoreID

    /// Writes and publishes the file under its name; the manifest does not know it yet.
    ///
    /// - Parameters:
    ///   - stage: at least one message that is not left out.
    ///   - profile: which profile an identifier leads to, and the id it is shown under.
    func build(
        _ part: StoreID, _ stage: MessageStage, _ placement: Placement, identities: IdentityChanges,
        profile: (ProfileNumber) -> HistoryBlockMerger.Target
    ) throws(EventStoreError) -> PartRecord {
        var keys: [DedupKey] = []
        keys.reserveCapacity(stage.count)
        for (key, arrival) in zip(stage.keys, placement.arrivals) where arrival != 0 { keys.append(key) }
        keys.sort()
        do throws(DiskError) {
            var writer = try PartWriter(
                part, in: directory, on: disk, workspace: workspace, keyCount: keys.count)
            do throws(DiskError) {
                try appendRows(stage, placement, to: &writer, profile)
                try stage.originals.write(stage, placement, to: &writer)
                for key in keys { try writer.append(key) }
                return try writer.finish(identities)
            } catch {
                // After a failed sync nothing more is done to the file; the sweep takes it away.
                if error.operation != .sync { writer.abandon() }
                throw error
            }
        } catch {
            throw EventStoreError(error)
        }
    }

    private func appendRows(
        _ stage: MessageStage, _ placement: Placement, to writer: inout PartWriter,
        _ profile: (ProfileNumber) -> HistoryBlockMerger.Target
    ) throws(DiskError) {
        let order = RowOrder(
            stage, isKept: placement.arrivals.map { $0 != 0 },
            targetOfPerson: placement.identifiers.map { $0.map(profile) })
        var columns = PartColumns(stage, order)
        for profiles in order.blocks {
            let block = StagedBlock(stage, placement, order, profiles)
            try writer.append(
                block.history, identifiers: block.moved,
                columns: columns.next(rows: block.rows, items: block.itemCount))
        }
    }
}

/// Everything of a block but its columns.
private struct StagedBlock {
    let history: HistoryBlock
    let rows: Range<Int>
    let itemCount: Int
    /// The identifiers of rows that do not stand under their own, by arrival.
    private(set) var moved: [UInt64: ProfileNumber] = [:]

    init(
        _ stage: MessageStage, _ placement: PartBuilder.Placement, _ order: RowOrder, _ profiles: Range<Int>
    ) {
        rows = order.firstRows[profiles.lowerBound]..<order.firstRows[profiles.upperBound]
        var directory = RunDirectoryBuilder(profileCount: profiles.count)
        var times: [Int64] = []
        var arrivals: [UInt64] = []
        var flags: [UInt8] = []
        var itemOffsets: [UInt32] = [0]
        var firstTimes: [Int64] = []
        var lastTimes: [Int64] = []
        times.reserveCapacity(rows.count)
        arrivals.reserveCapacity(rows.count)
        flags.reserveCapacity(rows.count)
        itemOffsets.reserveCapacity(rows.count + 1)
        for (position, profile) in profiles.enumerated() {
            var span = (first: Int64.max, last: Int64.min)
            for row in order.firstRows[profile]..<order.firstRows[profile + 1] {
                let message = Int(order.messages[row])
                let entry = stage.entries[message]
                directory.addRow(profile: position, name: entry.name)
                times.append(entry.time)
                arrivals.append(placement.arrivals[message])
                flags.append(entry.flags)
                let items = stage.itemOffsets[message + 1] - stage.itemOffsets[message]
                itemOffsets.append(itemOffsets[itemOffsets.count - 1] + items)
                span = (min(span.first, entry.time), max(span.last, entry.time))
                if let identifier = placement.identifiers[Int(entry.person)],
                    identifier != order.profiles[profile].number
                {
                    moved[placement.arrivals[message]] = identifier
                }
            }
            firstTimes.append(span.first)
            lastTimes.append(span.last)
        }
        itemCount = Int(itemOffsets[itemOffsets.count - 1])
        let (runOffsets, runs) = directory.finish()
        history = HistoryBlock(
            profileNumbers: order.profiles[profiles].map(\.number), profileIDs: order.profiles[profiles].map(\.id),
            firstTimes: firstTimes, lastTimes: lastTimes, eventNames: stage.names, runOffsets: runOffsets, runs: runs,
            times: times, arrivals: arrivals, flags: flags, itemOffsets: itemOffsets, columns: [:])
    }
}
