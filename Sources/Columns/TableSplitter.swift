internal import CBytes

/// Splits the simple rows of a table (CSV and its kin) quickly, and stops at every other one.
///
/// Simple is a row with the right count of cells, no NUL, each cell without line breaks and either unquoted or quoted
/// without quotes inside. One splitter serves one thread.
package final class TableSplitter {
    /// How the rows are written.
    package struct Form {
        package var delimiter: UInt8
        /// Nil where quotes have no meaning.
        package var quote: UInt8?
        /// How many cells a row has; at least 1.
        package var cells: Int
        /// The longest row, without its line break.
        package var rowBytesMax: Int

        package init(delimiter: UInt8, quote: UInt8?, cells: Int, rowBytesMax: Int) {
            self.delimiter = delimiter
            self.quote = quote
            self.cells = max(1, cells)
            self.rowBytesMax = rowBytesMax
        }
    }

    /// A row that was found; offsets are those of the bytes it was found in.
    package struct Row {
        package var start: Int
        package var end: Int
        /// Its line, the first of the bytes being 0.
        package var line: Int
        /// Whether it may hold bytes of 0x80 and more; if not, it holds none.
        package var mayBeHigh: Bool
    }

    /// What one call found.
    package struct Found {
        /// How many bytes the rows are, their line breaks included.
        package var consumed: Int
        package var rows: Int
        /// Lines passed, empty ones too.
        package var lines: Int
        /// Whether the bytes are nothing but the rows, no cell of which is quoted, each with its line feed.
        package var isBare: Bool
    }

    private let rowsMax: Int
    private var cellCount = 0
    private var rows: UnsafeMutableBufferPointer<shoal_table_row>
    private var cellStarts = UnsafeMutableBufferPointer<UInt32>(start: nil, count: 0)
    private var cellLengths = UnsafeMutableBufferPointer<UInt32>(start: nil, count: 0)
    private var ends = UnsafeMutableBufferPointer<UInt32>(start: nil, count: 0)

    /// - Parameter rowsMax: the most rows of one call.
    package init(rowsMax: Int = 1_024) {
        self.rowsMax = max(1, rowsMax)
        rows = .allocate(capacity: self.rowsMax)
    }

    deinit {
        rows.deallocate()
        cellStarts.deallocate()
        cellLengths.deallocate()
        ends.deallocate()
    }

    /// Splits rows from the front of `bytes`, which are fewer than 4 GiB. Complexity: O(bytes).
    package func split(_ bytes: UnsafeBufferPointer<UInt8>, _ form: Form) -> Found {
        precondition(bytes.count <= Int(UInt32.max), "\(bytes.count) bytes are too many for one piece")
        if form.cells > cellCount {
            cellStarts.deallocate()
            cellLengths.deallocate()
            ends.deallocate()
            ends = .allocate(capacity: rowsMax * form.cells + 64)
            cellStarts = .allocate(capacity: rowsMax * form.cells)
            cellLengths = .allocate(capacity: rowsMax * form.cells)
            cellCount = form.cells
        }
        var cForm = shoal_table_form(
            delimiter: form.delimiter, quote: form.quote ?? form.delimiter, has_quote: form.quote != nil,
            cells: form.cells, row_bytes_max: form.rowBytesMax)
        var found = shoal_table_cells(
            row: rows.baseAddress, starts: cellStarts.baseAddress, lengths: cellLengths.baseAddress, room: rowsMax,
            ends: ends.baseAddress, rows: 0, lines: 0, is_bare: false)
        let consumed = shoal_table_split(bytes.baseAddress, bytes.count, &cForm, &found)
        return Found(consumed: consumed, rows: found.rows, lines: found.lines, isBare: found.is_bare)
    }

    /// A row of the last call.
    package func row(_ index: Int) -> Row {
        let row = rows[index]
        return Row(start: Int(row.start), end: Int(row.end), line: Int(row.line), mayBeHigh: row.may_be_high)
    }

    /// Where the first cells of the last call start, row by row.
    package func starts(_ count: Int) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(rebasing: cellStarts[0..<count])
    }

    /// How long they are.
    package func lengths(_ count: Int) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(rebasing: cellLengths[0..<count])
    }
}
