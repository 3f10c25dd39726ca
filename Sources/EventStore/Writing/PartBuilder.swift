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
        do throws(DiskError) {
            var writer = try PartWriter(part, in: directory, on: disk, workspace: workspace)
            do throws(DiskError) {
                try appendRows(stage, placement, to: &writer, profile)
                try stage.originals.write(stage, placement, to: &writer)
                let frames = try writer.finishOriginals()
                for key in KeyBlocks.Entry.sorted(keys(stage, placement, frames)) { try writer.append(key) }
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

    /// The keys of the messages and the frames they stand in, which hold them in the order of arrival.
    private func keys(_ stage: MessageStage, _ placement: Placement, _ frames: [FrameSummary]) -> [KeyBlocks.Entry] {
        var keys: [KeyBlocks.Entry] = []
        keys.reserveCapacity(stage.count)
        var frame = 0
        for (key, arrival) in zip(stage.keys, placement.arrivals) where arrival != 0 {
            while frame + 1 < frames.count, frames[frame].lastArrival < arrival { frame += 1 }
            keys.append(KeyBlocks.Entry(key, frame: frame))
        }
        return keys
    }

    private func appendRows(
        _ stage: MessageStage, _ placement: Placement, to writer: inout PartWriter,
        _ profile: (ProfileNumber) -> HistoryBlockMerger.Target
    ) throws(DiskError) {
        let order = RowOrder(
            stage, isKept: placement.arrivals.map { $0 != 0 },
            targetOfPerson: placement.identifiers.map { $0.map(profile) })
        var columns = PartColumns(stage, order)
        for rows in order.blocks {
            let block = StagedBlock(stage, placement, order, rows)
            try writer.append(
                block.history, identifiers: block.moved,
                columns: columns.next(rows: rows.rows, of: block.history))
        }
    }
}

/// Everything of a block but its columns.
private struct StagedBlock {
    let history: HistoryBlock
    /// The identifiers of rows that do not stand under their own, by arrival.
    private(set) var moved: [UInt64: ProfileNumber] = [:]

    init(
        _ stage: MessageStage, _ placement: PartBuilder.Placement, _ order: RowOrder, _ block: RowOrder.Block
    ) {
        let first = block.profiles.lowerBound
        var sections = SectionsBuilder()
        var times: [Int64] = []
        var arrivals: [UInt64] = []
        var flags: [UInt8] = []
        var itemOffsets: [UInt32] = [0]
        var firstTimes = [Int64](repeating: .max, count: block.profiles.count)
        var lastTimes = [Int64](repeating: .min, count: block.profiles.count)
        times.reserveCapacity(block.rows.count)
        arrivals.reserveCapacity(block.rows.count)
        flags.reserveCapacity(block.rows.count)
        itemOffsets.reserveCapacity(block.rows.count + 1)
        for row in block.rows {
            let message = Int(order.messages[row])
            let entry = stage.entries[message]
            let profile = Int(order.profileOfRow[row])
            sections.addRow(name: entry.name, profile: profile - first)
            times.append(entry.time)
            arrivals.append(placement.arrivals[message])
            flags.append(entry.flags)
            let items = stage.itemOffsets[message + 1] - stage.itemOffsets[message]
            itemOffsets.append(itemOffsets[itemOffsets.count - 1] + items)
            firstTimes[profile - first] = min(firstTimes[profile - first], entry.time)
            lastTimes[profile - first] = max(lastTimes[profile - first], entry.time)
            if let identifier = placement.identifiers[Int(entry.person)], identifier != order.profiles[profile].number {
                moved[placement.arrivals[message]] = identifier
            }
        }
        let profiles = order.profiles[block.profiles]
        history = HistoryBlock(
            profileNumbers: profiles.map(\.number), profileIDs: profiles.map(\.id),
            firstTimes: firstTimes, lastTimes: lastTimes, eventNames: stage.names, sections: sections.finish(),
            times: times, arrivals: arrivals, flags: flags, itemOffsets: itemOffsets, columns: [:])
    }
}
