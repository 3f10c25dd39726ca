import Columns
import EventModel

/// Rows of a table by columns, from which every byte of the rows comes back: shorter than the rows, and compressed in a
/// fraction of the time.
///
/// ```
/// 0  4  bytes of the rows
/// then for each column of the table
///    0  1  form: 0 cells of a dictionary, 1 whole numbers, 2 times
///    1  1  quotes: 0 none, 1 around cells that are not empty, 2 around every cell
///    2  1  planes: bytes of a number
///    3  1  form 2: what stands between day and time; else zero
///    4  …  form 0: ByteTable of the different cells
///    4  8  form 2: the first time in milliseconds
///    …  …  the numbers of all rows, first the lowest byte of each, then the next, and so on
/// ```
///
/// A number is the place of a cell in the dictionary; a whole number plus one, 0 for an empty cell; or twice how much later
/// than the row before a time is, less one and the sign turned for an earlier one. Rows end with a line feed, the last
/// without.
enum RowColumns {
    private enum Form {
        static let dictionary: UInt8 = 0
        static let numbers: UInt8 = 1
        static let times: UInt8 = 2
    }

    private enum Quotes {
        static let none: UInt8 = 0
        static let filled: UInt8 = 1
        static let all: UInt8 = 2
    }

    /// Longer pieces are kept as they are.
    static let bytesMax = 1 << 20
    /// Times are written out only between 1970 and 2100, where all years have four digits.
    private static let timesMax: Int64 = 4_102_444_800_000
    private static let timeCount = 23

    // MARK: - Writing

    /// What there is to know of rows that were split and read.
    struct Rows {
        var cells: TableCells
        /// Rows of the table, all of them with cells.
        var rows: Range<Int>
        /// By column of the table; the one of times may be missing.
        var columns: [TableColumn?]
        /// Of each of the rows, in milliseconds, if that is what the column of times says.
        var times: ArraySlice<Int64>
    }

