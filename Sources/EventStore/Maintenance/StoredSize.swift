import EventModel

/// How many bytes of the parts one kind of chunk takes.
package struct StoredSize: Hashable, Sendable {
    /// What is kept: times, keys, the path of a column.
    package let what: String
    package let chunks: Int
    package let bytes: Int
}

extension EventStore {
    /// What takes room in the parts, the largest first. Reads the tables of all blocks.
    package func sizes() throws(EventStoreError) -> [StoredSize] {
        var chunks: [String: Int] = [:]
        var bytes: [String: Int] = [:]
        func note(_ what: String, _ size: Int) {
            chunks[what, default: 0] += 1
            bytes[what, default: 0] += size
        }
        for part in try snapshot().assembler.parts {
            note("headers of files", PartFormat.fileHeaderSize + PartFormat.footerSize)
            for (place, kind) in part.allBlocks {
                let block = try part.block(place, kind)
                let table = PartFormat.blockHeaderSize + block.entries.count * PartFormat.chunkEntrySize
                note("headers of blocks of \(kind.words)", table)
                for entry in block.entries {
                    note(Self.words(entry, kind, part), entry.length)
                }
            }
        }
        return bytes.map { StoredSize(what: $0.key, chunks: chunks[$0.key] ?? 0, bytes: $0.value) }
            .sorted { ($1.bytes, $0.what) < ($0.bytes, $1.what) }
    }

    private static func words(_ entry: PartBlock.Entry, _ block: PartFormat.BlockKind, _ part: PartFile) -> String {
        guard let kind = PartFormat.ChunkKind(rawValue: entry.kind) else { return "unknown" }
        switch kind {
        case .profiles: return "profiles of blocks"
        case .sections: return "sections and runs"
        case .times: return "times"
        case .arrivals: return "arrivals"
        case .flags: return "flags"
        case .items: return "counts of items"
        case .movedRows: return "moved rows"
        case .column: return "column \(path(entry, part))"
        case .dictionary: return "dictionary of \(path(entry, part))"
        case .messageTable: return "originals, their table"
        case .messageBytes: return "originals, compressed"
        case .keyPrefixes: return "keys, prefixes"
        case .keyFrames: return "keys, frames"
        default: return block.words
        }
    }

    private static func path(_ entry: PartBlock.Entry, _ part: PartFile) -> String {
        guard part.index.paths.indices.contains(Int(entry.id)) else { return "?" }
        let path = part.index.paths[Int(entry.id)]
        return "\(path.scope) \(path)"
    }
}

extension PartFormat.BlockKind {
    fileprivate var words: String {
        switch self {
        case .rows: "rows"
        case .originals: "originals"
        case .keys: "keys"
        case .identities: "identities"
        case .eventProfiles: "profiles of events"
        case .index: "index"
        }
    }
}
