import Columns
import EventModel

extension PartFile {
    /// The messages of a frame, as they were stored.
    ///
    /// - Parameter wanted: of a frame of rows only these are made, which is most of the work; nil: all. Others may come too.
    func records(_ frame: Int, wanted: Set<UInt64>? = nil) throws(EventStoreError) -> [MessageRecord] {
        let summary = index.frames[frame]
        let block = try block(summary.place, .originals)
        guard block.count == summary.messages else { throw block.damage(.inconsistent(what: "count of messages")) }
        let recipe = try optionalChunk(block, .recipe)
        let table = try chunk(block, recipe == nil ? .messageTable : .rowTable)
        let columns = try optionalChunk(block, .rowColumns)
        let bytes = if let columns { columns } else { try chunk(block, .messageBytes) }
        defer { withExtendedLifetime((table, bytes, recipe)) {} }
        do throws(ColumnError) {
            if let recipe {
                return try RowFrame.records(
                    table: table.bytes, bytes: bytes.bytes, areColumns: columns != nil, recipe: recipe.bytes,
                    count: summary.messages, wanted: wanted)
            }
            return try OriginalsFrame.records(table: table.bytes, bytes: bytes.bytes, count: summary.messages)
        } catch {
            throw block.damage(.contents(error))
        }
    }

    /// The chunks of a frame as they lie in the file, checked.
    func storedFrame(_ frame: Int) throws(EventStoreError) -> [StoredChunk] {
        let block = try block(index.frames[frame].place, .originals)
        var chunks: [StoredChunk] = []
        for entry in block.entries {
            let bytes = block.storedBytes(entry)
            let found = CRC32C.checksum(bytes)
            guard found == entry.checksum else {
                throw block.damage(.checksum(expected: entry.checksum, found: found), at: entry.offset)
            }
            chunks.append(
                StoredChunk(
                    kind: entry.kind, coding: entry.coding, id: entry.id, rawCount: entry.rawLength,
                    bytes: Array(bytes)))
        }
        return chunks
    }

    /// The frames that may hold an arrival; usually one.
    func frames(holding arrival: UInt64) -> [Int] {
        // Frames come in ascending first arrival; those of parts joined later may overlap.
        var (lower, upper) = (0, index.frames.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if index.frames[middle].firstArrival <= arrival { lower = middle + 1 } else { upper = middle }
        }
        var found: [Int] = []
        var frame = lower - 1
        while frame >= 0 {
            if index.frames[frame].lastArrival >= arrival { found.append(frame) }
            if lastArrivalBefore(frame) < arrival { break }
            frame -= 1
        }
        return found
    }

    /// The largest arrival in any frame before this one, or 0.
    private func lastArrivalBefore(_ frame: Int) -> UInt64 {
        frame == 0 ? 0 : lastArrivals[frame - 1]
    }
}

extension PartFile {
    /// Who the messages of the part name.
    func identities() throws(EventStoreError) -> IdentityChanges {
        var all = IdentityChanges()
        for place in index.identityBlocks {
            let block = try block(place, .identities)
            let identifiers = try chunk(block, .identifiers)
            let texts = try chunk(block, .identifierTexts)
            let links = try chunk(block, .links)
            defer { withExtendedLifetime((identifiers, texts, links)) {} }
            do throws(ColumnError) {
                let some = try IdentityBlocks.decode(
                    identifiers: identifiers.bytes, texts: texts.bytes, links: links.bytes)
                all.identifiers.append(contentsOf: some.identifiers)
                all.links.append(contentsOf: some.links)
            } catch {
                throw block.damage(.contents(error))
            }
        }
        return all
    }
}
