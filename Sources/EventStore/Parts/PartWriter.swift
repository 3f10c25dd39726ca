import Columns
import EventModel

/// Writes one part: blocks of rows, frames of originals, keys, identities and the index, in any order of the first
/// three, each of which comes sorted.
///
/// Nothing refers to the file before the manifest does; an error leaves a temporary file that `abandon` removes.
struct PartWriter {
    let part: StoreID
    private let disk: any Disk
    private let directory: String
    private var file: PartFileWriter
    private var names = PartNames()
    private var index = PartIndex()
    private var frame = OriginalsFrame()
    private var keys: [KeyBlocks.Entry] = []
    private var moved: Set<MovedIdentifier> = []
    private var profilesOfEvent: [[ProfileNumber]] = [[]]

    init(
        _ part: StoreID, in directory: String, on disk: any Disk, workspace: StoreID
    ) throws(DiskError) {
        self.part = part
        self.disk = disk
        self.directory = directory
        file = try PartFileWriter(
            creating: Self.temporaryPath(of: part, in: directory), on: disk, workspace: workspace, part: part)
    }

    static func path(of part: StoreID, in directory: String) -> String {
        "\(directory)/\(part)\(PartFormat.fileSuffix)"
    }

    static func temporaryPath(of part: StoreID, in directory: String) -> String {
        "\(directory)/\(part)\(PartFormat.temporarySuffix)"
    }

    // MARK: - Rows

    /// Appends a block; its profiles come after those of every block before.
    ///
    /// - Parameters:
    ///   - identifiers: the identifier of each row that does not stand under its own number, by arrival.
    ///   - columns: columns that the block does not hold itself, encoded already.
    ///   - byArrival: its rows in the order of their arrivals, if that is known.
    mutating func append(
        _ block: HistoryBlock, identifiers: [UInt64: ProfileNumber], columns: [EncodedColumn] = [],
        byArrival: [UInt32]? = nil
    ) throws(DiskError) {
        guard let first = block.profileNumbers.first, let last = block.profileNumbers.last else { return }
        var chunks = RowBlockEncoder.chunks(
            of: block, names: &names, identifierOfArrival: identifiers, byArrival: byArrival)
        for column in columns {
            let code = names.code(of: column.path)
            for var chunk in column.chunks {
                chunk.id = code
                chunks.append(chunk)
            }
        }
        let place = try file.append(.rows, count: block.rowCount, chunks: chunks)
        index.rowBlocks.append(
            RowBlockSummary(
                place: place, rows: block.rowCount, items: block.itemCount, profiles: block.profileCount,
                firstProfile: first, lastProfile: last, firstTime: block.firstTimes.min() ?? 0,
                lastTime: block.lastTimes.max() ?? 0))
        noteEvents(of: block)
        if !identifiers.isEmpty { noteMoved(in: block, identifiers) }
        index.totals.rows += block.rowCount
        index.totals.items += block.itemCount
        index.totals.profiles += block.profileCount
        index.totals.firstTime = min(index.totals.firstTime, block.firstTimes.min() ?? .max)
        index.totals.lastTime = max(index.totals.lastTime, block.lastTimes.max() ?? .min)
    }

    private mutating func noteEvents(of block: HistoryBlock) {
        while index.events.count < names.names.count {
            index.events.append(EventSummary(rows: 0, profiles: 0, firstTime: .max, lastTime: .min))
            profilesOfEvent.append([])
        }
        var seen = [UInt64](repeating: 0, count: (names.names.count + 63) / 64)
        for section in block.sections {
            let code = Int(names.code(of: section, in: block))
            seen[code / 64] |= 1 << UInt64(code % 64)
            index.events[code].rows += section.rows.count
            index.events[code].profiles += section.profiles.count
            for row in section.rows {
                index.events[code].firstTime = min(index.events[code].firstTime, block.times[row])
                index.events[code].lastTime = max(index.events[code].lastTime, block.times[row])
            }
            for profile in section.profiles { profilesOfEvent[code].append(block.profileNumbers[Int(profile)]) }
        }
        index.blockNames.append(seen)
    }

    private mutating func noteMoved(in block: HistoryBlock, _ identifiers: [UInt64: ProfileNumber]) {
        let arrivals = block.arrivals
        for section in block.sections {
            for (position, profile) in section.profiles.enumerated() {
                for row in Int(section.starts[position])..<Int(section.starts[position + 1]) {
                    guard let identifier = identifiers[arrivals[row]] else { continue }
                    moved.insert(
                        MovedIdentifier(identifier: identifier, profile: block.profileNumbers[Int(profile)]))
                }
            }
        }
    }

