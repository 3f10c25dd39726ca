import Columns
import EventModel

extension PartFile {
    /// Decodes some profiles of a block of rows.
    ///
    /// - Parameters:
    ///   - positions: the profiles' positions in the block, ascending.
    ///   - name: number and id under which a profile shall stand.
    func rows(
        _ number: Int, _ directory: BlockDirectory, positions: [Int], projection: Projection,
        naming name: (ProfileNumber) -> HistoryBlockMerger.Target
    ) throws(EventStoreError) -> HistoryBlock {
        let summary = index.rowBlocks[number]
        let block = try block(summary.place, .rows)
        var isWanted = index.names.map { projection.wants(event: $0) }
        isWanted[0] = projection.traits
        let picked = directory.pick(positions, isWanted)
        let selection = RowSelection(picked.ranges, of: summary.rows)
        let names = positions.map { name(directory.profiles[$0]) }
        let items = try itemOffsets(block, summary, selection)
        let itemSelection = RowSelection(items.ranges, of: summary.items)
        return HistoryBlock(
            profileNumbers: names.map(\.number), ids: .list(names.map(\.id)),
            firstTimes: positions.map { directory.firstTimes[$0] },
            lastTimes: positions.map { directory.lastTimes[$0] },
            names: eventNames, sections: picked.sections,
            times: try integers(block, .times, selection),
            arrivals: Deferred(try integers(block, .arrivals, selection).map { UInt64(bitPattern: $0) }),
            flags: Deferred(try integers(block, .flags, selection).map { UInt8(truncatingIfNeeded: $0) }),
            itemOffsets: items.offsets,
            columns: try columns(block, summary, selection, itemSelection, projection))
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
