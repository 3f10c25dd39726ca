package import Columns
import EventModel
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
    /// Whether the rows lie one after the other, none of their cells quoted, each with a line feed behind it.
    let isBare: Bool

    package init(
        bytes: UnsafeBufferPointer<UInt8>, undone: UnsafeBufferPointer<UInt8>, starts: UnsafeBufferPointer<UInt32>,
        lengths: UnsafeBufferPointer<UInt32>, firstCells: UnsafeBufferPointer<Int>, isBare: Bool = false
    ) {
        self.bytes = bytes
        self.undone = undone
        self.starts = starts
        self.lengths = lengths
        self.firstCells = firstCells
        self.isBare = isBare
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

    /// The code of a text that is none.
    package static let noText = UInt32.max

    /// Gives the cells of columns codes.
    package var coder: CellCoder { CellCoder(places) }

    /// Where the cells lie.
    var places: CellCoder.Cells {
        CellCoder.Cells(bytes: bytes, undone: undone, starts: starts, lengths: lengths, firstCells: firstCells)
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

    /// What rows say, all cells of each.
    package func digests(_ digester: RowDigester, in rows: Range<Int>) -> [RowDigest] {
        let columns = digester.columns.map { CellCoder.Cells.DigestColumn($0.index, mark: $0.mark) }
        return [RowDigest](unsafeUninitializedCapacity: rows.count) { digests, count in
            var row = rows.lowerBound
            while row < rows.upperBound {
                let rest = UnsafeMutableBufferPointer(rebasing: digests[(row - rows.lowerBound)..<rows.count])
                row += places.digest(row..<rows.upperBound, columns, to: UnsafeMutableRawBufferPointer(rest))
                guard row < rows.upperBound else { break }
                digests[row - rows.lowerBound] = digester.digestOfLent { cell(row, $0) }
                row += 1
            }
            count = rows.count
        }
    }
}
