import Columns
import EventModel

extension PartIndex {
    /// Reads the chunks of an index block.
    ///
    /// What it says is checked before anybody relies on it: blocks lie before `end`, and nothing is counted that the
    /// frames have no room for, so that a small file can make nobody take much memory.
    ///
    /// - Parameters:
    ///   - limit: bounds the length of every list in it.
    ///   - end: where the index block itself lies, after all others.
    init(
        limit: Int, end: Int, chunk: (PartFormat.ChunkKind) throws(EventStoreError) -> Chunk,
        failing: (ColumnError) -> EventStoreError
    ) throws(EventStoreError) {
        self.init()
        func read<Value>(
            _ kind: PartFormat.ChunkKind, _ body: (inout ByteReader) throws(ColumnError) -> Value
        ) throws(EventStoreError) -> Value {
            let bytes = try chunk(kind)
            defer { withExtendedLifetime(bytes) {} }
            var reader = ByteReader(bytes.bytes)
            do throws(ColumnError) {
                let value = try body(&reader)
                guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
                return value
            } catch {
                throw failing(error)
            }
        }
        func columns(_ kind: PartFormat.ChunkKind, _ count: Int) throws(EventStoreError) -> [[Int64]] {
            try read(kind) { reader throws(ColumnError) in
                var columns: [[Int64]] = []
                for _ in 0..<count {
                    let chunk = try IntegerChunk(&reader, atMost: limit)
                    guard columns.isEmpty || chunk.count == columns[0].count else {
                        throw .inconsistent(.presenceCount)
                    }
                    columns.append(chunk.values())
                }
                return columns
            }
        }
        func numbers(_ columns: [[Int64]]) throws(EventStoreError) -> [[Int64]] {
            guard columns.allSatisfy({ $0.allSatisfy { $0 >= 0 } }) else {
                throw failing(.inconsistent(.codeOutOfRange))
            }
            return columns
        }
        func profileNumber(_ value: Int64) throws(EventStoreError) -> ProfileNumber {
            // The number above the largest must exist too, for ranges to end there.
            guard let number = ProfileNumber(exactly: value), number < .max else {
                throw failing(.inconsistent(.codeOutOfRange))
            }
            return number
        }

        names = try read(.names) { reader throws(ColumnError) in try Self.texts(&reader, limit) }
        paths = try read(.paths) { reader throws(ColumnError) in try Self.readPaths(&reader, limit) }
        sources = try read(.sources) { reader throws(ColumnError) in try Self.readSources(&reader, limit) }

        let rows = try columns(.rowBlocks, 10)
        _ = try numbers(Array(rows[0..<8]))
        guard rows[3...5].allSatisfy({ $0.allSatisfy { $0 <= Int64(PartFormat.rowsPerBlockMax) } }) else {
            throw failing(.inconsistent(.countTooLarge))
        }
        for index in rows[0].indices {
            rowBlocks.append(
                RowBlockSummary(
                    place: Self.place(rows, index), rows: Int(rows[3][index]), items: Int(rows[4][index]),
                    profiles: Int(rows[5][index]), firstProfile: try profileNumber(rows[6][index]),
                    lastProfile: try profileNumber(rows[7][index]), firstTime: rows[8][index],
                    lastTime: rows[9][index]))
        }
        let words = try columns(.blockNames, 1)[0]
        let wordsPerBlock = (names.count + 63) / 64
        guard words.count == rowBlocks.count * wordsPerBlock else { throw failing(.inconsistent(.presenceCount)) }
        for block in rowBlocks.indices {
            blockNames.append(
                words[(block * wordsPerBlock)..<((block + 1) * wordsPerBlock)].map { UInt64(bitPattern: $0) })
        }

        let frameColumns = try columns(.frames, 6)
        _ = try numbers(Array(frameColumns[0..<4]))
        guard frameColumns[3].allSatisfy({ $0 <= Int64(PartFormat.rowsPerBlockMax) }) else {
            throw failing(.inconsistent(.countTooLarge))
        }
        for index in frameColumns[0].indices {
            frames.append(
                FrameSummary(
                    place: Self.place(frameColumns, index), messages: Int(frameColumns[3][index]),
                    firstArrival: UInt64(bitPattern: frameColumns[4][index]),
                    lastArrival: UInt64(bitPattern: frameColumns[5][index])))
        }
        let keyColumns = try columns(.keyBlocks, 5)
        _ = try numbers(Array(keyColumns[0..<4]))
        for index in keyColumns[0].indices {
            keyBlocks.append(
                KeyBlockSummary(
                    place: Self.place(keyColumns, index), keys: Int(keyColumns[3][index]),
                    firstPrefix: UInt64(bitPattern: keyColumns[4][index])))
        }
        identityBlocks = try read(.identityBlocks) { reader throws(ColumnError) in
            try Self.readPlaces(&reader, limit)
        }
        let eventColumns = try columns(.events, 4)
        _ = try numbers(Array(eventColumns[0..<2]))
        guard eventColumns[0].count == names.count else { throw failing(.inconsistent(.presenceCount)) }
        events = eventColumns[0].indices.map { index in
            EventSummary(
                rows: Int(eventColumns[0][index]), profiles: Int(eventColumns[1][index]),
                firstTime: eventColumns[2][index], lastTime: eventColumns[3][index])
        }
        eventProfiles = try read(.eventProfilesBlock) { reader throws(ColumnError) in
            try Self.readPlaces(&reader, 1).first
        }
        let movedColumns = try columns(.moved, 2)
        for index in movedColumns[0].indices {
            moved.append(
                MovedIdentifier(
                    identifier: try profileNumber(movedColumns[0][index]),
                    profile: try profileNumber(movedColumns[1][index])))
        }
        let rowlessColumns = try columns(.rowless, 2)
        for index in rowlessColumns[0].indices {
            rowless.append(
                RowlessMessage(
                    identifier: try profileNumber(rowlessColumns[0][index]),
                    arrival: UInt64(bitPattern: rowlessColumns[1][index])))
        }
        guard let totals = PartTotals(try columns(.summary, 1)[0]) else {
            throw failing(.inconsistent(.presenceCount))
        }
        self.totals = totals
        guard hasPossiblePlaces(before: end) else { throw failing(.inconsistent(.offsetsNotAscending)) }
        guard hasPossibleProfiles else { throw failing(.inconsistent(.rowsNotAscending)) }
        guard hasPossibleCounts else { throw failing(.inconsistent(.countTooLarge)) }
    }

