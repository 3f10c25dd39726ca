/// The cells of a batch, lent for the length of a call: quick to get at, and gone with it.
struct CSVCells {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    fileprivate let unescaped: UnsafeBufferPointer<UInt8>
    fileprivate let starts: UnsafeBufferPointer<UInt32>
    fileprivate let lengths: UnsafeBufferPointer<UInt32>

    /// The bytes of a cell, quotes undone; empty for an index the record does not have.
    subscript(record: CSVBatch.Record, column: Int) -> UnsafeBufferPointer<UInt8> {
        guard column >= 0, column < record.cellCount else { return UnsafeBufferPointer(start: nil, count: 0) }
        let start = starts[record.firstCell + column]
        let length = Int(lengths[record.firstCell + column])
        let offset = Int(start & ~CSVBatch.unescapedMark)
        let source = start & CSVBatch.unescapedMark == 0 ? bytes : unescaped
        return UnsafeBufferPointer(rebasing: source[offset..<(offset + length)])
    }

    /// The same without white space at its ends.
    func text(_ record: CSVBatch.Record, _ column: Int) -> UnsafeBufferPointer<UInt8> {
        let cell = self[record, column]
        guard let first = cell.first, let last = cell.last else { return cell }
        if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return cell }
        let short = trimmed(String(decoding: cell, as: UTF8.self)).utf8
        if short.count == cell.count { return cell }
        // What was taken away is no beginning of what is left.
        var start = 0
        while start + short.count < cell.count, !cell[start...].starts(with: short) { start += 1 }
        return UnsafeBufferPointer(rebasing: cell[start..<(start + short.count)])
    }
}

extension CSVBatch {
    /// Lends the cells of good records to `body`.
    func withCells<Result>(_ body: (CSVCells) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            unescaped.withUnsafeBufferPointer { unescaped in
                starts.withUnsafeBufferPointer { starts in
                    lengths.withUnsafeBufferPointer { lengths in
                        body(CSVCells(bytes: bytes, unescaped: unescaped, starts: starts, lengths: lengths))
                    }
                }
            }
        }
    }
}