    // MARK: - Originals

    /// Appends the record of a message; arrivals ascend.
    ///
    /// - Parameter source: the name of its source.
    mutating func append(
        _ record: ArraySlice<UInt8>, _ place: OriginalsFrame.Place, originalBytes: Int, source: Text
    ) throws(DiskError) {
        if index.sources[place.source] == nil { index.sources[place.source] = source }
        if place.kind == .group || place.kind == .alias, let identifier = place.identifier {
            index.rowless.append(RowlessMessage(identifier: identifier, arrival: place.arrival))
        }
        index.totals.firstReceived = min(index.totals.firstReceived, place.received)
        index.totals.lastReceived = max(index.totals.lastReceived, place.received)
        index.totals.originalBytes += originalBytes
        // The message says itself whom it names.
        var place = place
        place.identifier = nil
        frame.append(record, place)
        if frame.bytes.count >= PartFormat.bytesPerFrame || frame.count >= PartFormat.messagesPerFrame {
            try flushFrame()
        }
    }

    /// Writes what is left of originals; all of them are in the frames then, in the order of arrival.
    mutating func finishOriginals() throws(DiskError) -> [FrameSummary] {
        try flushFrame()
        return index.frames
    }

    private mutating func flushFrame() throws(DiskError) {
        guard let first = frame.arrivals.first, let last = frame.arrivals.last else { return }
        let place = try file.append(.originals, count: frame.count, chunks: frame.chunks())
        note(
            FrameSummary(
                place: place, messages: frame.count, firstArrival: UInt64(bitPattern: first),
                lastArrival: UInt64(bitPattern: last)))
        frame = OriginalsFrame()
    }

    /// Appends a frame of rows, whose arrivals come after all before.
    ///
    /// - Parameter source: the name of their source.
    mutating func append(
        _ rows: RowFrame, _ placement: RowFrame.Placement, source: Text
    ) throws(DiskError) {
        try flushFrame()
        if index.sources[placement.source] == nil { index.sources[placement.source] = source }
        index.totals.firstReceived = min(index.totals.firstReceived, placement.received)
        index.totals.lastReceived = max(index.totals.lastReceived, placement.received)
        index.totals.originalBytes += rows.rawCount
        let place = try file.append(.originals, count: rows.count, copying: rows.chunks(placement))
        note(
            FrameSummary(
                place: place, messages: rows.count, firstArrival: placement.firstArrival,
                lastArrival: placement.firstArrival + UInt64(rows.count - 1)))
    }

    /// Appends a frame of another part as it is, without compressing it again.
    mutating func append(copying summary: FrameSummary, chunks: [StoredChunk]) throws(DiskError) {
        let place = try file.append(.originals, count: summary.messages, copying: chunks)
        var copy = summary
        copy.place = place
        note(copy)
    }

    private mutating func note(_ frame: FrameSummary) {
        index.frames.append(frame)
        index.totals.messages += frame.messages
        index.totals.firstArrival = min(index.totals.firstArrival, frame.firstArrival)
        index.totals.lastArrival = max(index.totals.lastArrival, frame.lastArrival)
    }

    /// Takes over what frames copied from another part do not tell by themselves.
    mutating func adoptMessageFacts(of other: PartIndex) {
        index.sources.merge(other.sources) { mine, _ in mine }
        index.rowless.append(contentsOf: other.rowless)
        index.totals.firstReceived = min(index.totals.firstReceived, other.totals.firstReceived)
        index.totals.lastReceived = max(index.totals.lastReceived, other.totals.lastReceived)
        index.totals.originalBytes += other.totals.originalBytes
    }

    // MARK: - Keys

    /// Appends a key's entry; entries ascend, and their frames are all there.
    mutating func append(_ key: KeyBlocks.Entry) throws(DiskError) {
        keys.append(key)
        if keys.count == PartFormat.keysPerBlock { try flushKeys() }
    }

    /// Appends many.
    mutating func append(_ more: [KeyBlocks.Entry]) throws(DiskError) {
        if keys.isEmpty, more.count == PartFormat.keysPerBlock {
            keys = more
            return try flushKeys()
        }
        for key in more { try append(key) }
    }

