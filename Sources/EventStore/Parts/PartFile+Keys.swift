import Columns
import EventModel

extension PartFile {
    /// Whether the part holds a message with this key.
    ///
    /// Complexity: a few steps when there is none, unpacking some hundred keys if there is no filter; else reading the
    /// frame the message stands in, which is kept for the next messages.
    func contains(_ key: DedupKey) throws(EventStoreError) -> Bool {
        if let filter = filters.known(0), !filter.mayContain(key) { return false }
        for frame in try frames(ofKeysLike: key) where try keys(ofFrame: frame).contains(key) { return true }
        return false
    }

    /// The frames of messages whose keys begin as this one does.
    private func frames(ofKeysLike key: DedupKey) throws(EventStoreError) -> [Int] {
        let prefix = KeyBlocks.prefix(of: key)
        var found: [Int] = []
        var number = firstKeyBlock(for: prefix)
        while number < index.keyBlocks.count, index.keyBlocks[number].firstPrefix <= prefix {
            let (frames, mayGoOn) = try withKeys(number) { keys throws(ColumnError) in try keys.frames(of: prefix) }
            found.append(contentsOf: frames.filter { index.frames.indices.contains($0) })
            guard mayGoOn else { break }
            number += 1
        }
        return found
    }

    /// The prefixes and frames of a block of keys, ascending.
    func keyEntries(_ number: Int) throws(EventStoreError) -> [KeyBlocks.Entry] {
        try withKeys(number) { keys throws(ColumnError) in try keys.entries() }
    }

    private func withKeys<Value>(
        _ number: Int, _ body: (KeyBlocks) throws(ColumnError) -> Value
    ) throws(EventStoreError) -> Value {
        let summary = index.keyBlocks[number]
        let block = try block(summary.place, .keys)
        let gaps = try optionalChunk(block, .keyGaps)
        let prefixes = if let gaps { gaps } else { try chunk(block, .keyPrefixes) }
        let frames = try chunk(block, .keyFrames)
        defer { withExtendedLifetime((prefixes, frames)) {} }
        do throws(ColumnError) {
            return try body(
                KeyBlocks(gaps == nil ? .frames : .gaps, prefixes.bytes, frames: frames.bytes, count: summary.keys))
        } catch {
            throw block.damage(.contents(error))
        }
    }

    /// The whole keys of the messages of a frame, out of their originals.
    func keys(ofFrame frame: Int) throws(EventStoreError) -> Set<DedupKey> {
        try keysOfFrames.value(of: frame) { () throws(EventStoreError) in
            if let keys = try keysOfRows(frame) { return keys }
            let decoder = MessageDecoder(options: .stored)
            var keys: Set<DedupKey> = []
            for record in try records(frame) {
                keys.insert(try record.key(decoder, source: index.sources[record.source] ?? ""))
            }
            return keys
        }
    }

    /// The same of a frame of rows; nil when it is none.
    private func keysOfRows(_ frame: Int) throws(EventStoreError) -> Set<DedupKey>? {
        let summary = index.frames[frame]
        let block = try block(summary.place, .originals)
        guard let recipe = try optionalChunk(block, .recipe) else { return nil }
        let table = try chunk(block, .rowTable)
        let columns = try optionalChunk(block, .rowColumns)
        let bytes = if let columns { columns } else { try chunk(block, .messageBytes) }
        defer { withExtendedLifetime((table, bytes, recipe)) {} }
        do throws(ColumnError) {
            return try RowFrame.keys(
                table: table.bytes, bytes: bytes.bytes, areColumns: columns != nil, recipe: recipe.bytes,
                count: summary.messages
            ) { index.sources[$0] ?? "" }
        } catch {
            throw block.damage(.contents(error))
        }
    }

    /// The last block that begins below the prefix, or the first one.
    private func firstKeyBlock(for prefix: UInt64) -> Int {
        var (lower, upper) = (0, index.keyBlocks.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if index.keyBlocks[middle].firstPrefix < prefix { lower = middle + 1 } else { upper = middle }
        }
        return max(0, lower - 1)
    }
}
