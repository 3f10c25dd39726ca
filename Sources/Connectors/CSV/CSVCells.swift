import EventStore

extension CSVBatch {
    /// Lends the cells of good records to `body`; those of bad ones are left out.
    func withCells<Result>(_ body: (TableCells) -> Result) -> Result {
        let firstCells = records.map { $0.problem == nil ? $0.firstCell : TableCells.leftOut }
        return bytes.withUnsafeBufferPointer { bytes in
            unescaped.withUnsafeBufferPointer { unescaped in
                starts.withUnsafeBufferPointer { starts in
                    lengths.withUnsafeBufferPointer { lengths in
                        firstCells.withUnsafeBufferPointer { firstCells in
                            body(
                                TableCells(
                                    bytes: bytes, undone: unescaped, starts: starts, lengths: lengths,
                                    firstCells: firstCells))
                        }
                    }
                }
            }
        }
    }
}
