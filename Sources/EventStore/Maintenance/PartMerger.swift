import EventModel

/// Makes one part of several. Nothing is dropped; rows go to the profiles their identifiers lead to now.
struct PartMerger {
    let parts: [PartFile]
    let identity: IdentityView
    let disk: any Disk
    let directory: String
    let workspace: StoreID
    /// Asked between blocks; a merge that is broken off leaves everything as it was.
    let isCancelled: @Sendable () -> Bool

    /// Writes and publishes the file; the manifest does not know it yet. Nil when it was cancelled.
    func merge(into part: StoreID) throws(EventStoreError) -> PartRecord? {
        let keyCount = parts.reduce(0) { $0 + $1.index.keyBlocks.reduce(0) { $0 + $1.keys } }
        var writer = try onDisk { () throws(DiskError) in
            try PartWriter(part, in: directory, on: disk, workspace: workspace, keyCount: keyCount)
        }
        do throws(EventStoreError) {
            guard try mergeRows(into: &writer), try copyFrames(into: &writer) else {
                writer.abandon()
                return nil
            }
            try mergeKeys(into: &writer)
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
        for range in assembler.plan() {
            if isCancelled() { return false }
            guard let block = try assembler.block(range, projection: .everything) else { continue }
            let moved = try assembler.identifiersOfMovedRows(in: block)
            try onDisk { () throws(DiskError) in try writer.append(block, identifiers: moved) }
        }
        return true
    }

    /// Frames stay as they are, compressed; only their order becomes that of their first messages. False when it was
    /// cancelled.
    private func copyFrames(into writer: inout PartWriter) throws(EventStoreError) -> Bool {
        var frames: [(part: Int, frame: Int)] = []
        for (number, part) in parts.enumerated() {
            frames.append(contentsOf: part.index.frames.indices.map { (number, $0) })
            writer.adoptMessageFacts(of: part.index)
        }
        frames.sort {
            parts[$0.part].index.frames[$0.frame].firstArrival < parts[$1.part].index.frames[$1.frame].firstArrival
        }
        for (number, frame) in frames {
            if isCancelled() { return false }
            let summary = parts[number].index.frames[frame]
            let chunks = try parts[number].storedFrame(frame)
            try onDisk { () throws(DiskError) in try writer.append(copying: summary, chunks: chunks) }
        }
        return true
    }

    private func mergeKeys(into writer: inout PartWriter) throws(EventStoreError) {
        var cursors: [KeyCursor] = []
        for part in parts {
            var cursor = KeyCursor(part)
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

/// The keys of a part, one after the other.
private struct KeyCursor {
    private(set) var key: DedupKey?
    private let part: PartFile
    private var block = 0
    private var keys: [DedupKey] = []
    private var position = 0

    init(_ part: PartFile) {
        self.part = part
    }

    mutating func advance() throws(EventStoreError) {
        while position == keys.count, block < part.index.keyBlocks.count {
            keys = try part.keys(block)
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
