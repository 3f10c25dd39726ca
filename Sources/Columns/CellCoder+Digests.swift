internal import CBytes

extension CellCoder.Cells {
    /// A column that enters the digests of rows.
    package struct DigestColumn {
        fileprivate let column: shoal_digest_column

        /// - Parameter mark: what stands for the column.
        package init(_ column: Int, mark: UInt16) {
            self.column = shoal_digest_column(column: UInt32(truncatingIfNeeded: column), mark: mark)
        }
    }

    /// Writes the first 128 bits of SHA-256 of what rows say, two words each, the higher one first. What is hashed is, for each
    /// cell that is not empty, the mark of its column (2 bytes), the length (1 byte below 255, else 255 and 4 bytes) and the
    /// bytes of the cell.
    ///
    /// - Parameters:
    ///   - rows: with cells, all of them.
    ///   - target: has room for two words a row.
    /// - Returns: how many rows were taken before the first that is too long for this way.
    package func digest(
        _ rows: Range<Int>, _ columns: [DigestColumn], to target: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(target.count >= rows.count * 16, "\(target.count) bytes for \(rows.count) digests")
        precondition(rows.lowerBound >= 0 && rows.upperBound <= firstCells.count, "rows \(rows) of \(firstCells.count)")
        guard !rows.isEmpty else { return 0 }
        var table = self.table
        return columns.map(\.column).withUnsafeBufferPointer { columns in
            shoal_row_digests(
                &table, rows.lowerBound, rows.count, columns.baseAddress, columns.count,
                OpaquePointer(target.baseAddress).map { UnsafeMutablePointer($0) })
        }
    }
}
