import EventStore

extension CSVBatch {
    /// The cells of good records; those of bad ones are left out.
    var table: Table {
        Table(
            bytes: bytes, undone: unescaped, starts: starts, lengths: lengths,
            firstCells: records.map { $0.problem == nil ? $0.firstCell : TableCells.leftOut }, isBare: isBare)
    }
}
