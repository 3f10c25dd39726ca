/// A piece of a table that was split into cells.
///
/// Whoever makes it has checked where cells lie: they are not checked again.
package struct Table: Sendable {
    private let bytes: [UInt8]
    private let undone: [UInt8]
    private let starts: [UInt32]
    private let lengths: [UInt32]
    private let firstCells: [Int]
    private let isBare: Bool

    /// - Parameters:
    ///   - undone: cells whose doubled quotes were undone; see `TableCells.undoneMark`.
    ///   - starts: where each cell starts.
    ///   - lengths: how many bytes it has.
    ///   - firstCells: the first cell of each row, or `TableCells.leftOut`.
    ///   - isBare: see `TableCells`.
    package init(
        bytes: [UInt8], undone: [UInt8], starts: [UInt32], lengths: [UInt32], firstCells: [Int], isBare: Bool = false
    ) {
        self.bytes = bytes
        self.undone = undone
        self.starts = starts
        self.lengths = lengths
        self.firstCells = firstCells
        self.isBare = isBare
    }

    /// Lends the cells to `body`.
    package func withCells<Result>(_ body: (TableCells) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            undone.withUnsafeBufferPointer { undone in
                starts.withUnsafeBufferPointer { starts in
                    lengths.withUnsafeBufferPointer { lengths in
                        firstCells.withUnsafeBufferPointer { firstCells in
                            body(
                                TableCells(
                                    bytes: bytes, undone: undone, starts: starts, lengths: lengths,
                                    firstCells: firstCells, isBare: isBare))
                        }
                    }
                }
            }
        }
    }
}
