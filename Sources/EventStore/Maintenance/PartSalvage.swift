import Columns
import EventModel

/// Finds the originals in the bytes of a damaged part, whatever else of it is lost.
///
/// Blocks describe themselves, so it goes from one to the next; where a header is damaged it looks for the next one.
struct PartSalvage {
    let id: StoreID
    let workspace: StoreID

    /// The records of all frames that are whole.
    func records(_ bytes: UnsafeRawBufferPointer) -> [MessageRecord] {
        var records: [MessageRecord] = []
        var offset = PartFormat.fileHeaderSize
        while offset + PartFormat.blockHeaderSize <= bytes.count {
            guard let place = place(bytes, offset) else {
                offset += 1
                continue
            }
            let frame = try? PartBlock(bytes, place: place, kind: .originals, part: id, workspace: workspace)
            guard let frame else {
                // Another kind of block, or a damaged one: whole blocks are stepped over.
                offset += isWhole(bytes, place) ? place.length : 1
                continue
            }
            records.append(contentsOf: (try? read(frame)) ?? [])
            offset += place.length
        }
        return records
    }

    private func place(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> BlockPlace? {
        // The first letter decides nearly always.
        guard bytes[offset] == PartFormat.blockMagic[0],
            bytes[offset..<(offset + 4)].elementsEqual(PartFormat.blockMagic),
            PartBlock.load(bytes, offset + 48, UInt64.self) == UInt64(offset),
            let length = Int(exactly: PartBlock.load(bytes, offset + 56, UInt64.self))
        else { return nil }
        return BlockPlace(number: Int(PartBlock.load(bytes, offset + 40, UInt32.self)), offset: offset, length: length)
    }

    private func isWhole(_ bytes: UnsafeRawBufferPointer, _ place: BlockPlace) -> Bool {
        guard let kind = PartFormat.BlockKind(rawValue: bytes[place.offset + 6]) else { return false }
        return (try? PartBlock(bytes, place: place, kind: kind, part: id, workspace: workspace)) != nil
    }

    private func read(_ frame: PartBlock) throws -> [MessageRecord] {
        let recipe = try frame.entry(.recipe, id: 0).map { try frame.chunk($0, check: true) }
        let table = try frame.chunk(recipe == nil ? .messageTable : .rowTable, id: 0, check: true)
        let columns = try frame.entry(.rowColumns, id: 0).map { try frame.chunk($0, check: true) }
        let bytes = try columns ?? frame.chunk(.messageBytes, id: 0, check: true)
        defer { withExtendedLifetime((table, bytes, recipe)) {} }
        if let recipe {
            return try RowFrame.records(
                table: table.bytes, bytes: bytes.bytes, areColumns: columns != nil, recipe: recipe.bytes,
                count: frame.count)
        }
        return try OriginalsFrame.records(table: table.bytes, bytes: bytes.bytes, count: frame.count)
    }
}
