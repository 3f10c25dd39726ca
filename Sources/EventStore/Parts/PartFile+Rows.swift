import Columns
import EventModel

extension PartFile {
    /// Decodes some profiles of a block of rows.
    ///
    /// - Parameters:
    ///   - positions: the profiles' positions in the block, ascending.
    ///   - ids: who the profiles are; nil: they stand under their own numbers.
    func rows(
        _ number: Int, _ directory: BlockDirectory, positions: [Int], projection: Projection,
        numbers: [ProfileNumber]? = nil, ids: ProfileIDs
    ) throws(EventStoreError) -> HistoryBlock {
        let summary = index.rowBlocks[number]
        let block = try block(summary.place, .rows)
        let isAll = positions.count == directory.profiles.count
        var isWanted = index.names.map { projection.wants(event: $0) }
        isWanted[0] = projection.traits
        let picked = directory.pick(positions, isWanted)
        let items = try items(block, directory, picked.rows)
        _ = try deferredBlocks.value(of: number) { () throws(EventStoreError) in
            try checkArrivals(block, summary)
            try checkFlags(block, directory)
            return true
        }
        return HistoryBlock(
            profileNumbers: numbers ?? (isAll ? directory.profiles : positions.map { directory.profiles[$0] }),
            ids: ids,
            firstTimes: isAll ? directory.firstTimes : positions.map { directory.firstTimes[$0] },
            lastTimes: isAll ? directory.lastTimes : positions.map { directory.lastTimes[$0] },
            names: eventNames, sections: picked.sections, times: try times(number, block, directory, picked.rows),
            arrivals: Deferred { self.arrivals(number, picked.rows) },
            flags: Deferred { self.flags(number, picked.rows) },
            itemOffsets: items.offsets,
            columns: try columns(block, directory, picked.rows, items.selection, projection))
    }

    func times(
        _ number: Int, _ block: PartBlock, _ directory: BlockDirectory, _ rows: RowSelection
    ) throws(EventStoreError) -> [Int64] {
        let chunk = try chunk(block, .times)
        defer { withExtendedLifetime(chunk) {} }
        func failing(_ error: ColumnError) -> EventStoreError { block.damage(.contents(error)) }
        let coding: TimesCoding
        do throws(ColumnError) { coding = try TimesCoding(chunk.bytes, directory) } catch { throw failing(error) }
        var offsets: [[Int]] = []
        offsets.reserveCapacity(rows.pieces.count)
        for piece in rows.pieces {
            // For a few rows, finding out where frames begin would cost more than reading them.
            let place = number * max(index.names.count, 1) + piece.section
            offsets.append(
                try frameOffsets.value(of: place) { () throws(EventStoreError) in
                    do throws(ColumnError) { return try coding.frameOffsets(piece.section) } catch {
                        throw failing(error)
                    }
                })
        }
        return coding.times(of: rows, offsets: offsets)
    }

    // MARK: - Columns

    private func columns(
        _ block: PartBlock, _ directory: BlockDirectory, _ rows: RowSelection, _ items: RowSelection,
        _ projection: Projection
    ) throws(EventStoreError) -> [PropertyPath: Column] {
        var columns: [PropertyPath: Column] = [:]
        let rowShapes = directory.rowShapes
        let itemShapes = directory.itemShapes
        let rowStarts = directory.sections.map(\.starts)
        let itemStarts = itemShapes.map { [0, UInt32(truncatingIfNeeded: $0.rows)] }
        for entry in block.entries where entry.kind == PartFormat.ChunkKind.column.rawValue {
            guard Int(entry.id) < index.paths.count else {
                throw block.damage(.inconsistent(what: "code of a path"))
            }
            let path = index.paths[Int(entry.id)]
            guard projection.wants(path) else { continue }
            let isItem = path.scope == .items
            let selection = isItem ? items : rows
            var isWanted: [Bool]?
            if let events = projection.eventsOfPath[path] {
                isWanted = directory.sections.map { section in
                    let code = section.name
                    return code == HistoryBlock.identifyCode || events.contains(index.names[Int(code)])
                }
            }
            guard selection.count > 0, let chunk = try optionalChunk(block, .column, id: entry.id) else { continue }
            defer { withExtendedLifetime(chunk) {} }
            func failing(_ error: ColumnError) -> EventStoreError { block.damage(.contents(error), at: entry.offset) }
            let decoder: ColumnDecoder
            do throws(ColumnError) {
                decoder = try ColumnDecoder(
                    chunk.bytes, shapes: isItem ? itemShapes : rowShapes, starts: isItem ? itemStarts : rowStarts,
                    rows: selection, isWanted: isWanted)
            } catch {
                throw failing(error)
            }
            if decoder.isEmpty { continue }
            let total = isItem ? directory.itemStarts[directory.sections.count] : block.count
            columns[path] = try decoder.column(
                dictionary: { () throws(EventStoreError) in try dictionary(block, path: entry.id, rows: total) },
                failing: failing)
        }
        return columns
    }

    // MARK: - Items