    /// Nil when the rows would not come back just as they are.
    ///
    /// - Parameter bytes: the rows as they stand in the file, without the last line break.
    static func encode(_ rows: Rows, _ bytes: UnsafeRawBufferPointer, _ recipe: RowRecipe) -> [UInt8]? {
        guard let quote = recipe.quote, recipe.cells <= 64, recipe.cells == rows.columns.count,
            bytes.count <= bytesMax, let quotes = quotes(rows, bytes, recipe.delimiter, quote)
        else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 4)
        output.appendLittleEndian(UInt32(bytes.count))
        for column in 0..<recipe.cells {
            if column == recipe.time {
                guard append(times: rows, recipe.time, quotes[column], to: &output) else { return nil }
            } else {
                guard let coded = rows.columns[column] else { return nil }
                guard append(coded, rows, quotes[column], to: &output) else { return nil }
            }
        }
        return output
    }

    /// How the cells of each column are quoted; nil when they are not all quoted alike, or when some byte is neither part of
    /// a cell nor what should stand around it.
    private static func quotes(
        _ rows: Rows, _ bytes: UnsafeRawBufferPointer, _ delimiter: UInt8, _ quote: UInt8
    ) -> [UInt8]? {
        // No quote anywhere, and nothing between the rows: there is nothing to look for.
        if rows.cells.isBare { return Array(repeating: Quotes.none, count: rows.columns.count) }
        guard
            let layout = CellLayout(
                rows.cells.places, rows: rows.rows, columns: rows.columns.count, in: bytes, delimiter: delimiter,
                quote: quote)
        else { return nil }
        var forms: [UInt8] = []
        for column in rows.columns.indices {
            let bit: UInt64 = 1 << UInt64(column)
            if (layout.quotedFilled | layout.quotedEmpty) & bit == 0 {
                forms.append(Quotes.none)
            } else if (layout.bareFilled | layout.quotedEmpty) & bit == 0 {
                forms.append(Quotes.filled)
            } else if (layout.bareFilled | layout.bareEmpty) & bit == 0 {
                forms.append(Quotes.all)
            } else {
                return nil
            }
        }
        return forms
    }

    private static func append(times rows: Rows, _ column: Int, _ quotes: UInt8, to output: inout [UInt8]) -> Bool {
        guard let first = rows.times.first, let start = rows.rows.first else { return false }
        let cell = rows.cells.cell(start, column)
        guard cell.count == timeCount else { return false }
        let separator = cell[10]
        for (row, time) in zip(rows.rows, rows.times) {
            let cell = rows.cells.cell(row, column)
            guard cell.count == timeCount, cell[10] == separator, time >= 0, time < timesMax else { return false }
        }
        var before = first
        let numbers = rows.times.map { time in
            let difference = time - before
            before = time
            return UInt64(bitPattern: (difference << 1) ^ (difference >> 63))
        }
        let planes = planes(of: numbers.max() ?? 0)
        output.append(contentsOf: [Form.times, quotes, planes, separator])
        output.appendLittleEndian(first)
        append(planes, rows.rows.count, to: &output) { numbers[$0] }
        return true
    }

    private static func append(_ column: TableColumn, _ rows: Rows, _ quotes: UInt8, to output: inout [UInt8]) -> Bool {
        let used = column.codesUsed(in: rows.rows)
        // Per code of the table its number here.
        var numbers = [UInt64](repeating: 0, count: column.count)
        var largest = UInt64(max(used.count, 1) - 1)
        if used.count > 256, let whole = Self.numbers(used, column, rows.cells) {
            largest = whole.max() ?? 0
            for (place, code) in used.enumerated() { numbers[code] = whole[place] }
            output.append(contentsOf: [Form.numbers, quotes, planes(of: largest), 0])
        } else {
            for (place, code) in used.enumerated() { numbers[code] = UInt64(place) }
            output.append(contentsOf: [Form.dictionary, quotes, planes(of: largest), 0])
            output.append(
                contentsOf: ByteTable.bytes(used.count) { place, bytes in
                    bytes.append(contentsOf: column.cell(used[place], in: rows.cells))
                })
        }
        return column.codes.withUnsafeBufferPointer { codes in
            BytePlanes.append(
                UnsafeBufferPointer(rebasing: codes[rows.rows]), numbers, count: Int(planes(of: largest)), to: &output)
        }
    }

    /// Cells as whole numbers without needless zeros, plus one; nil when some are none.
    private static func numbers(_ codes: [Int], _ column: TableColumn, _ cells: TableCells) -> [UInt64]? {
        if let known = column.numbers { return codes.map { UInt64(known[$0]) } }
        var numbers: [UInt64] = []
        numbers.reserveCapacity(codes.count)
        for code in codes {
            let cell = column.cell(code, in: cells)
            guard !cell.isEmpty else {
                numbers.append(0)
                continue
            }
            guard cell.count <= 18, cell[0] != 0x30 || cell.count == 1 else { return nil }
            var number: UInt64 = 0
            for byte in cell {
                guard byte &- 0x30 < 10 else { return nil }
                number = number &* 10 &+ UInt64(byte &- 0x30)
            }
            numbers.append(number + 1)
        }
        return numbers
    }

    private static func planes(of largest: UInt64) -> UInt8 {
        UInt8((UInt64.bitWidth - largest.leadingZeroBitCount + 7) / 8)
    }

    @inline(__always)
    private static func append(
        _ planes: UInt8, _ count: Int, to output: inout [UInt8], _ number: (Int) -> UInt64
    ) {
        guard planes > 0 else { return }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count * Int(planes)) { target in
            for index in 0..<count {
                var rest = number(index)
                var place = index
                for _ in 0..<planes {
                    target[place] = UInt8(truncatingIfNeeded: rest)
                    rest >>= 8
                    place &+= count
                }
            }
            output.append(contentsOf: target)
        }
    }

    // MARK: - Reading

    private struct Column {
        let form: UInt8
        let quotes: UInt8
        let separator: UInt8
        let dictionary: ByteTable?
        private let numbers: UnsafeRawBufferPointer
        private let planes: Int
        private let count: Int
        let first: Int64

        init(_ reader: inout ByteReader, rows: Int) throws(ColumnError) {
            form = try reader.readUInt8()
            quotes = try reader.readUInt8()
            planes = Int(try reader.readUInt8())
            separator = try reader.readUInt8()
            guard form <= Form.times, quotes <= Quotes.all else {
                throw .unknownEncoding(offset: reader.offset, found: Int(form))
            }
            guard planes <= 8 else { throw .inconsistent(.widthTooLarge) }
            dictionary = form == Form.dictionary ? try ByteTable(&reader, atMost: rows) : nil
            first = form == Form.times ? try reader.readInt64() : 0
            count = rows
            numbers = try reader.slice(planes * rows)
        }

        func number(_ row: Int) -> UInt64 {
            var number: UInt64 = 0
            for plane in 0..<planes { number |= UInt64(numbers[plane * count + row]) << UInt64(8 * plane) }
            return number
        }
    }

    /// The bytes of the rows.
    static func rows(
        _ bytes: UnsafeRawBufferPointer, count: Int, _ recipe: RowRecipe
    ) throws(ColumnError) -> [UInt8] {
        var reader = ByteReader(bytes)
        let size = try reader.readCount()
        // Every cell but the first of a row has a byte of its own.
        guard size <= bytesMax, count <= bytesMax, let quote = recipe.quote else { throw .inconsistent(.countTooLarge) }
        var columns: [Column] = []
        for _ in 0..<recipe.cells { columns.append(try Column(&reader, rows: count)) }
        guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        var times = columns.map(\.first)
        var output: [UInt8] = []
        output.reserveCapacity(size)
        for row in 0..<count {
            if row > 0 { output.append(0x0A) }
            for (index, column) in columns.enumerated() {
                if index > 0 { output.append(recipe.delimiter) }
                try append(row, of: column, &times[index], quote, to: &output)
            }
            guard output.count <= size else { throw .inconsistent(.countTooLarge) }
        }
        guard output.count == size else { throw .inconsistent(.offsetsNotAscending) }
        return output
    }

    private static func append(
        _ row: Int, of column: Column, _ time: inout Int64, _ quote: UInt8, to output: inout [UInt8]
    ) throws(ColumnError) {
        let number = column.number(row)
        let place = output.count
        if column.quotes != Quotes.none { output.append(quote) }
        if let dictionary = column.dictionary {
            guard number < UInt64(dictionary.count) else { throw .inconsistent(.codeOutOfRange) }
            output.append(contentsOf: dictionary[Int(number)])
        } else if column.form == Form.numbers {
            if number > 0 { output.append(contentsOf: String(number - 1).utf8) }
        } else {
            time = time &+ Int64(bitPattern: (number >> 1) ^ (0 &- (number & 1)))
            guard time >= 0, time < timesMax else { throw .inconsistent(.codeOutOfRange) }
            let text = Array(Timestamp(milliseconds: time).iso8601.utf8)
            output.append(contentsOf: text[..<10])
            output.append(column.separator)
            output.append(contentsOf: text[11..<timeCount])
        }
        if column.quotes == Quotes.all || column.quotes == Quotes.filled && output.count > place + 1 {
            output.append(quote)
        } else if column.quotes == Quotes.filled {
            output.removeLast()
        }
    }
}
