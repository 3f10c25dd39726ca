import Columns
import EventModel

/// A piece of a frame of originals that is left when messages were taken out.
struct FramePiece {
    let arrivals: [UInt64]
    let chunks: [StoredChunk]
}

/// A frame of originals without some of its messages.
struct FrameWithout {
    /// Ascending; messages stay together, rows are cut where some were taken out, since their arrivals are counted.
    private(set) var pieces: [FramePiece] = []
    /// The keys of the messages that stay, by their arrival.
    private(set) var keys: [UInt64: DedupKey] = [:]
    /// The messages that were taken out.
    private(set) var removed: [MessageRecord] = []
    /// How many bytes their originals were.
    private(set) var removedBytes = 0

    init(_ part: PartFile, frame: Int, without arrivals: Set<UInt64>) throws(EventStoreError) {
        let decoder = MessageDecoder(options: .file)
        var kept: [MessageRecord] = []
        for record in try part.records(frame) {
            guard !arrivals.contains(record.arrival) else {
                removed.append(record)
                continue
            }
            keys[record.arrival] = try record.key(decoder, source: part.index.sources[record.source] ?? "")
            kept.append(record)
        }
        if let rows = try part.rows(ofFrame: frame, without: arrivals) {
            pieces = rows.pieces
            removedBytes = rows.removedBytes
            return
        }
        for record in removed { removedBytes += (try? original(of: record).count) ?? 0 }
        guard !kept.isEmpty else { return }
        var copy = OriginalsFrame()
        for record in kept {
            copy.append(
                record.bytes[...],
                OriginalsFrame.Place(
                    arrival: record.arrival, received: record.receivedAt, time: record.time, source: record.source,
                    identifier: record.identifier, kind: record.kind))
        }
        pieces = [FramePiece(arrivals: kept.map(\.arrival), chunks: copy.chunks().map { StoredChunk($0) })]
    }

    private func original(of record: MessageRecord) throws(MessageError) -> [UInt8] {
        try record.bytes.withUnsafeBytes { bytes in
            Result { () throws(MessageError) in try MessageCoding.original(of: bytes) }
        }.get()
    }
}

extension PartFile {
    /// The pieces of a frame of rows; nil when it is a frame of messages.
    fileprivate func rows(
        ofFrame frame: Int, without arrivals: Set<UInt64>
    ) throws(EventStoreError) -> (pieces: [FramePiece], removedBytes: Int)? {
        let summary = index.frames[frame]
        let block = try block(summary.place, .originals)
        guard let recipe = try optionalChunk(block, .recipe) else { return nil }
        let table = try chunk(block, .rowTable)
        let columns = try optionalChunk(block, .rowColumns)
        let bytes = if let columns { columns } else { try chunk(block, .messageBytes) }
        defer { withExtendedLifetime((table, bytes, recipe)) {} }
        do throws(ColumnError) {
            return try RowFrame.pieces(
                table: table.bytes, bytes: bytes.bytes, areColumns: columns != nil, recipe: recipe.bytes,
                count: summary.messages, without: arrivals)
        } catch {
            throw block.damage(.contents(error))
        }
    }
}

extension RowFrame {
    /// The rows of a frame that stay, cut into frames of rows whose arrivals follow each other.
    fileprivate static func pieces(
        table: UnsafeRawBufferPointer, bytes: UnsafeRawBufferPointer, areColumns: Bool,
        recipe: UnsafeRawBufferPointer, count: Int, without arrivals: Set<UInt64>
    ) throws(ColumnError) -> (pieces: [FramePiece], removedBytes: Int) {
        guard let recipe = RowRecipe(json: Array(recipe)) else { throw .inconsistent(.codeOutOfRange) }
        let rows = areColumns ? try RowColumns.rows(bytes, count: count, recipe) : Array(bytes)
        let facts = try RowTable(table, count: count)
        let starts = starts(of: rows, recipe)
        guard starts.count == count else { throw .inconsistent(.offsetsNotAscending) }
        let stored = StoredRecipe(recipe)
        var pieces: [FramePiece] = []
        var removedBytes = 0
        var first: Int?
        for row in 0...count {
            let isGone = row < count && arrivals.contains(facts.firstArrival &+ UInt64(row))
            let end = row + 1 < count ? starts[row + 1] : rows.count
            if isGone { removedBytes += end - starts[row] }
            guard isGone || row == count else {
                first = first ?? row
                continue
            }
            guard let begin = first else { continue }
            pieces.append(
                facts.piece(begin..<row, rows[starts[begin]..<(row < count ? starts[row] : rows.count)], stored))
            first = nil
        }
        return (pieces, removedBytes)
    }

    /// Where each row begins.
    private static func starts(of rows: [UInt8], _ recipe: RowRecipe) -> [Int] {
        rows.withUnsafeBufferPointer { bytes in
            var cells = RowCells(bytes, recipe)
            var starts: [Int] = []
            while let range = cells.next() { starts.append(range.lowerBound) }
            return starts
        }
    }
}

/// What stands beside the rows of a frame.
private struct RowTable {
    let firstArrival: UInt64
    private let received: Int64
    private let source: UInt32
    /// Empty when each row says its own.
    private let times: [Int64]
    private let repeated: [(row: Int, occurrence: UInt32)]

    init(_ table: UnsafeRawBufferPointer, count: Int) throws(ColumnError) {
        var reader = ByteReader(table)
        let common = try IntegerChunk(&reader, atMost: 3).values()
        times = try IntegerChunk(&reader, atMost: count).values()
        for _ in 0..<2 { _ = try IntegerChunk(&reader, atMost: count) }
        let rows = try IntegerChunk(&reader, atMost: count).indexes(below: count)
        let occurrences = try IntegerChunk(&reader, atMost: count).values()
        guard common.count == 3, let source = UInt32(exactly: common[2]), times.isEmpty || times.count == count,
            rows.count == occurrences.count
        else { throw .inconsistent(.codeOutOfRange) }
        firstArrival = UInt64(bitPattern: common[0])
        received = common[1]
        self.source = source
        repeated = zip(rows, occurrences).map { (Int($0), UInt32(truncatingIfNeeded: $1)) }
    }

    /// The frame of some of the rows, whose bytes are given.
    func piece(_ rows: Range<Int>, _ bytes: ArraySlice<UInt8>, _ recipe: StoredRecipe) -> FramePiece {
        var frame = bytes.withUnsafeBytes {
            RowFrame($0, count: rows.count, recipe: recipe, times: times.isEmpty ? nil : Array(times[rows]))
        }
        frame.repeated = repeated.filter { rows.contains($0.row) }
            .map { (UInt32($0.row - rows.lowerBound), $0.occurrence) }
        let first = firstArrival &+ UInt64(rows.lowerBound)
        let placement = RowFrame.Placement(firstArrival: first, received: received, source: source)
        return FramePiece(
            arrivals: rows.map { firstArrival &+ UInt64($0) }, chunks: frame.chunks(placement))
    }
}

extension StoredChunk {
    /// A chunk in its final form.
    init(_ draft: ChunkDraft) {
        let compressed = draft.compressible ? Zstandard.compress(draft.bytes) : nil
        self.init(
            kind: draft.kind.rawValue, coding: ChunkCoding(isCompressed: compressed != nil).rawValue, id: draft.id,
            rawCount: draft.bytes.count, bytes: compressed ?? draft.bytes)
    }
}
