import Columns
import EventModel

/// Some rows of a table, kept as they came: a frame of originals that needs nothing made of its messages.
///
/// ```
/// messageBytes  the rows with their line breaks, compressed; or
/// rowColumns    the same by columns (`RowColumns`), compressed
/// rowTable      IntegerChunks: [first arrival, received time, source code]; times, or none where each row tells
///               its own; two lists that older programs filled; rows that are not the first of their kind in the
///               file; how many-th they are
/// recipe        what makes a message of a row (`RowRecipe`), as JSON
/// ```
struct RowFrame: Sendable {
    let recipe: StoredRecipe
    let count: Int
    /// In the order of the rows; nil when every row tells its own time by `PlainTimes`.
    var times: [Int64]?
    /// Rows that are not the first of their kind in their file, ascending, with how many-th they are.
    var repeated: [(row: UInt32, occurrence: UInt32)] = []
    /// The rows or their columns, compressed when that is shorter.
    let bytes: [UInt8]
    private let isCompressed: Bool
    private let areColumns: Bool
    /// How many bytes `bytes` are uncompressed.
    private let storedCount: Int
    /// How many bytes the rows are.
    let rawCount: Int

    /// - Parameters:
    ///   - rows: whole rows, the last one's line break may be left out.
    ///   - columns: the same rows as `RowColumns` has them; nil when they are kept as they are.
    init(
        _ rows: UnsafeRawBufferPointer, columns: [UInt8]? = nil, count: Int, recipe: StoredRecipe, times: [Int64]?
    ) {
        self.recipe = recipe
        self.count = count
        self.times = times
        rawCount = rows.count
        areColumns = columns != nil
        storedCount = columns?.count ?? rows.count
        let compressed = columns.map { Zstandard.compress($0, as: .codes) } ?? Zstandard.compress(rows)
        isCompressed = compressed != nil
        bytes = compressed ?? columns ?? Array(rows)
    }

    /// What a store gives to the messages of a frame.
    struct Placement {
        var firstArrival: UInt64
        var received: Int64
        var source: UInt32
    }

    func chunks(_ placement: Placement) -> [StoredChunk] {
        var table: [UInt8] = []
        IntegerChunk.append(
            [Int64(bitPattern: placement.firstArrival), placement.received, Int64(placement.source)], to: &table)
        IntegerChunk.append(times ?? [], to: &table)
        // Whose rows they are is what rows say by themselves.
        IntegerChunk.append([], to: &table)
        IntegerChunk.append([], to: &table)
        IntegerChunk.append(repeated.map { Int64($0.row) }, to: &table)
        IntegerChunk.append(repeated.map { Int64($0.occurrence) }, to: &table)
        let compressedRecipe = Zstandard.compress(recipe.bytes)
        let rows = StoredChunk(
            kind: (areColumns ? PartFormat.ChunkKind.rowColumns : .messageBytes).rawValue,
            coding: ChunkCoding(isCompressed: isCompressed).rawValue, id: 0, rawCount: storedCount, bytes: bytes)
        let facts = [
            StoredChunk(
                kind: PartFormat.ChunkKind.rowTable.rawValue, coding: ChunkCoding.plain.rawValue, id: 0,
                rawCount: table.count, bytes: table),
            StoredChunk(
                kind: PartFormat.ChunkKind.recipe.rawValue,
                coding: ChunkCoding(isCompressed: compressedRecipe != nil).rawValue, id: 0,
                rawCount: recipe.bytes.count, bytes: compressedRecipe ?? recipe.bytes),
        ]
        // In the order of their kinds.
        return areColumns ? facts + [rows] : [rows] + facts
    }

    /// The frame without some of its rows; nil when none is left.
    func keeping(_ isKept: ArraySlice<Bool>) -> RowFrame? {
        if isKept.allSatisfy({ $0 }) { return self }
        var kept: [UInt8] = []
        var keptTimes: [Int64]? = times.map { _ in [] }
        var newRow: [UInt32: UInt32] = [:]
        withRows { rows in
            var cells = RowCells(rows.bindMemory(to: UInt8.self), recipe.recipe)
            for row in 0..<count {
                guard let range = cells.next(), isKept[isKept.startIndex + row] else { continue }
                newRow[UInt32(row)] = UInt32(newRow.count)
                kept.append(contentsOf: rows[range])
                kept.append(0x0A)
                if let times { keptTimes?.append(times[row]) }
            }
        }
        guard !newRow.isEmpty else { return nil }
        var frame = kept.withUnsafeBytes { RowFrame($0, count: newRow.count, recipe: recipe, times: keptTimes) }
        frame.repeated = repeated.compactMap { old in newRow[old.row].map { ($0, old.occurrence) } }
        return frame
    }

