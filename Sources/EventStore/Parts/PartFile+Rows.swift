import Columns
import EventModel

/// The run directory of a stored block of rows.
struct StoredRuns: Sendable {
    let profiles: [ProfileNumber]
    /// Profile p's runs are `runOffsets[p]..<runOffsets[p + 1]`.
    let runOffsets: [Int]
    let firstTimes: [Int64]
    let lastTimes: [Int64]
    /// Name codes of the part, in the order of the rows.
    let names: [UInt32]
    /// Run r's rows are `starts[r]..<starts[r + 1]`.
    let starts: [Int]

    var rowCount: Int { starts.last ?? 0 }

    /// Where a profile stands in the block.
    func position(of profile: ProfileNumber) -> Int? {
        let place = firstPosition(from: profile)
        return place < profiles.count && profiles[place] == profile ? place : nil
    }

    /// The first position whose profile is `profile` or later.
    func firstPosition(from profile: ProfileNumber) -> Int {
        var (lower, upper) = (0, profiles.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if profiles[middle] < profile { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}

/// A row that stands under another profile than its identifier.
struct MovedRow: Sendable {
    let row: Int
    let identifier: ProfileNumber
}

extension PartFile {
    /// The run directory of a block of rows.
    func runs(_ number: Int) throws(EventStoreError) -> StoredRuns {
        try directories.value(of: number) { () throws(EventStoreError) in try readRuns(number) }
    }

    private func readRuns(_ number: Int) throws(EventStoreError) -> StoredRuns {
        let summary = index.rowBlocks[number]
        let block = try block(summary.place, .rows)
        guard block.count == summary.rows else { throw block.damage(.inconsistent(what: "count of rows")) }
        let profiles = try chunk(block, .profiles)
        let runs = try chunk(block, .runs)
        defer { withExtendedLifetime((profiles, runs)) {} }
        do throws(ColumnError) {
            return try Self.parse(profiles.bytes, runs.bytes, summary, names: index.names.count)
        } catch {
            throw block.damage(.contents(error))
        }
    }

    private static func parse(
        _ profileBytes: UnsafeRawBufferPointer, _ runBytes: UnsafeRawBufferPointer, _ summary: RowBlockSummary,
        names: Int
    ) throws(ColumnError) -> StoredRuns {
        var reader = ByteReader(profileBytes)
        let limit = summary.profiles
        let profiles = try IntegerChunk(&reader, atMost: limit).indexes(below: Int(UInt32.max))
        let counts = try IntegerChunk(&reader, atMost: limit).indexes(below: Int(UInt32.max))
        let firstTimes = try IntegerChunk(&reader, atMost: limit).values()
        let lastTimes = try IntegerChunk(&reader, atMost: limit).values()
        guard profiles.count == limit, counts.count == limit, firstTimes.count == limit, lastTimes.count == limit
        else { throw .inconsistent(.presenceCount) }
        for position in profiles.indices.dropFirst() where profiles[position] <= profiles[position - 1] {
            throw .inconsistent(.rowsNotAscending)
        }
        guard profiles.first == summary.firstProfile, profiles.last == summary.lastProfile else {
            throw .inconsistent(.codeOutOfRange)
        }
        var runOffsets = [0]
        runOffsets.reserveCapacity(counts.count + 1)
        var total = 0
        for count in counts {
            total += Int(count)
            runOffsets.append(total)
        }
        var runReader = ByteReader(runBytes)
        // Every run has a row, so there are no more runs than rows.
        let codes = try IntegerChunk(&runReader, atMost: summary.rows).indexes(below: names)
        let lengths = try IntegerChunk(&runReader, atMost: summary.rows).indexes(below: Int(UInt32.max))
        guard codes.count == total, lengths.count == total else { throw .inconsistent(.presenceCount) }
        var starts = [0]
        starts.reserveCapacity(total + 1)
        var row = 0
        for length in lengths {
            guard length > 0 else { throw .inconsistent(.rowsNotAscending) }
            row += Int(length)
            starts.append(row)
        }
        guard row == summary.rows, reader.remaining == 0, runReader.remaining == 0 else {
            throw .inconsistent(.presenceCount)
        }
        return StoredRuns(
            profiles: profiles, runOffsets: runOffsets, firstTimes: firstTimes, lastTimes: lastTimes, names: codes,
            starts: starts)
    }

    /// Decodes some profiles of a block of rows.
    ///
    /// - Parameters:
    ///   - positions: the profiles' positions in the block, ascending.
    ///   - name: number and id under which a profile shall stand.
    func rows(
        _ number: Int, _ runs: StoredRuns, positions: [Int], projection: Projection,
        naming name: (ProfileNumber) -> HistoryBlockMerger.Target
    ) throws(EventStoreError) -> HistoryBlock {
        let summary = index.rowBlocks[number]
        let block = try block(summary.place, .rows)
        let picked = pickRuns(runs, positions, projection)
        let selection = RowSelection(picked.ranges, of: summary.rows)
        let names = positions.map { name(runs.profiles[$0]) }
        let items = try itemOffsets(block, summary, selection)
        let itemSelection = RowSelection(items.ranges, of: summary.items)
        return HistoryBlock(
            profileNumbers: names.map(\.number), profileIDs: names.map(\.id),
            firstTimes: positions.map { runs.firstTimes[$0] }, lastTimes: positions.map { runs.lastTimes[$0] },
            eventNames: index.names, runOffsets: picked.runOffsets, runs: picked.runs,
            times: try integers(block, .times, selection),
            arrivals: try integers(block, .arrivals, selection).map { UInt64(bitPattern: $0) },
            flags: try integers(block, .flags, selection).map { UInt8(truncatingIfNeeded: $0) },
            itemOffsets: items.offsets,
            columns: try columns(block, summary, selection, itemSelection, projection))
    }

    private func pickRuns(
        _ runs: StoredRuns, _ positions: [Int], _ projection: Projection
    ) -> (ranges: [Range<Int>], runOffsets: [UInt32], runs: [HistoryBlock.Run]) {
        var wanted = index.names.map { projection.wants(event: $0) }
        wanted[0] = projection.traits
        var ranges: [Range<Int>] = []
        var offsets: [UInt32] = [0]
        var picked: [HistoryBlock.Run] = []
        offsets.reserveCapacity(positions.count + 1)
        var row: UInt32 = 0
        for position in positions {
            let first = picked.count
            for run in runs.runOffsets[position]..<runs.runOffsets[position + 1] where wanted[Int(runs.names[run])] {
                let range = runs.starts[run]..<runs.starts[run + 1]
                ranges.append(range)
                picked.append(
                    HistoryBlock.Run(name: runs.names[run], start: row, end: row + UInt32(range.count)))
                row += UInt32(range.count)
            }
            sortByName(&picked, from: first)
            offsets.append(UInt32(picked.count))
        }
        return (ranges, offsets, picked)
    }

    /// Puts the runs from `start` on into ascending name code; they nearly always are.
    private func sortByName(_ runs: inout [HistoryBlock.Run], from start: Int) {
        var index = start + 1
        while index < runs.count {
            if runs[index].name < runs[index - 1].name {
                runs[start...].sort { $0.name < $1.name }
                return
            }
            index += 1
        }
    }

    /// The values of the selected rows of a chunk that has one for every row.
    private func integers(
        _ block: PartBlock, _ kind: PartFormat.ChunkKind, _ selection: RowSelection
    ) throws(EventStoreError) -> [Int64] {
        let chunk = try chunk(block, kind)
        defer { withExtendedLifetime(chunk) {} }
        do throws(ColumnError) {
            var reader = ByteReader(chunk.bytes)
            let values = try IntegerChunk(&reader, atMost: selection.total)
            guard values.count == selection.total, reader.remaining == 0 else {
                throw .inconsistent(.presenceCount)
            }
            return selection.take(values)
        } catch {
            throw block.damage(.contents(error))
        }
    }

    /// Offsets of the selected rows into the selected items, and which items these are.
    private func itemOffsets(
        _ block: PartBlock, _ summary: RowBlockSummary, _ selection: RowSelection
    ) throws(EventStoreError) -> (offsets: [UInt32], ranges: [Range<Int>]) {
        guard summary.items > 0 else { return (Array(repeating: 0, count: selection.count + 1), []) }
        let chunk = try chunk(block, .items)
        defer { withExtendedLifetime(chunk) {} }
        do throws(ColumnError) {
            var reader = ByteReader(chunk.bytes)
            let presence = try Presence(&reader, rows: summary.rows)
            let values = try IntegerChunk(&reader, atMost: summary.rows)
            guard values.count == presence.count else { throw .inconsistent(.presenceCount) }
            let counts = try values.indexes(below: summary.items + 1)
            var starts = [0]
            starts.reserveCapacity(counts.count + 1)
            for count in counts { starts.append(starts[starts.count - 1] + Int(count)) }
            guard starts.last == summary.items else { throw .inconsistent(.presenceCount) }
            return Self.selectItems(presence, counts, starts, selection)
        } catch {
            throw block.damage(.contents(error))
        }
    }

    private static func selectItems(
        _ presence: Presence, _ counts: [UInt32], _ starts: [Int], _ selection: RowSelection
    ) -> (offsets: [UInt32], ranges: [Range<Int>]) {
        var perRow = [UInt32](repeating: 0, count: selection.count)
        var ranges: [Range<Int>] = []
        var start = 0
        for range in selection.isEverything ? [0..<selection.total] : selection.ranges {
            let slice = presence.slice(range)
            ranges.append(starts[slice.values.lowerBound]..<starts[slice.values.upperBound])
            var value = slice.values.lowerBound
            slice.rows.forEachRow { row in
                perRow[start + row] = counts[value]
                value += 1
            }
            start += range.count
        }
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(perRow.count + 1)
        var total: UInt32 = 0
        for count in perRow {
            total += count
            offsets.append(total)
        }
        return (offsets, ranges)
    }

    private func columns(
        _ block: PartBlock, _ summary: RowBlockSummary, _ rows: RowSelection, _ items: RowSelection,
        _ projection: Projection
    ) throws(EventStoreError) -> [PropertyPath: Column] {
        var columns: [PropertyPath: Column] = [:]
        for entry in block.entries where entry.kind == PartFormat.ChunkKind.column.rawValue {
            guard Int(entry.id) < index.paths.count else {
                throw block.damage(.inconsistent(what: "code of a path"))
            }
            let path = index.paths[Int(entry.id)]
            guard projection.wants(path) else { continue }
            let isItem = path.scope == .items
            let selection = isItem ? items : rows
            guard selection.count > 0, let chunk = try optionalChunk(block, .column, id: entry.id) else { continue }
            defer { withExtendedLifetime(chunk) {} }
            let total = isItem ? summary.items : summary.rows
            let column = try ColumnCoding.decode(
                chunk.bytes, rows: total, selection: selection,
                dictionary: { () throws(EventStoreError) in
                    try dictionary(block, path: entry.id, rows: total)
                },
                failing: { block.damage(.contents($0), at: entry.offset) })
            if let column { columns[path] = column }
        }
        return columns
    }

    /// The identifiers of rows that stand under another profile than their own, by row of the block.
    func movedRows(_ number: Int) throws(EventStoreError) -> [MovedRow] {
        try movedRowsOfBlocks.value(of: number) { () throws(EventStoreError) in try readMovedRows(number) }
    }

    private func readMovedRows(_ number: Int) throws(EventStoreError) -> [MovedRow] {
        let summary = index.rowBlocks[number]
        let block = try block(summary.place, .rows)
        guard let chunk = try optionalChunk(block, .movedRows) else { return [] }
        defer { withExtendedLifetime(chunk) {} }
        do throws(ColumnError) {
            var reader = ByteReader(chunk.bytes)
            let presence = try Presence(&reader, rows: summary.rows)
            let identifiers = try IntegerChunk(&reader, atMost: summary.rows).indexes(below: Int(UInt32.max))
            guard identifiers.count == presence.count else { throw .inconsistent(.presenceCount) }
            var rows: [MovedRow] = []
            presence.forEachRow { row in rows.append(MovedRow(row: row, identifier: identifiers[rows.count])) }
            return rows
        } catch {
            throw block.damage(.contents(error))
        }
    }
}
