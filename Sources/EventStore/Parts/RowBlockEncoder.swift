import Columns
import EventModel

/// The codes of event names and paths in a part, given in the order of their first use. Code 0 is "$identify".
struct PartNames {
    private(set) var names: [Text] = ["$identify"]
    private(set) var paths: [PropertyPath] = []
    private var codeOfName: [Text: UInt32] = [:]
    private var codeOfPath: [PropertyPath: UInt32] = [:]

    mutating func code(ofEvent name: Text) -> UInt32 {
        if let code = codeOfName[name] { return code }
        let code = UInt32(names.count)
        names.append(name)
        codeOfName[name] = code
        return code
    }

    /// The code of a section's name in the part, which need not be that in the block.
    mutating func code(of section: HistoryBlock.Section, in block: HistoryBlock) -> UInt32 {
        section.name == HistoryBlock.identifyCode
            ? HistoryBlock.identifyCode : code(ofEvent: block.eventNames[Int(section.name)])
    }

    mutating func code(of path: PropertyPath) -> UInt32 {
        if let code = codeOfPath[path] { return code }
        let code = UInt32(paths.count)
        paths.append(path)
        codeOfPath[path] = code
        return code
    }
}

/// What the index tells about a block of rows.
struct RowBlockSummary: Hashable, Sendable {
    var place: BlockPlace
    var rows: Int
    var items: Int
    var profiles: Int
    var firstProfile: ProfileNumber
    var lastProfile: ProfileNumber
    var firstTime: Int64
    var lastTime: Int64
}

/// A history block as the chunks of a block of rows.
///
/// ```
/// profiles   IntegerChunks: profile numbers (ascending), first times, last times
/// sections   IntegerChunks: name codes, counts of items; per section Presence of its profiles; PatchedFrames of the
///            runs' lengths in rows, less one
/// times      see `TimesCoding`
/// arrivals   see `ArrivalsCoding`
/// flags      SectionedValues, every row has some
/// items      SectionedValues: how many stored items, for rows that have some; left out when there are none
/// movedRows  Presence, IntegerChunk of identifiers: rows that stand under another profile than their own identifier
/// column     see `ColumnCoding`, one per path; dictionary likewise
/// ```
enum RowBlockEncoder {
    /// - Parameters:
    ///   - identifierOfArrival: the identifier of each row that does not stand under its own number.
    ///   - byArrival: the rows in the order of their arrivals, if that is known.
    static func chunks(
        of block: HistoryBlock, names: inout PartNames, identifierOfArrival: [UInt64: ProfileNumber],
        byArrival: [UInt32]? = nil
    ) -> [ChunkDraft] {
        let layout = BlockLayout(block)
        var flags: [UInt8] = []
        SectionedValues.append(
            block.flags.map { Int64($0) }, at: nil, sections: layout.rows, areCodes: true, to: &flags)
        var chunks = [
            profiles(of: block), sections(of: block, layout, names: &names),
            ChunkDraft(kind: .times, bytes: TimesCoding.encode(block.times, block.sections)),
            ChunkDraft(
                kind: .arrivals,
                bytes: ArrivalsCoding.encode(block.arrivals, times: block.times, byArrival: byArrival)),
            ChunkDraft(kind: .flags, bytes: flags),
        ]
        if block.itemCount > 0 { chunks.append(items(of: block, layout)) }
        if let moved = movedRows(of: block, identifierOfArrival) { chunks.append(moved) }
        let columns = block.allColumns.sorted {
            PathCoding.encode($0.key).lexicographicallyPrecedes(PathCoding.encode($1.key))
        }
        for (path, column) in columns {
            chunks.append(
                contentsOf: ColumnCoding.encode(
                    column, sections: layout.starts(of: path.scope), path: names.code(of: path)))
        }
        return chunks
    }

    private static func profiles(of block: HistoryBlock) -> ChunkDraft {
        var bytes: [UInt8] = []
        IntegerChunk.appendDifferences(block.profileNumbers.map { Int64($0) }, to: &bytes)
        IntegerChunk.append(block.firstTimes, to: &bytes)
        IntegerChunk.append(block.lastTimes, to: &bytes)
        return ChunkDraft(kind: .profiles, bytes: bytes)
    }

    private static func sections(
        of block: HistoryBlock, _ layout: BlockLayout, names: inout PartNames
    ) -> ChunkDraft {
        var bytes: [UInt8] = []
        IntegerChunk.append(block.sections.map { Int64(names.code(of: $0, in: block)) }, to: &bytes)
        IntegerChunk.append(layout.items.map { Int64($0[1] - $0[0]) }, to: &bytes)
        var lengths: [UInt64] = []
        for section in block.sections {
            Presence.append(section.profiles.map { UInt32($0) }, rows: block.profileCount, to: &bytes)
            for run in section.profiles.indices {
                lengths.append(UInt64(section.starts[run + 1] - section.starts[run] - 1))
            }
        }
        PatchedFrames.append(lengths, to: &bytes)
        return ChunkDraft(kind: .sections, bytes: bytes)
    }

    private static func items(of block: HistoryBlock, _ layout: BlockLayout) -> ChunkDraft {
        var rows: [UInt32] = []
        var counts: [Int64] = []
        for row in 0..<block.rowCount {
            let count = block.itemOffsets[row + 1] - block.itemOffsets[row]
            if count > 0 {
                rows.append(UInt32(row))
                counts.append(Int64(count))
            }
        }
        var bytes: [UInt8] = []
        SectionedValues.append(counts, at: rows, sections: layout.rows, areCodes: true, to: &bytes)
        return ChunkDraft(kind: .items, bytes: bytes)
    }

    private static func movedRows(
        of block: HistoryBlock, _ identifierOfArrival: [UInt64: ProfileNumber]
    ) -> ChunkDraft? {
        guard !identifierOfArrival.isEmpty else { return nil }
        let arrivals = block.arrivals
        var rows: [UInt32] = []
        var identifiers: [Int64] = []
        for row in 0..<block.rowCount {
            if let identifier = identifierOfArrival[arrivals[row]] {
                rows.append(UInt32(row))
                identifiers.append(Int64(identifier))
            }
        }
        guard !rows.isEmpty else { return nil }
        var bytes: [UInt8] = []
        Presence.append(rows, rows: block.rowCount, to: &bytes)
        IntegerChunk.append(identifiers, to: &bytes)
        return ChunkDraft(kind: .movedRows, bytes: bytes)
    }
}

/// Property paths as bytes: the scope, then each part with its length before it.
enum PathCoding {
    static func encode(_ path: PropertyPath) -> [UInt8] {
        var bytes: [UInt8] = []
        switch path.scope {
        case .properties: bytes.append(0)
        case .context: bytes.append(1)
        case .items: bytes.append(2)
        }
        for part in path.parts {
            bytes.appendLittleEndian(UInt32(part.utf8.count))
            bytes.append(contentsOf: part.utf8)
        }
        return bytes
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) -> PropertyPath? {
        var reader = ByteReader(bytes)
        guard let tag = try? reader.read(UInt8.self) else { return nil }
        let scopes: [PropertyPath.Scope] = [.properties, .context, .items]
        guard Int(tag) < scopes.count else { return nil }
        var parts: [Text] = []
        while reader.remaining > 0 {
            guard let length = try? reader.readCount(), let raw = try? reader.slice(length),
                let part = Text(utf8: raw)
            else { return nil }
            parts.append(part)
        }
        return parts.isEmpty ? nil : PropertyPath(scope: scopes[Int(tag)], parts: parts)
    }
}
