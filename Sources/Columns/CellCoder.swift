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
    /// Different in every process, so that nobody can aim at the tables.
    private static let seed = UInt64.random(in: 0...UInt64.max)

    package init(_ cells: Cells) { self.cells = cells }

    /// The code of a row without cells.
    package static let noCode = UInt32.max

    /// The cells of a column by their codes.
    package struct Coded {
        /// Per row the code of its cell, or `noCode`.
        package var codes: [UInt32]
        /// Per code the row in which it was used first.
        package var firstRows: [UInt32]
        /// Per code the whole number that its cell is, plus one, and 0 for an empty cell; nil when the cells are others.
        package var numbers: [UInt32]?
    }

    /// The cells of some columns by their codes.
    package func codes(of columns: [Int]) -> [Coded] {
        var coded = [Coded?](repeating: nil, count: columns.count)
        NumberTable.with { table in
            for (place, column) in columns.enumerated() { coded[place] = numbers(column, table) }
        }
        let others = columns.indices.filter { coded[$0] == nil }
        for (place, found) in zip(others, texts(others.map { columns[$0] })) { coded[place] = found }
        return coded.compactMap { $0 }
    }

    /// The cells of a column of whole numbers; nil when it is none.
    private func numbers(_ column: Int, _ table: NumberTable) -> Coded? {
        let rows = cells.firstCells.count
        guard rows <= Int(SHOAL_NUMBER_ROWS_MAX) else { return nil }
        var count = Int.max
        var cTable = cells.table
        var (firstRows, numbers): ([UInt32], [UInt32]) = ([], [])
        let codes = [UInt32](unsafeUninitializedCapacity: rows) { codes, initialized in
            initialized = rows
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * (rows + 1)) { room in
                var cColumn = shoal_number_column(
                    column: column, codes: codes.baseAddress, rows: room.baseAddress,
                    numbers: room.baseAddress.map { $0 + rows + 1 }, known: table.known.baseAddress,
                    numbers_max: NumberTable.numbersMax, call: table.nextCall())
                count = shoal_number_codes(&cTable, &cColumn)
                guard count >= 0 else {
                    initialized = 0
                    return
                }
                firstRows = Array(room[..<count])
                numbers = Array(room[(rows + 1)..<(rows + 1 + count)])
            }
        }
        return count < 0 ? nil : Coded(codes: codes, firstRows: firstRows, numbers: numbers)
    }

    /// The cells of columns of any kind. All columns at once, so that the cells of a few rows stay at hand while one column after
    /// the other is looked at.
    private func texts(_ columns: [Int]) -> [Coded] {
        guard !columns.isEmpty else { return [] }
        let rows = cells.firstCells.count
        var size = 16
        while size < 2 * rows { size *= 2 }
        let entries = UnsafeMutableBufferPointer<shoal_cell_entry>.allocate(capacity: max(rows, 1) * columns.count)
        let slots = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: size * columns.count)
        let codes = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: max(rows, 1) * columns.count)
        defer {
            entries.deallocate()
            slots.deallocate()
            codes.deallocate()
        }
        var coded = columns.enumerated().map { place, column in
            var coded = shoal_coded_column()
            coded.column = column
            coded.codes = codes.baseAddress.map { $0 + place * rows }
            coded.entries = entries.baseAddress.map { $0 + place * rows }
            coded.slots = slots.baseAddress.map { $0 + place * size }
            coded.slots_max = size
            return coded
        }
        var table = cells.table
        shoal_cell_codes(&table, &coded, coded.count, Self.seed)
        return coded.enumerated().map { place, coded in
            Coded(
                codes: Array(codes[(place * rows)..<((place + 1) * rows)]),
                firstRows: entries[(place * rows)...].prefix(Int(coded.count)).map(\.row),
                numbers: nil)
        }
    }
}
