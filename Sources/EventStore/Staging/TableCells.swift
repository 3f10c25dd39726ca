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
        var scratch = [UInt8](repeating: 0, count: 1 << 15)
        var digests: [RowDigest] = []
        digests.reserveCapacity(rows.count)
        var blocks: [UInt32] = []
        var lengths: [UInt32] = []
        var end = 0
        func flush() {
            scratch.withUnsafeMutableBytes { scratch in
                Digest256.first128(scratch, blocks: blocks, lengths: lengths) { _, high, low in
                    digests.append(RowDigest(high: high, low: low))
                }
            }
            blocks.removeAll(keepingCapacity: true)
            lengths.removeAll(keepingCapacity: true)
            end = 0
        }
        digester.columns.withUnsafeBufferPointer { columns in
            for row in rows {
                while true {
                    let length = scratch.withUnsafeMutableBytes { scratch in
                        fill(UnsafeMutableRawBufferPointer(rebasing: scratch[end...]), row, columns)
                    }
                    if end + Digest256.paddedCount(length) <= scratch.count {
                        blocks.append(UInt32(end / Digest256.blockSize))
                        lengths.append(UInt32(length))
                        end += Digest256.paddedCount(length)
                        break
                    }
                    // No room: what waits goes first, and a row that is longer than all of it gets more.
                    if !blocks.isEmpty { flush() } else { scratch = Array(repeating: 0, count: length * 2 + 128) }
                }
            }
            if !blocks.isEmpty { flush() }
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
}
