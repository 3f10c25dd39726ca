import Columns
import EventModel

/// Which rows of a stored block are whose, and under which event name.
struct BlockDirectory: Sendable {
    /// Ascending.
    let profiles: [ProfileNumber]
    let firstTimes: [Int64]
    let lastTimes: [Int64]
    /// Over the rows as they are stored; names are codes of the part.
    let sections: [HistoryBlock.Section]

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

    /// The rows of a profile, by its position; a range for each event name.
    func rows(of position: Int) -> [Range<Int>] {
        sections.map { $0.rows(of: Int32(position)) }.filter { !$0.isEmpty }
    }

    /// The runs of some profiles, which count from 0 in the order given, as sections whose rows count from 0 too.
    ///
    /// - Parameters:
    ///   - positions: ascending.
    ///   - isWanted: by name code.
    /// - Returns: the sections, and which stored rows they hold, ascending.
    func pick(_ positions: [Int], _ isWanted: [Bool]) -> (sections: [HistoryBlock.Section], ranges: [Range<Int>]) {
        var ranges: [Range<Int>] = []
        var picked: [HistoryBlock.Section] = []
        var row: UInt32 = 0
        for section in sections where isWanted[Int(section.name)] {
            if positions.count == profiles.count {
                let shift = section.starts[0] &- row
                picked.append(
                    shift == 0
                        ? section
                        : HistoryBlock.Section(
                            name: section.name, profiles: section.profiles, starts: section.starts.map { $0 &- shift }))
                ranges.append(section.rows)
                row += UInt32(section.rows.count)
                continue
            }
            var chosen: [Int32] = []
            var starts: [UInt32] = []
            for (index, position) in positions.enumerated() {
                let rows = section.rows(of: Int32(position))
                guard !rows.isEmpty else { continue }
                chosen.append(Int32(index))
                starts.append(row)
                ranges.append(rows)
                row += UInt32(rows.count)
            }
            guard !chosen.isEmpty else { continue }
            starts.append(row)
            picked.append(HistoryBlock.Section(name: section.name, profiles: chosen, starts: starts))
        }
        return (picked, ranges)
    }
}

/// A row that stands under another profile than its identifier.
struct MovedRow: Sendable {
    let row: Int
    let identifier: ProfileNumber
}

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
        return BlockDirectory(
            profiles: profiles, firstTimes: firstTimes, lastTimes: lastTimes,
            sections: try parseSections(sectionBytes, summary, names: names))
    }

    private static func parseSections(
        _ bytes: UnsafeRawBufferPointer, _ summary: RowBlockSummary, names: Int
    ) throws(ColumnError) -> [HistoryBlock.Section] {
        var reader = ByteReader(bytes)
        // Every section has a run, and every run a row, so there are no more of either than rows.
        let codes = try IntegerChunk(&reader, atMost: min(summary.rows, names)).indexes(below: names)
        let counts = try IntegerChunk(&reader, atMost: codes.count).indexes(below: summary.profiles + 1)
        let positions = try IntegerChunk(&reader, atMost: summary.rows).indexes(below: summary.profiles)
        let lengths = try IntegerChunk(&reader, atMost: summary.rows).indexes(below: summary.rows + 1)
        guard counts.count == codes.count, lengths.count == positions.count, reader.remaining == 0,
            Set(codes).count == codes.count
        else { throw .inconsistent(.presenceCount) }
        var sections: [HistoryBlock.Section] = []
        sections.reserveCapacity(codes.count)
        var run = 0
        var row = 0
        for (code, count) in zip(codes, counts) {
            guard count > 0, Int(count) <= positions.count - run else { throw .inconsistent(.presenceCount) }
            var starts: [UInt32] = []
            starts.reserveCapacity(Int(count) + 1)
            for index in run..<run + Int(count) {
                guard lengths[index] > 0, index == run || positions[index - 1] < positions[index] else {
                    throw .inconsistent(.rowsNotAscending)
                }
                starts.append(UInt32(row))
                row += Int(lengths[index])
                guard row <= summary.rows else { throw .inconsistent(.presenceCount) }
            }
            starts.append(UInt32(row))
            sections.append(
                HistoryBlock.Section(
                    name: code, profiles: positions[run..<run + Int(count)].map { Int32($0) }, starts: starts))
            run += Int(count)
        }
        guard run == positions.count, row == summary.rows else { throw .inconsistent(.presenceCount) }
        return sections
    }
}
