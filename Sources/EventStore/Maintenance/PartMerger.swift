import EventModel

/// Makes one part of several. Nothing is dropped; rows go to the profiles their identifiers lead to now.
struct PartMerger {
    let parts: [PartFile]
    let identity: IdentityView
    let disk: any Disk
    let directory: String
    let workspace: StoreID
    let rowsPerBlock: Int
    /// Asked between blocks; a merge that is broken off leaves everything as it was.
    let isCancelled: @Sendable () -> Bool

    /// Writes and publishes the file; the manifest does not know it yet. Nil when it was cancelled.
    func merge(into part: StoreID) throws(EventStoreError) -> PartRecord? {
        var writer = try onDisk { () throws(DiskError) in
            try PartWriter(part, in: directory, on: disk, workspace: workspace)
        }
        do throws(EventStoreError) {
            guard try mergeRows(into: &writer), let frames = try copyFrames(into: &writer) else {
                writer.abandon()
                return nil
            }
            try mergeKeys(frames, into: &writer)
            let identities = try mergedIdentities()
            return try onDisk { () throws(DiskError) in try writer.finish(identities) }
        } catch {
            if case .disk(let failure) = error, failure.operation == .sync { throw error }
            writer.abandon()
            throw error
        }
    }

    /// False when it was cancelled.
    private func mergeRows(into writer: inout PartWriter) throws(EventStoreError) -> Bool {
        let assembler = HistoryAssembler(parts: parts, recent: [], identity: identity)
        for range in assembler.plan(rows: rowsPerBlock) {
            if isCancelled() { return false }
            guard let block = try assembler.block(range, projection: .everything) else { continue }
            let moved = try assembler.identifiersOfMovedRows(in: block)
            try onDisk { () throws(DiskError) in try writer.append(block, identifiers: moved) }
        }
        return true
    }

    /// Frames stay as they are, compressed; only their order becomes that of their first messages.
    ///
    /// - Returns: per part the new number of each frame; nil when it was cancelled.
    private func copyFrames(into writer: inout PartWriter) throws(EventStoreError) -> [[Int]]? {
        var frames: [(part: Int, frame: Int)] = []
        for (number, part) in parts.enumerated() {
            frames.append(contentsOf: part.index.frames.indices.map { (number, $0) })
            writer.adoptMessageFacts(of: part.index)
        }
        frames.sort {
            parts[$0.part].index.frames[$0.frame].firstArrival < parts[$1.part].index.frames[$1.frame].firstArrival
        }
        var newNumbers = parts.map { [Int](repeating: 0, count: $0.index.frames.count) }
        for (position, (number, frame)) in frames.enumerated() {
            if isCancelled() { return nil }
            newNumbers[number][frame] = position
            let summary = parts[number].index.frames[frame]
            let chunks = try parts[number].storedFrame(frame)
            try onDisk { () throws(DiskError) in try writer.append(copying: summary, chunks: chunks) }
        }
        return newNumbers
    }

    /// - Parameter frames: per part the new number of each frame.
    private func mergeKeys(_ frames: [[Int]], into writer: inout PartWriter) throws(EventStoreError) {
        var cursors: [KeyCursor] = []
        for (number, part) in parts.enumerated() {
            var cursor = KeyCursor(part, frames: frames[number])
            try cursor.advance()
            if cursor.key != nil { cursors.append(cursor) }
        }
        while !cursors.isEmpty {
            var smallest = 0
            for index in cursors.indices.dropFirst() {
                if let left = cursors[index].key, let right = cursors[smallest].key, left < right { smallest = index }
            }
            if let key = cursors[smallest].key {
                try onDisk { () throws(DiskError) in try writer.append(key) }
            }
            try cursors[smallest].advance()
            if cursors[smallest].key == nil { cursors.remove(at: smallest) }
        }
    }

    private func mergedIdentities() throws(EventStoreError) -> IdentityChanges {
        var identifiers: [ProfileNumber: Identifier] = [:]
        var links: [LinkKey: IdentityLink] = [:]
        for part in parts {
            let evidence = try part.identities()
            for identifier in evidence.identifiers { identifiers[identifier.number] = identifier }
            for link in evidence.links {
                if let known = links[link.key], known.time <= link.time { continue }
                links[link.key] = link
            }
        }
        return IdentityChanges(
            identifiers: identifiers.values.sorted { $0.number < $1.number },
            links: links.values.sorted { $0.key < $1.key })
    }
}

/// The keys of a part with the new numbers of their frames, ascending.
private struct KeyCursor {
    private(set) var key: KeyBlocks.Entry?
    private let part: PartFile
    private let frames: [Int]
    private var block = 0
    private var keys: [KeyBlocks.Entry] = []
    private var position = 0

    init(_ part: PartFile, frames: [Int]) {
        self.part = part
        self.frames = frames
    }

    mutating func advance() throws(EventStoreError) {
        while position == keys.count, block < part.index.keyBlocks.count {
            keys = try part.keyEntries(block)
            for (place, key) in keys.enumerated() {
                guard frames.indices.contains(key.frame) else {
                    throw .partDamaged(
                        part: part.id.description, block: part.index.keyBlocks[block].place.number, offset: 0,
                        damage: .inconsistent(what: "the frame of a key"))
                }
                keys[place] = KeyBlocks.Entry(prefix: key.prefix, frame: frames[key.frame])
            }
            position = 0
            block += 1
        }
        guard position < keys.count else {
            key = nil
            return
        }
        key = keys[position]
        position += 1
    }
}