    private func withRows(_ body: (UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            guard isCompressed else { return withRows(of: bytes, body) }
            if let stored = Zstandard.decompress(bytes, size: storedCount) {
                withRows(of: stored.bytes, body)
                withExtendedLifetime(stored) {}
            }
        }
    }

    private func withRows(of stored: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard areColumns else { return body(stored) }
        if let rows = try? RowColumns.rows(stored, count: count, recipe.recipe) { rows.withUnsafeBytes(body) }
    }
}

// MARK: - Reading

extension RowFrame {
    /// The messages of a frame of rows, as if they had come as JSON.
    ///
    /// - Parameter wanted: the arrivals of those that are made; nil: all.
    static func records(
        table: UnsafeRawBufferPointer, bytes: UnsafeRawBufferPointer, areColumns: Bool,
        recipe: UnsafeRawBufferPointer, count: Int, wanted: Set<UInt64>? = nil
    ) throws(ColumnError) -> [MessageRecord] {
        guard let recipe = RowRecipe(json: Array(recipe)) else { throw .inconsistent(.codeOutOfRange) }
        if areColumns {
            let rows = try RowColumns.rows(bytes, count: count, recipe)
            return try rows.withUnsafeBytes { rows in
                Result { () throws(ColumnError) in
                    try records(table, rows, recipe, count: count, wanted: wanted)
                }
            }.get()
        }
        return try records(table, bytes, recipe, count: count, wanted: wanted)
    }

    private static func records(
        _ table: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer, _ recipe: RowRecipe, count: Int,
        wanted: Set<UInt64>?
    ) throws(ColumnError) -> [MessageRecord] {
        // A row has a byte at least; a packed table alone would bound nothing.
        guard count <= bytes.count else { throw .inconsistent(.countTooLarge) }
        var reader = ByteReader(table)
        let common = try IntegerChunk(&reader, atMost: 3).values()
        let times = try IntegerChunk(&reader, atMost: count).values()
        for _ in 0..<2 { _ = try IntegerChunk(&reader, atMost: count) }
        let repeated = try IntegerChunk(&reader, atMost: count).values()
        let occurrences = try IntegerChunk(&reader, atMost: count).values()
        guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        guard common.count == 3, let source = UInt32(exactly: common[2]) else { throw .inconsistent(.codeOutOfRange) }
        guard times.isEmpty || times.count == count, repeated.count == occurrences.count else {
            throw .inconsistent(.presenceCount)
        }

        var cells = RowCells(bytes.bindMemory(to: UInt8.self), recipe)
        var plainTimes = PlainTimes()
        var records: [MessageRecord] = []
        records.reserveCapacity(wanted?.count ?? count)
        var next = 0
        for row in 0..<count {
            let arrival = UInt64(bitPattern: common[0]) &+ UInt64(row)
            var occurrence = 1
            if next < repeated.count, repeated[next] == Int64(row) {
                occurrence = Int(occurrences[next])
                next += 1
            }
            guard cells.next() != nil else { throw .inconsistent(.offsetsNotAscending) }
            if let wanted, !wanted.contains(arrival) { continue }
            guard
                let time = times.isEmpty ? recipe.plainTime(of: cells, &plainTimes) : times[row],
                let message = recipe.message(
                    of: cells, time: Timestamp(milliseconds: time), occurrence: occurrence)
            else { throw .inconsistent(.offsetsNotAscending) }
            var bytes: [UInt8] = []
            MessageCoding.beginRecord(in: &bytes)
            bytes.append(contentsOf: message)
            records.append(
                MessageRecord(
                    arrival: arrival, receivedAt: common[1], time: time,
                    source: source, identifier: nil, kind: .track, bytes: bytes))
        }
        return records
    }
}
