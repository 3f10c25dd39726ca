import Columns
import EventModel

/// A row that stands under another profile than its identifier.
struct MovedRow: Sendable {
    let row: Int
    let identifier: ProfileNumber
}

extension PartFile {
    /// The identifiers of rows that stand under another profile than their own, by row of the block.
    func movedRows(_ number: Int) throws(EventStoreError) -> [MovedRow] {
        try movedRowsOfBlocks.value(of: number) { () throws(EventStoreError) in try readMovedRows(number) }
    }

    private func readMovedRows(_ number: Int) throws(EventStoreError) -> [MovedRow] {
        let summary = index.rowBlocks[number]
        let block = try block(summary.place, .rows)
        guard let chunk = try optionalChunk(block, .movedRows) else { return [] }
        defer { withExtendedLifetime(chunk) {} }
        do throws(ColumnError) {
            var reader = ByteReader(chunk.bytes)
            let presence = try Presence(&reader, rows: summary.rows)
            let identifiers = try IntegerChunk(&reader, atMost: summary.rows).indexes(below: Int(UInt32.max))
            guard identifiers.count == presence.count else { throw .inconsistent(.presenceCount) }
            var rows: [MovedRow] = []
            presence.forEachRow { row in rows.append(MovedRow(row: row, identifier: identifiers[rows.count])) }
            return rows
        } catch {
            throw block.damage(.contents(error))
        }
    }
}
