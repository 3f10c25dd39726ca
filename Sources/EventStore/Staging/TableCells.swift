import Columns
package import EventModel
import Glibc

/// The cells of some rows of a table, lent for the length of a call, and what can be read out of a whole column of them
/// at once.
///
/// Whoever makes it has checked where cells lie: they are not checked again here.
package struct TableCells {
    /// In the start of a cell: it lies in `undone`, where doubled quotes were undone.
    package static let undoneMark: UInt32 = 1 << 31
    /// In `firstCells`: the row is left out.
    package static let leftOut = -1

    private let bytes: UnsafeBufferPointer<UInt8>
    private let undone: UnsafeBufferPointer<UInt8>
    private let starts: UnsafeBufferPointer<UInt32>
    private let lengths: UnsafeBufferPointer<UInt32>
    /// The first cell of each row, or `leftOut`.
    private let firstCells: UnsafeBufferPointer<Int>

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

    package var rowCount: Int { firstCells.count }

    /// A cell, quotes undone.
    @inline(__always)
    package func cell(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
        let index = firstCells[row] &+ column
        let start = starts[index]
        let source = start & Self.undoneMark == 0 ? bytes : undone
        return UnsafeBufferPointer(
            start: source.baseAddress.map { $0 + Int(start & ~Self.undoneMark) }, count: Int(lengths[index]))
    }

    /// A cell without white space at its ends.
    @inline(__always)
    package func text(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> { trimmedCell(cell(row, column)) }

    // MARK: - Columns

    /// What stands in `Texts.codes` for an empty cell.
    package static let noText = UInt32.max

    /// Per row the code of a column's text; `noText` where it is empty or the row is left out.
    package func codes(
        _ column: Int, in rows: Range<Int>, _ code: (UnsafeBufferPointer<UInt8>) -> UInt32
    ) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: rows.count) { codes, count in
            var last = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            var lastCode = Self.noText
            for row in rows {
                codes[count] = Self.noText
                defer { count &+= 1 }
                guard firstCells[row] >= 0 else { continue }
                let text = text(row, column)
                guard text.count > 0 else { continue }
                // Rows of one visit say much the same.
                if !Self.isEqual(text, last) {
                    last = text
                    lastCode = code(text)
                }
                codes[count] = lastCode
            }
        }
    }

    /// The texts of a column; empty cells are left out.
    package func texts(_ column: Int, in rows: Range<Int>) -> StagedColumn {
        var dictionary = ByteDictionary()
        let codes = codes(column, in: rows) { dictionary.code(tag: CellCoding.Tag.string, $0) }
        return StagedColumn(codes: codes, dictionary)
    }

    /// The cells of a column as `LiteralCell` reads them; empty cells are left out.
    package func literals(_ column: Int, in rows: Range<Int>) -> StagedColumn {
        var staged = StagedColumn()
        staged.reserve(rows.count)
        for row in rows where firstCells[row] >= 0 {
            let text = text(row, column)
            guard text.count > 0 else { continue }
            let first = text[0]
            let isWord =
                !(first == UInt8(ascii: "-") || first &- 0x30 < 10
                || first == UInt8(ascii: "t") || first == UInt8(ascii: "f"))
            if isWord || text.count > 34 {
                staged.append(string: text, at: row &- rows.lowerBound)
            } else if let number = PlainNumber(text, mark: UInt8(ascii: ".")), number.isShortest {
                staged.append(scaled: number.value, places: number.places, at: row &- rows.lowerBound)
            } else {
                let value = LiteralCell.value(Text(String(decoding: text, as: UTF8.self)))
                staged.append(value, at: row &- rows.lowerBound)
            }
        }
        return staged
    }

    /// The plain times of a column in milliseconds; `noTime` for every other cell.
    package func times(_ column: Int) -> [Int64] {
        var times = PlainTimes()
        return [Int64](unsafeUninitializedCapacity: rowCount) { found, count in
            for row in 0..<rowCount {
                found[row] = firstCells[row] >= 0 ? times.read(text(row, column)) ?? Self.noTime : Self.noTime
            }
            count = rowCount
        }
    }

    package static let noTime = Int64.min

    /// The numbers of a column.
    package func numbers(_ column: Int, mark: UInt8) -> TableNumbers {
        var numbers = TableNumbers(count: rowCount)
        numbers.fill { values, places in
            for row in 0..<rowCount where firstCells[row] >= 0 {
                let cell = cell(row, column)
                guard cell.count > 0 else { continue }
                if cell.count == 1, cell[0] &- 0x30 < 10 {
                    values[row] = Int64(cell[0] &- 0x30)
                    places[row] = 0
                } else if let number = PlainNumber(cell, mark: mark) {
                    values[row] = number.value
                    places[row] = Int8(truncatingIfNeeded: number.places)
                } else {
                    places[row] = TableNumbers.notPlain
                }
            }
        }
        return numbers
    }

    /// What rows say, all cells of each.
    package func digests(_ digester: RowDigester, in rows: Range<Int>) -> [RowDigest] {
        var scratch: [UInt8] = Array(repeating: 0, count: 1_024)
        var digests: [RowDigest] = []
        digests.reserveCapacity(rows.count)
        digester.columns.withUnsafeBufferPointer { columns in
            for row in rows {
                var length = 0
                while true {
                    let room = scratch.count
                    length = scratch.withUnsafeMutableBytes { fill($0, row, columns) }
                    if length <= room { break }
                    scratch = Array(repeating: 0, count: length * 2)
                }
                digests.append(
                    scratch.withUnsafeBytes { RowDigest(bytes: UnsafeRawBufferPointer(rebasing: $0[..<length])) })
            }
        }
        return digests
    }

    /// Puts what is hashed of a row to the front of `target`; answers how long it is, or how long it would have been.
    @inline(__always)
    private func fill(
        _ target: UnsafeMutableRawBufferPointer, _ row: Int, _ columns: UnsafeBufferPointer<RowDigester.Column>
    ) -> Int {
        var length = 0
        for column in columns {
            let cell = cell(row, column.index)
            guard cell.count > 0, let start = cell.baseAddress else { continue }
            let isShort = cell.count < 255
            let end = length &+ (isShort ? 3 : 7) &+ cell.count
            // Short cells are copied sixteen bytes at a time, whatever stands behind them.
            if cell.count <= 32, end &+ 32 <= target.count, isFollowed(start, by: 32) {
                target.storeBytes(of: column.mark.littleEndian, toByteOffset: length, as: UInt16.self)
                target[length &+ 2] = UInt8(truncatingIfNeeded: cell.count)
                Self.copy16(start, to: target, at: length &+ 3)
                if cell.count > 16 { Self.copy16(start + 16, to: target, at: length &+ 19) }
            } else if end <= target.count {
                var bytes: [UInt8] = []
                RowDigester.append(column, cell, to: &bytes)
                UnsafeMutableRawBufferPointer(rebasing: target[length...]).copyBytes(from: bytes)
            }
            length = end
        }
        return length
    }

    @inline(__always)
    private static func copy16(
        _ start: UnsafePointer<UInt8>, to target: UnsafeMutableRawBufferPointer, at offset: Int
    ) {
        let raw = UnsafeRawPointer(start)
        target.storeBytes(of: raw.loadUnaligned(as: UInt64.self), toByteOffset: offset, as: UInt64.self)
        target.storeBytes(
            of: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self), toByteOffset: offset &+ 8, as: UInt64.self)
    }

    /// Whether so many bytes from an address on lie in the piece of the file.
    @inline(__always)
    private func isFollowed(_ start: UnsafePointer<UInt8>, by count: Int) -> Bool {
        guard let first = bytes.baseAddress else { return false }
        return start >= first && start + count <= first + bytes.count
    }

    @inline(__always)
    private static func isEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count, let a = left.baseAddress, let b = right.baseAddress else { return false }
        return memcmp(a, b, left.count) == 0
    }
}

