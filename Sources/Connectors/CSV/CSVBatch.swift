import EventStore

/// Some whole records of a CSV file, with the bytes they came from.
///
/// Immutable, so one thread may split a file while another makes events of what it split.
package final class CSVBatch: Sendable {
    /// The piece of the file the records lie in.
    let bytes: [UInt8]
    /// Cells whose doubled quotes had to be undone.
    let unescaped: [UInt8]
    /// Per cell: offset into `bytes`, or, with `Self.unescapedMark` set, into `unescaped`.
    let starts: [UInt32]
    /// Per cell: its length in bytes.
    let lengths: [UInt32]
    let records: [Record]
    /// Whether the records lie one after the other, none of their cells quoted, each with a line feed behind it.
    let isBare: Bool

    static let unescapedMark = TableCells.undoneMark

    struct Record: Sendable {
        var line: Int
        var rawStart: Int
        var rawEnd: Int
        var firstCell: Int
        var cellCount: Int
        var problem: CSVProblem?
    }

    init(
        bytes: [UInt8], unescaped: [UInt8], starts: [UInt32], lengths: [UInt32], records: [Record], isBare: Bool = false
    ) {
        self.bytes = bytes
        self.unescaped = unescaped
        self.starts = starts
        self.lengths = lengths
        self.records = records
        self.isBare = isBare
    }

    /// Good and bad records, in the order of the file.
    package var rows: some RandomAccessCollection<CSVRow> {
        records.indices.lazy.map { CSVRow(batch: self, index: $0) }
    }

    /// How many records, the bad ones included.
    package var count: Int { records.count }

    package subscript(index: Int) -> CSVRow { CSVRow(batch: self, index: index) }
}

/// Why a record can't be split into the cells its header promises.
package enum CSVProblem: String, Hashable, Sendable, CaseIterable {
    case tooFewCells = "too-few-cells"
    case tooManyCells = "too-many-cells"
    /// A quoted cell goes on after its closing quote.
    case malformedQuote = "malformed-quote"
    /// A quote is opened and not closed before the end of the file or the longest record.
    case unterminatedQuote = "unterminated-quote"
    case recordTooLong = "record-too-long"
    case invalidUTF8 = "invalid-utf8"
    case nulByte = "nul-byte"
}

/// One record of a batch.
package struct CSVRow: Sendable {
    let batch: CSVBatch
    let index: Int

    var record: CSVBatch.Record { batch.records[index] }

    /// The physical line the record starts on, the first of the file being 1.
    package var line: Int { record.line }
    /// Why the row has no cells one may trust; nil for a good row.
    package var problem: CSVProblem? { record.problem }
    /// How many cells; a bad row has none unless only their number is wrong.
    package var count: Int { record.cellCount }
    /// The record as it stands in the file, without its line break; only the beginning of one that is too long.
    package var raw: ArraySlice<UInt8> { batch.bytes[record.rawStart..<record.rawEnd] }

    /// The bytes of a cell, quotes undone; empty for an index the row does not have.
    package subscript(cell: Int) -> ArraySlice<UInt8> {
        let record = self.record
        guard cell >= 0, cell < record.cellCount else { return [] }
        let start = batch.starts[record.firstCell + cell]
        let length = Int(batch.lengths[record.firstCell + cell])
        guard start & CSVBatch.unescapedMark == 0 else {
            let offset = Int(start & ~CSVBatch.unescapedMark)
            return batch.unescaped[offset..<(offset + length)]
        }
        return batch.bytes[Int(start)..<(Int(start) + length)]
    }

    /// A cell as text; good rows are valid UTF-8.
    package func string(_ cell: Int) -> String { String(decoding: self[cell], as: UTF8.self) }

    /// All cells as text.
    package var strings: [String] { (0..<count).map(string) }
}
