internal import CBytes

/// Gives the cells of a column codes, the same for the same bytes: so what a cell means is found out once.
///
/// One coder serves one thread, and any number of columns of one table.
package final class CellCoder {
    /// Cells, as `TableSplitter` finds them; what is lent here must outlive the coder.
    package struct Cells {
        package var bytes: UnsafeBufferPointer<UInt8>
        /// Where cells lie whose start has its highest bit set.
        package var undone: UnsafeBufferPointer<UInt8>
        package var starts: UnsafeBufferPointer<UInt32>
        package var lengths: UnsafeBufferPointer<UInt32>
        /// The first cell of each row; negative for a row without cells.
        package var firstCells: UnsafeBufferPointer<Int>

        package init(
            bytes: UnsafeBufferPointer<UInt8>, undone: UnsafeBufferPointer<UInt8>, starts: UnsafeBufferPointer<UInt32>,
            lengths: UnsafeBufferPointer<UInt32>, firstCells: UnsafeBufferPointer<Int>
        ) {
            self.bytes = bytes
            self.undone = undone
            self.starts = starts
            self.lengths = lengths
            self.firstCells = firstCells
        }

        var table: shoal_cells {
            shoal_cells(
                bytes: bytes.baseAddress, bytes_length: bytes.count, undone: undone.baseAddress,
                undone_length: undone.count, starts: starts.baseAddress, lengths: lengths.baseAddress,
                first_cells: firstCells.baseAddress, rows: firstCells.count)
        }
    }

    private let cells: Cells
    private let entries: UnsafeMutableBufferPointer<shoal_cell_entry>
    private let slots: UnsafeMutableBufferPointer<UInt32>
    /// Different in every process, so that nobody can aim at the table.
    private static let seed = UInt64.random(in: 0...UInt64.max)

    package init(_ cells: Cells) {
        self.cells = cells
        var size = 16
        while size < 2 * cells.firstCells.count { size *= 2 }
        entries = .allocate(capacity: max(cells.firstCells.count, 1))
        slots = .allocate(capacity: size)
    }

    deinit {
        entries.deallocate()
        slots.deallocate()
    }

    /// The code of a row without cells.
    package static let noCode = UInt32.max

    /// Per row the code of its cell in a column, and the row in which each code was used first.
    package func codes(_ column: Int) -> (codes: [UInt32], firstRows: [UInt32]) {
        var table = cells.table
        var count = 0
        let codes = [UInt32](unsafeUninitializedCapacity: cells.firstCells.count) { codes, initialized in
            count = shoal_cell_codes(
                &table, column, codes.baseAddress, entries.baseAddress, slots.baseAddress, slots.count, Self.seed)
            initialized = cells.firstCells.count
        }
        return (codes, entries[..<count].map(\.row))
    }
}
