import Columns
import EventModel

extension RowFrame {
    /// The keys of the messages that the rows of a frame stand for, without making the messages.
    ///
    /// - Parameter source: the name of a source by its code; it enters the keys.
    static func keys(
        table: UnsafeRawBufferPointer, bytes: UnsafeRawBufferPointer, areColumns: Bool,
        recipe: UnsafeRawBufferPointer, count: Int, source: (UInt32) -> Text
    ) throws(ColumnError) -> Set<DedupKey> {
        guard let recipe = RowRecipe(json: Array(recipe)) else { throw .inconsistent(.codeOutOfRange) }
        if areColumns {
            let rows = try RowColumns.rows(bytes, count: count, recipe)
            return try rows.withUnsafeBytes { rows in
                Result { () throws(ColumnError) in try keys(table, rows, recipe, count: count, source: source) }
            }.get()
        }
        return try keys(table, bytes, recipe, count: count, source: source)
    }

    private static func keys(
        _ table: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer, _ recipe: RowRecipe, count: Int,
        source: (UInt32) -> Text
    ) throws(ColumnError) -> Set<DedupKey> {
        guard count <= bytes.count else { throw .inconsistent(.countTooLarge) }
        var reader = ByteReader(table)
        let common = try IntegerChunk(&reader, atMost: 3).values()
        // Times, and whose rows they are.
        for _ in 0..<3 { _ = try IntegerChunk(&reader, atMost: count) }
        let repeated = try IntegerChunk(&reader, atMost: count).values()
        let occurrences = try IntegerChunk(&reader, atMost: count).values()
        guard common.count == 3, let code = UInt32(exactly: common[2]) else { throw .inconsistent(.codeOutOfRange) }
        guard repeated.count == occurrences.count else { throw .inconsistent(.presenceCount) }

        let source = source(code)
        var cells = RowCells(bytes.bindMemory(to: UInt8.self), recipe)
        var keys: Set<DedupKey> = []
        var digests: [RowDigest] = []
        digests.reserveCapacity(count)
        var next = 0
        for row in 0..<count {
            guard cells.next() != nil else { throw .inconsistent(.offsetsNotAscending) }
            let digest = recipe.digester.digest(of: cells)
            if next < repeated.count, repeated[next] == Int64(row) {
                let id = digest.messageID(occurrence: Int(occurrences[next]))
                keys.insert(DedupKey(source: source, messageID: id))
                next += 1
            } else {
                digests.append(digest)
            }
        }
        keys.formUnion(DedupKey.keys(source: source, of: digests))
        return keys
    }
}
