internal import CBytes

/// What stands around the cells of rows in the bytes they were found in, by columns: a bit each.
package struct CellLayout {
    /// Columns that have such a cell.
    package let bareFilled: UInt64
    package let bareEmpty: UInt64
    package let quotedFilled: UInt64
    package let quotedEmpty: UInt64

    /// Nil when the bytes are anything but the cells in their order, with a delimiter between them, a line feed between rows
    /// and quotes around some cells.
    ///
    /// - Parameters:
    ///   - rows: with cells, all of them.
    ///   - columns: how many cells each has, up to 64.
    ///   - bytes: the rows, without the last line feed.
    package init?(
        _ cells: CellCoder.Cells, rows: Range<Int>, columns: Int, in bytes: UnsafeRawBufferPointer, delimiter: UInt8,
        quote: UInt8
    ) {
        precondition((0...64).contains(columns), "\(columns) columns are more than a word has bits")
        precondition(
            rows.lowerBound >= 0 && rows.upperBound <= cells.firstCells.count,
            "rows \(rows) of \(cells.firstCells.count)")
        var table = cells.table
        var found = shoal_quotes()
        guard let start = bytes.baseAddress,
            shoal_cell_quotes(
                &table, rows.lowerBound, rows.count, columns, start.assumingMemoryBound(to: UInt8.self), bytes.count,
                delimiter, quote, &found)
        else { return nil }
        bareFilled = found.bare_filled
        bareEmpty = found.bare_empty
        quotedFilled = found.quoted_filled
        quotedEmpty = found.quoted_empty
    }
}

/// Numbers by their bytes: the lowest of each, then the next of each, and so on.
package enum BytePlanes {
    /// Appends the numbers of codes; false, and nothing appended, when a code has none.
    ///
    /// - Parameter count: how many bytes of a number are kept.
    package static func append(
        _ codes: UnsafeBufferPointer<UInt32>, _ numbers: [UInt64], count: Int, to output: inout [UInt8]
    ) -> Bool {
        guard count > 0, codes.count > 0 else { return true }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: codes.count * count) { target in
            guard shoal_planes(codes.baseAddress, codes.count, numbers, numbers.count, count, target.baseAddress)
            else { return false }
            output.append(contentsOf: target)
            return true
        }
    }
}