    private func hasPossiblePlaces(before end: Int) -> Bool {
        let places =
            rowBlocks.map(\.place) + frames.map(\.place) + keyBlocks.map(\.place) + identityBlocks
        return (places + (eventProfiles.map { [$0] } ?? [])).allSatisfy { place in
            place.offset >= PartFormat.fileHeaderSize && place.length >= PartFormat.blockHeaderSize
                && place.offset <= end && place.length <= end - place.offset
        }
    }

    /// Whether blocks of rows ascend through the profiles without overlapping.
    private var hasPossibleProfiles: Bool {
        var next: ProfileNumber = 0
        for block in rowBlocks {
            guard block.firstProfile >= next, block.lastProfile >= block.firstProfile else { return false }
            next = block.lastProfile + 1
        }
        return true
    }

    /// Whether the counts add up, and rows and items fit into messages, and messages into frames.
    private var hasPossibleCounts: Bool {
        // No list of blocks is longer than the file, and each count is below 2^28, so no sum overflows.
        let rows = rowBlocks.reduce(0) { $0 + $1.rows }
        let items = rowBlocks.reduce(0) { $0 + $1.items }
        let profiles = rowBlocks.reduce(0) { $0 + $1.profiles }
        let messages = frames.reduce(0) { $0 + $1.messages }
        return frames.allSatisfy { $0.messages <= PartFormat.messagesPerFrame }
            && rowBlocks.allSatisfy { $0.profiles <= $0.rows }
            && rows == totals.rows && items == totals.items && profiles == totals.profiles
            && messages == totals.messages && rows <= messages && items <= frames.count * PartFormat.itemsPerFrameMax
    }

    private static func texts(_ reader: inout ByteReader, _ limit: Int) throws(ColumnError) -> [Text] {
        let table = try ByteTable(&reader, atMost: limit)
        var texts: [Text] = []
        for index in 0..<table.count {
            guard let text = Text(utf8: table[index]) else { throw .unknownEncoding(offset: index, found: -1) }
            texts.append(text)
        }
        guard !texts.isEmpty else { throw .inconsistent(.presenceCount) }
        return texts
    }

    private static func readPaths(_ reader: inout ByteReader, _ limit: Int) throws(ColumnError) -> [PropertyPath] {
        let table = try ByteTable(&reader, atMost: limit)
        var paths: [PropertyPath] = []
        for index in 0..<table.count {
            guard let path = PathCoding.decode(table[index]) else {
                throw .unknownEncoding(offset: index, found: -1)
            }
            paths.append(path)
        }
        // A column belongs to a path by its place in this list.
        guard Set(paths).count == paths.count else { throw .inconsistent(.codeOutOfRange) }
        return paths
    }

    private static func readSources(
        _ reader: inout ByteReader, _ limit: Int
    ) throws(ColumnError) -> [UInt32: Text] {
        let codes = try IntegerChunk(&reader, atMost: limit).indexes(below: Int(UInt32.max))
        let table = try ByteTable(&reader, atMost: limit)
        guard table.count == codes.count else { throw .inconsistent(.presenceCount) }
        var sources: [UInt32: Text] = [:]
        for (index, code) in codes.enumerated() {
            guard let text = Text(utf8: table[index]) else { throw .unknownEncoding(offset: index, found: -1) }
            sources[code] = text
        }
        return sources
    }

    private static func readPlaces(
        _ reader: inout ByteReader, _ limit: Int
    ) throws(ColumnError) -> [BlockPlace] {
        var columns: [[Int64]] = []
        for _ in 0..<3 {
            let chunk = try IntegerChunk(&reader, atMost: limit)
            guard columns.isEmpty || chunk.count == columns[0].count else { throw .inconsistent(.presenceCount) }
            columns.append(chunk.values())
            guard columns[columns.count - 1].allSatisfy({ $0 >= 0 }) else { throw .inconsistent(.codeOutOfRange) }
        }
        return columns[0].indices.map { place(columns, $0) }
    }

    private static func place(_ columns: [[Int64]], _ index: Int) -> BlockPlace {
        BlockPlace(number: Int(columns[0][index]), offset: Int(columns[1][index]), length: Int(columns[2][index]))
    }
}