    private mutating func flushKeys() throws(DiskError) {
        guard let first = keys.first else { return }
        let place = try file.append(.keys, count: keys.count, chunks: KeyBlocks.chunks(of: keys))
        index.keyBlocks.append(KeyBlockSummary(place: place, keys: keys.count, firstPrefix: first.prefix))
        keys.removeAll(keepingCapacity: true)
    }

    // MARK: - The end

    /// Writes what is left, syncs the file, gives it its name and syncs the directory. Not yet in the manifest.
    mutating func finish(_ identities: IdentityChanges) throws(DiskError) -> PartRecord {
        try flushFrame()
        try flushKeys()
        try writeIdentities(identities)
        try writeEventProfiles()
        index.names = names.names
        index.paths = names.paths
        index.moved = moved.sorted { ($0.identifier, $0.profile) < ($1.identifier, $1.profile) }
        index.rowless.sort { ($0.identifier, $0.arrival) < ($1.identifier, $1.arrival) }
        while index.events.count < index.names.count {
            index.events.append(EventSummary(rows: 0, profiles: 0, firstTime: .max, lastTime: .min))
        }
        padBlockNames()
        let place = try file.append(.index, count: 0, chunks: index.chunks())
        let finished = try file.finish(index: place, messages: index.totals.messages, rows: index.totals.rows)
        let temporary = Self.temporaryPath(of: part, in: directory)
        try disk.rename(temporary, to: Self.path(of: part, in: directory))
        try disk.syncDirectory(directory)
        return PartRecord(
            id: part, size: finished.size, digest: finished.digest, totals: index.totals,
            firstProfile: index.rowBlocks.first?.firstProfile ?? 0,
            lastProfile: index.rowBlocks.last?.lastProfile ?? 0)
    }

    /// Removes what was written so far, as well as that goes.
    func abandon() {
        try? disk.remove(Self.temporaryPath(of: part, in: directory))
    }

    /// Names that came in later blocks have no bit in the earlier ones.
    private mutating func padBlockNames() {
        let words = (index.names.count + 63) / 64
        for block in index.blockNames.indices {
            let missing = words - index.blockNames[block].count
            if missing > 0 { index.blockNames[block].append(contentsOf: repeatElement(0, count: missing)) }
        }
    }

    private mutating func writeIdentities(_ identities: IdentityChanges) throws(DiskError) {
        let size = PartFormat.identifiersPerBlock
        let blocks = max(
            (identities.identifiers.count + size - 1) / size, (identities.links.count + size - 1) / size)
        for block in 0..<blocks {
            let identifiers = identities.identifiers.dropFirst(block * size).prefix(size)
            let links = identities.links.dropFirst(block * size).prefix(size)
            index.identityBlocks.append(
                try file.append(
                    .identities, count: identifiers.count,
                    chunks: IdentityBlocks.chunks(identifiers: identifiers, links: links)))
        }
    }

    /// The directory of rare events: which profiles have them. Common ones are found by a scan as fast.
    private mutating func writeEventProfiles() throws(DiskError) {
        var chunks: [ChunkDraft] = []
        for (code, profiles) in profilesOfEvent.enumerated() where !profiles.isEmpty {
            guard profiles.count * 16 <= index.totals.profiles || profiles.count <= 1_024 else { continue }
            var bytes: [UInt8] = []
            IntegerChunk.appendDifferences(profiles.map { Int64($0) }, to: &bytes)
            chunks.append(ChunkDraft(kind: .eventProfiles, id: UInt32(code), bytes: bytes))
        }
        guard !chunks.isEmpty else { return }
        index.eventProfiles = try file.append(.eventProfiles, count: chunks.count, chunks: chunks)
    }
}

/// A column of a block in its final form, but for the code of its path.
struct EncodedColumn {
    let path: PropertyPath
    let chunks: [ChunkDraft]
}

/// A chunk as it lies in a file, for copying.
struct StoredChunk {
    let kind: UInt16
    /// A `ChunkCoding`.
    let coding: UInt8
    let id: UInt32
    let rawCount: Int
    let bytes: [UInt8]
}

/// What the manifest keeps of a part.
struct PartRecord: Hashable, Sendable {
    var id: StoreID
    var size: Int
    var digest: [UInt8]
    var totals: PartTotals
    var firstProfile: ProfileNumber
    var lastProfile: ProfileNumber
}