    /// Offsets of the selected rows into the selected items, and which items these are.
    private func items(
        _ block: PartBlock, _ directory: BlockDirectory, _ rows: RowSelection
    ) throws(EventStoreError) -> (offsets: [UInt32], selection: RowSelection) {
        let sections = directory.sections.count
        guard directory.itemStarts[sections] > 0 else {
            return (noItems(rows.count + 1), RowSelection())
        }
        let chunk = try chunk(block, .items)
        defer { withExtendedLifetime(chunk) {} }
        do throws(ColumnError) {
            let counts = try SectionedValues(chunk.bytes, shapes: directory.rowShapes)
            var offsets: [UInt32] = [0]
            offsets.reserveCapacity(rows.count + 1)
            var selection = RowSelection()
            for piece in rows.pieces {
                let starts = try itemStarts(counts, directory, piece.section)
                var ranges: [Range<Int>] = []
                for range in piece.ranges {
                    for row in range { offsets.append(offsets[offsets.count - 1] + starts[row + 1] - starts[row]) }
                    let items = Int(starts[range.lowerBound])..<Int(starts[range.upperBound])
                    if !items.isEmpty { ranges.append(items) }
                }
                selection.append(section: piece.section, ranges)
            }
            return (offsets, selection)
        } catch {
            throw block.damage(.contents(error))
        }
    }

    /// The first item of each row of a section, counted in the section, and the count of all.
    private func itemStarts(
        _ counts: SectionedValues, _ directory: BlockDirectory, _ section: Int
    ) throws(ColumnError) -> [UInt32] {
        let rows = directory.sections[section].rows.count
        let items = directory.itemStarts[section + 1] - directory.itemStarts[section]
        var starts = [UInt32](repeating: 0, count: rows + 1)
        var isPossible = true
        try counts.section(section)?.forEachNumber(0..<rows, runs: directory.sections[section].starts) { count, row in
            isPossible = isPossible && count >= 0 && count <= Int64(items)
            starts[row + 1] = isPossible ? UInt32(count) : 0
        }
        var total = 0
        for row in 0..<rows {
            total += Int(starts[row + 1])
            guard total <= items else { throw .inconsistent(.presenceCount) }
            starts[row + 1] = UInt32(total)
        }
        guard isPossible, total == items else { throw .inconsistent(.presenceCount) }
        return starts
    }

    // MARK: - What is decoded when it is asked for

    private func checkFlags(_ block: PartBlock, _ directory: BlockDirectory) throws(EventStoreError) {
        let chunk = try chunk(block, .flags)
        defer { withExtendedLifetime(chunk) {} }
        do throws(ColumnError) { _ = try Self.flags(chunk.bytes, directory) } catch {
            throw block.damage(.contents(error))
        }
    }

    /// The flags by section; every row has some.
    private static func flags(
        _ bytes: UnsafeRawBufferPointer, _ directory: BlockDirectory
    ) throws(ColumnError) -> SectionedValues {
        let values = try SectionedValues(bytes, shapes: directory.rowShapes)
        guard values.sections.count == directory.sections.count, values.sections.allSatisfy(\.hasAll) else {
            throw .inconsistent(.presenceCount)
        }
        return values
    }

    /// The flags of a block whose chunk `checkFlags` has found whole.
    private func flags(_ number: Int, _ rows: RowSelection) -> [UInt8] {
        var flags = [UInt8](repeating: 0, count: rows.count)
        guard let directory = try? directory(number), let block = try? block(index.rowBlocks[number].place, .rows),
            let chunk = try? chunk(block, .flags), let values = try? Self.flags(chunk.bytes, directory)
        else { return flags }
        defer { withExtendedLifetime(chunk) {} }
        try? rows.forEachRange { section, range, start throws(ColumnError) in
            let starts = directory.sections[section].starts
            try values.section(section)?.forEachNumber(range, runs: starts) { value, row in
                flags[start + row] = UInt8(truncatingIfNeeded: value)
            }
        }
        return flags
    }

    private func checkArrivals(_ block: PartBlock, _ summary: RowBlockSummary) throws(EventStoreError) {
        let chunk = try chunk(block, .arrivals)
        defer { withExtendedLifetime(chunk) {} }
        do throws(ColumnError) { try ArrivalsCoding.check(chunk.bytes, rows: summary.rows) } catch {
            throw block.damage(.contents(error))
        }
    }

    /// The arrivals of rows of a block whose chunk `checkArrivals` has found whole.
    private func arrivals(_ number: Int, _ rows: RowSelection) -> [UInt64] {
        var arrivals: [UInt64] = []
        arrivals.reserveCapacity(rows.count)
        guard let all = try? self.arrivals(number), let directory = try? directory(number) else {
            return Array(repeating: 0, count: rows.count)
        }
        if all.count == rows.count { return all }
        for piece in rows.pieces {
            let first = directory.sections[piece.section].rows.lowerBound
            for range in piece.ranges {
                arrivals.append(contentsOf: all[(first + range.lowerBound)..<(first + range.upperBound)])
            }
        }
        return arrivals
    }

    /// The arrivals of all rows of a block, in order.
    func arrivals(_ number: Int) throws(EventStoreError) -> [UInt64] {
        try arrivalsOfBlocks.value(of: number) { () throws(EventStoreError) in try readArrivals(number) }
    }

    private func readArrivals(_ number: Int) throws(EventStoreError) -> [UInt64] {
        let summary = index.rowBlocks[number]
        let block = try block(summary.place, .rows)
        let directory = try directory(number)
        let arrivals = try chunk(block, .arrivals)
        let times = try times(number, block, directory, directory.everything)
        defer { withExtendedLifetime(arrivals) {} }
        do throws(ColumnError) {
            return try ArrivalsCoding.decode(arrivals.bytes, rows: summary.rows) { times }
        } catch {
            throw block.damage(.contents(error))
        }
    }
}
