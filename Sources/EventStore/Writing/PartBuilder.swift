import Columns
import EventModel

/// Makes a part of staged messages: originals, keys, rows clustered by profile, identities.
struct PartBuilder {
    /// What the store gives to staged messages.
    struct Placement {
        var arrivals: StagedArrivals
        /// Messages that are left out.
        var left = LeftOut()
        /// Per person, the identifier its messages stand under; nil when they name nobody.
        var identifiers: [ProfileNumber?]
        /// Codes of the sources, in the order of the stage.
        var sources: [UInt32]
    }

    let disk: any Disk
    let directory: String
    let workspace: StoreID
    let rowsPerBlock: Int

    /// Writes and publishes the file under its name; the manifest does not know it yet.
    ///
    /// - Parameters:
    ///   - stage: at least one message that is not left out. What a part has of it is dropped on the way, so that it is
    ///     not in memory twice.
    ///   - keys: the order of its keys.
    ///   - profile: which profile an identifier leads to, and the id it is shown under.
    func build(
        _ part: StoreID, _ stage: inout MessageStage, _ keys: KeyOrder, _ placement: Placement,
        identities: IdentityChanges, profile: (ProfileNumber) -> BlockProfile
    ) throws(EventStoreError) -> PartRecord {
        do throws(DiskError) {
            var writer = try PartWriter(part, in: directory, on: disk, workspace: workspace)
            do throws(DiskError) {
                try stage.originals.write(stage, placement, to: &writer)
                try append(keys, placement, try writer.finishOriginals(), to: &writer)
                stage.dropOriginals()
                try appendRows(&stage, placement, to: &writer, profile)
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

    /// Appends the keys of the messages with the frames they stand in, which hold them in the order of arrival.
    private func append(
        _ keys: KeyOrder, _ placement: Placement, _ frames: [FrameSummary], to writer: inout PartWriter
    ) throws(DiskError) {
        // The frame of the first of each so many arrivals; the frame of any other is not far.
        let step = 1_024
        let first = frames.first?.firstArrival ?? 0
        let last = frames.last?.lastArrival ?? 0
        var guesses: [Int] = []
        for arrival in stride(from: first, through: last, by: step) {
            var frame = guesses.last ?? 0
            while frame + 1 < frames.count, frames[frame].lastArrival < arrival { frame += 1 }
            guesses.append(frame)
        }
        let ends = frames.map(\.lastArrival)
        let size = PartFormat.keysPerBlock
        for start in stride(from: 0, to: keys.count, by: size) {
            let indexes = start..<min(start + size, keys.count)
            let entries = [KeyBlocks.Entry](unsafeUninitializedCapacity: indexes.count) { entries, count in
                for index in indexes {
                    guard let arrival = placement.arrivals[keys.message(index)] else { continue }
                    var frame = guesses[Int(truncatingIfNeeded: (arrival &- first) / UInt64(step))]
                    while ends[frame] < arrival { frame &+= 1 }
                    entries[count] = KeyBlocks.Entry(prefix: keys.prefix(index), frame: frame)
                    count &+= 1
                }
            }
            try writer.append(entries)
        }
    }

    private func appendRows(
        _ stage: inout MessageStage, _ placement: Placement, to writer: inout PartWriter,
        _ profile: (ProfileNumber) -> BlockProfile
    ) throws(DiskError) {
        let order = RowOrder(
            stage, rowsPerBlock: rowsPerBlock, without: placement.left,
            targetOfPerson: placement.identifiers.map { $0.map(profile) })
        let rows = StagedRows(&stage, order, placement)
        var columns = PartColumns(&stage, order)
        for block in order.blocks {
            let (history, moved, blockOrder) = rows.block(block)
            try writer.append(
                history, identifiers: moved, columns: columns.next(rows: block.rows, blockOrder, of: history),
                byArrival: blockOrder.places)
        }
    }
}

/// The places of staged messages in the order of arrival.
struct StagedArrivals {
    private enum Form {
        case listed([UInt64])
        case counted(from: UInt64, ranks: StagedArray<UInt32>?)
    }

    private let form: Form

    /// An arrival for each message.
    init(_ arrivals: [UInt64]) { form = .listed(arrivals) }

    /// One after the other from the first on, but for messages that are left out.
    init(from first: UInt64, count: Int, without left: LeftOut) {
        guard left.count > 0 else {
            form = .counted(from: first, ranks: nil)
            return
        }
        var ranks = StagedArray<UInt32>()
        ranks.append(count: count) { target in
            var next: UInt32 = 0
            for message in 0..<count {
                let isLeft = left.contains(message)
                target[message] = isLeft ? .max : next
                next += isLeft ? 0 : 1
            }
        }
        form = .counted(from: first, ranks: ranks)
    }

    /// The arrivals of messages of which none is left out.
    func gathered(_ messages: [UInt32]) -> [UInt64] {
        guard case .counted(let first, nil) = form else { return messages.map { self[Int($0)] ?? 0 } }
        return [UInt64](unsafeUninitializedCapacity: messages.count) { target, count in
            for (place, message) in messages.enumerated() { target[place] = first &+ UInt64(message) }
            count = messages.count
        }
    }

    /// Nil for a message that is left out.
    @inline(__always)
    subscript(message: Int) -> UInt64? {
        switch form {
        case .listed(let arrivals): return arrivals[message]
        case .counted(let first, nil): return first &+ UInt64(truncatingIfNeeded: message)
        case .counted(let first, let ranks?):
            let rank = ranks[message]
            return rank == .max ? nil : first &+ UInt64(rank)
        }
    }
}

/// What there is of each row of a part beside its cells, cut into blocks.
private struct StagedRows {
    private let stage: MessageStage
    private let order: RowOrder
    private let placement: PartBuilder.Placement
    private let times: StagedArray<Int64>
    private let names: StagedArray<UInt32>
    private let facts: StagedArray<RowFacts>
    /// Whether the rows of some person stand under another profile than that of their identifier.
    private let areMoved: Bool

    init(_ stage: inout MessageStage, _ order: RowOrder, _ placement: PartBuilder.Placement) {
        (times, names, facts) = stage.takeRows(order.cut)
        self.stage = stage.withoutColumns()
        self.order = order
        self.placement = placement
        let profiles = Set(order.profiles.map(\.number))
        areMoved = placement.identifiers.contains { $0.map { !profiles.contains($0) } ?? false }
    }

    /// A block, but for its columns; the identifiers of rows that do not stand under their own, by arrival; and how its
    /// rows were sorted.
    func block(_ block: RowOrder.Block) -> (HistoryBlock, [UInt64: ProfileNumber], BlockOrder) {
        times.withUnsafeBufferPointer { times in
            names.withUnsafeBufferPointer { names in
                order.profileOfRow.withUnsafeBufferPointer { profiles in
                    make(
                        block, UnsafeBufferPointer(rebasing: times[block.rows]),
                        UnsafeBufferPointer(rebasing: names[block.rows]),
                        UnsafeBufferPointer(rebasing: profiles[block.rows]))
                }
            }
        }
    }

    private func make(
        _ block: RowOrder.Block, _ times: UnsafeBufferPointer<Int64>, _ names: UnsafeBufferPointer<UInt32>,
        _ profiles: UnsafeBufferPointer<UInt32>
    ) -> (HistoryBlock, [UInt64: ProfileNumber], BlockOrder) {
        let sorted = BlockOrder(
            names: names, profiles: profiles, firstProfile: block.profiles.lowerBound, times: times,
            nameCount: stage.names.count, profileCount: block.profiles.count)
        let sortedTimes = gathered(sorted.rows) { times[$0] }
        // Runs are sorted by time, so that the first and last of a profile stand at the ends of its runs.
        var firstTimes = [Int64](repeating: .max, count: block.profiles.count)
        var lastTimes = [Int64](repeating: .min, count: block.profiles.count)
        var sections = SectionsBuilder()
        for run in sorted.runs {
            sections.addRun(name: run.name, profile: run.profile, rows: run.rows.count)
            firstTimes[run.profile] = min(firstTimes[run.profile], sortedTimes[run.rows.lowerBound])
            lastTimes[run.profile] = max(lastTimes[run.profile], sortedTimes[run.rows.upperBound - 1])
        }
        let base = block.rows.lowerBound
        let flags = facts.withUnsafeBufferPointer { facts in gathered(sorted.rows) { facts[base &+ $0].flags } }
        let arrivals = order.messages.withUnsafeBufferPointer { messages in
            placement.arrivals.gathered(gathered(sorted.rows) { messages[base &+ $0] })
        }
        let targets = order.profiles[block.profiles]
        let history = HistoryBlock(
            profileNumbers: targets.map(\.number), profileIDs: targets.map(\.id), firstTimes: firstTimes,
            lastTimes: lastTimes, eventNames: stage.names, sections: sections.finish(),
            times: sortedTimes, arrivals: arrivals, flags: flags,
            itemOffsets: itemOffsets(block, sorted), columns: [:])
        return (history, areMoved ? moved(block, sorted, arrivals) : [:], sorted)
    }

    /// What there is of rows, in their order.
    @inline(__always)
    private func gathered<Value: BitwiseCopyable>(_ rows: [UInt32], _ value: (Int) -> Value) -> [Value] {
        [Value](unsafeUninitializedCapacity: rows.count) { target, count in
            rows.withUnsafeBufferPointer { rows in
                for place in rows.indices { target[place] = value(Int(rows[place])) }
            }
            count = rows.count
        }
    }

    private func itemOffsets(_ block: RowOrder.Block, _ sorted: BlockOrder) -> [UInt32] {
        guard stage.itemCount > 0 else { return Array(repeating: 0, count: block.rows.count + 1) }
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(block.rows.count + 1)
        for row in sorted.rows {
            let items = stage.items(of: Int(order.messages[block.rows.lowerBound + Int(row)]))
            offsets.append(offsets[offsets.count - 1] + UInt32(items.count))
        }
        return offsets
    }

    private func moved(
        _ block: RowOrder.Block, _ sorted: BlockOrder, _ arrivals: [UInt64]
    ) -> [UInt64: ProfileNumber] {
        var moved: [UInt64: ProfileNumber] = [:]
        for (place, row) in sorted.rows.enumerated() {
            let position = block.rows.lowerBound + Int(row)
            let person = Int(stage.persons[Int(order.messages[position])])
            guard let identifier = placement.identifiers[person],
                identifier != order.profiles[Int(order.profileOfRow[position])].number
            else { continue }
            moved[arrivals[place]] = identifier
        }
        return moved
    }
}