/// A column of numbers, `values` × 10^-`places` each.
package struct TableNumbers {
    package private(set) var values: [Int64]
    package private(set) var places: [Int8]

    /// In `places`: there is no number.
    package static let empty: Int8 = -1
    /// In `places`: the cell is something else, which may be a number that is written otherwise.
    package static let notPlain: Int8 = -2

    init(count: Int) {
        values = Array(repeating: 0, count: count)
        places = Array(repeating: Self.empty, count: count)
    }

    fileprivate mutating func fill(
        _ body: (UnsafeMutableBufferPointer<Int64>, UnsafeMutableBufferPointer<Int8>) -> Void
    ) {
        values.withUnsafeMutableBufferPointer { values in
            places.withUnsafeMutableBufferPointer { places in body(values, places) }
        }
    }

    /// The numbers of some rows as cells.
    ///
    /// - Parameter isWanted: per row of the table; nil for all.
    package func staged(_ rows: Range<Int>, where isWanted: [Bool]? = nil) -> StagedColumn {
        if isWanted == nil, let first = places[rows].first, first >= 0, places[rows].allSatisfy({ $0 == first }) {
            return StagedColumn(dense: Array(values[rows]), exponent: -Int32(first))
        }
        var staged = StagedColumn()
        staged.reserve(rows.count)
        for row in rows where places[row] >= 0 && isWanted?[row] ?? true {
            staged.append(scaled: values[row], places: Int(places[row]), at: row &- rows.lowerBound)
        }
        return staged
    }

    package func decimal(_ row: Int) -> Decimal128? {
        places[row] < 0 ? nil : Decimal128(scaled: values[row], exponent: -Int32(places[row]))
    }
}
