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
/// sections   IntegerChunks: name codes, counts of runs; then per run the position of its profile, its length in rows
/// times      IntegerChunk of milliseconds, a row each
/// arrivals   IntegerChunk, a row each
/// flags      IntegerChunk, a row each
/// items      Presence of rows with stored items, IntegerChunk of how many
/// movedRows  Presence, IntegerChunk of identifiers: rows that stand under another profile than their own identifier
/// column     see `ColumnCoding`, one per path; dictionary likewise
/// ```
enum RowBlockEncoder {
    /// - Parameter identifierOfArrival: the identifier of each row that does not stand under its own number.
    static func chunks(
        of block: HistoryBlock, names: inout PartNames, identifierOfArrival: [UInt64: ProfileNumber]
    ) -> [ChunkDraft] {
        var chunks = [
            profiles(of: block), sections(of: block, names: &names),
            integers(.times, block.times),
            integers(.arrivals, block.arrivals.map { Int64(bitPattern: $0) }),
            integers(.flags, block.flags.map { Int64($0) }),
            items(of: block),
        ]
        if let moved = movedRows(of: block, identifierOfArrival) { chunks.append(moved) }
        let columns = block.allColumns.sorted {
            PathCoding.encode($0.key).lexicographicallyPrecedes(PathCoding.encode($1.key))
        }
        for (path, column) in columns {
            let rows = path.scope == .items ? block.itemCount : block.rowCount
            chunks.append(contentsOf: ColumnCoding.encode(column, rows: rows, path: names.code(of: path)))
        }
        return chunks
    }

    private static func integers(_ kind: PartFormat.ChunkKind, _ values: [Int64]) -> ChunkDraft {
        var bytes: [UInt8] = []
        IntegerChunk.append(values, to: &bytes)
        return ChunkDraft(kind: kind, bytes: bytes)
    }

    private static func profiles(of block: HistoryBlock) -> ChunkDraft {
        var bytes: [UInt8] = []
        IntegerChunk.appendDifferences(block.profileNumbers.map { Int64($0) }, to: &bytes)
        IntegerChunk.append(block.firstTimes, to: &bytes)
        IntegerChunk.append(block.lastTimes, to: &bytes)
        return ChunkDraft(kind: .profiles, bytes: bytes)
    }

    private static func sections(of block: HistoryBlock, names: inout PartNames) -> ChunkDraft {
        var codes: [Int64] = []
        var counts: [Int64] = []
        var positions: [Int64] = []
        var lengths: [Int64] = []
        for section in block.sections {
            codes.append(Int64(names.code(of: section, in: block)))
            counts.append(Int64(section.profiles.count))
            for (index, profile) in section.profiles.enumerated() {
                positions.append(Int64(profile))
                lengths.append(Int64(section.starts[index + 1] - section.starts[index]))
            }
        }
        var bytes: [UInt8] = []
        for column in [codes, counts, positions, lengths] { IntegerChunk.append(column, to: &bytes) }
        return ChunkDraft(kind: .sections, bytes: bytes)
    }

    private static func items(of block: HistoryBlock) -> ChunkDraft {
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
        Presence.append(rows, rows: block.rowCount, to: &bytes)
        IntegerChunk.append(counts, to: &bytes)
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
