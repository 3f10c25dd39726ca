import Columns
import EventModel

extension PartFile {
    /// The directory of a block of rows.
    func directory(_ number: Int) throws(EventStoreError) -> BlockDirectory {
        try directories.value(of: number) { () throws(EventStoreError) in try readDirectory(number) }
    }

    private func readDirectory(_ number: Int) throws(EventStoreError) -> BlockDirectory {
        let summary = index.rowBlocks[number]
        let block = try block(summary.place, .rows)
        guard block.count == summary.rows else { throw block.damage(.inconsistent(what: "count of rows")) }
        let profiles = try chunk(block, .profiles)
        let sections = try chunk(block, .sections)
        defer { withExtendedLifetime((profiles, sections)) {} }
        do throws(ColumnError) {
            return try Self.parse(profiles.bytes, sections.bytes, summary, names: index.names.count)
        } catch {
            throw block.damage(.contents(error))
        }
    }

    private static func parse(
        _ profileBytes: UnsafeRawBufferPointer, _ sectionBytes: UnsafeRawBufferPointer, _ summary: RowBlockSummary,
        names: Int
    ) throws(ColumnError) -> BlockDirectory {
        var reader = ByteReader(profileBytes)
        let limit = summary.profiles
        let profiles = try IntegerChunk(&reader, atMost: limit).indexes(below: Int(UInt32.max))
        let firstTimes = try IntegerChunk(&reader, atMost: limit).values()
        let lastTimes = try IntegerChunk(&reader, atMost: limit).values()
        guard profiles.count == limit, firstTimes.count == limit, lastTimes.count == limit, reader.remaining == 0
        else { throw .inconsistent(.presenceCount) }
        for position in profiles.indices.dropFirst() where profiles[position] <= profiles[position - 1] {
            throw .inconsistent(.rowsNotAscending)
        }
        guard profiles.first == summary.firstProfile, profiles.last == summary.lastProfile else {
            throw .inconsistent(.codeOutOfRange)
        }
        let (sections, itemStarts) = try parseSections(sectionBytes, summary, names: names)
        return BlockDirectory(
            profiles: profiles, firstTimes: firstTimes, lastTimes: lastTimes, sections: sections,
            itemStarts: itemStarts)
    }

    private static func parseSections(
        _ bytes: UnsafeRawBufferPointer, _ summary: RowBlockSummary, names: Int
    ) throws(ColumnError) -> (sections: [HistoryBlock.Section], itemStarts: [Int]) {
        var reader = ByteReader(bytes)
        // Every section has a run, and every run a row, so there are no more of either than rows.
        let codes = try IntegerChunk(&reader, atMost: min(summary.rows, names)).indexes(below: names)
        let items = try IntegerChunk(&reader, atMost: codes.count).indexes(below: summary.items + 1)
        guard items.count == codes.count, Set(codes).count == codes.count else { throw .inconsistent(.presenceCount) }
        var itemStarts = [0]
        for count in items { itemStarts.append(itemStarts[itemStarts.count - 1] + Int(count)) }
        guard itemStarts[items.count] == summary.items else { throw .inconsistent(.presenceCount) }

        var profiles: [[Int32]] = []
        var runs = 0
        for _ in codes {
            let presence = try Presence(&reader, rows: summary.profiles)
            guard presence.count > 0, presence.count <= summary.rows - runs else {
                throw .inconsistent(.presenceCount)
            }
            var positions: [Int32] = []
            positions.reserveCapacity(presence.count)
            presence.forEachRow { positions.append(Int32(truncatingIfNeeded: $0)) }
            profiles.append(positions)
            runs += positions.count
        }
        let lengths = try PatchedFrames.values(try reader.slice(reader.remaining), count: runs)
        var sections: [HistoryBlock.Section] = []
        sections.reserveCapacity(codes.count)
        var run = 0
        var row = 0
        for (code, profiles) in zip(codes, profiles) {
            var starts: [UInt32] = []
            starts.reserveCapacity(profiles.count + 1)
            for length in lengths[run..<run + profiles.count] {
                starts.append(UInt32(truncatingIfNeeded: row))
                // Lengths are stored without the one row that each run has at least.
                guard length >= 0, length < Int64(summary.rows - row) else { throw .inconsistent(.presenceCount) }
                row += Int(length) + 1
            }
            starts.append(UInt32(truncatingIfNeeded: row))
            sections.append(HistoryBlock.Section(name: code, profiles: profiles, starts: starts))
            run += profiles.count
        }
        guard row == summary.rows else { throw .inconsistent(.presenceCount) }
        return (sections, itemStarts)
    }
}
