package import EventModel
import EventStore

/// One kind of file: how it is recognised, and what its rows mean.
///
/// Each format has a file of its own in this folder; `Formats.all` lists them.
package protocol Format: Sendable {
    /// The value of `--as` it belongs to.
    static var kind: ImportKind { get }
    /// As people call it: `Shopify orders`.
    static var title: String { get }
    /// The name space of its message ids, and part of the source its messages come from.
    static var namespace: Text { get }
    /// Columns that only this format has; it is recognised when all are there. Empty: `requirements` are enough.
    static var signature: [String] { get }
    /// Each: one of these fields must be there.
    static var requirements: [[Field]] { get }
    static var rules: [FieldRule] { get }
    /// What else must be so for the header to be recognised. Of formats without a signature it is asked only when
    /// nobody said `--as`.
    static func fits(_ columns: ColumnMap) -> Bool
    /// Whether columns that no field wants are kept as properties.
    static var keepsOtherColumns: Bool { get }
    /// What `10/02/2025` means when no row of the file decides it; nil: the person is asked.
    static var usualDayOrder: DayOrder? { get }

    init(context: FormatContext)

    /// What rows must share to be one order, appended to `key`; false for formats in which each row stands alone.
    ///
    /// Throws when the row lacks it.
    func appendGroupKey(of row: CSVRow, to key: inout [UInt8]) throws(RowProblem) -> Bool

    /// Makes facts of one row, or of all rows that share a key, in the order of the file.
    func decode(_ rows: ArraySlice<CSVRow>, into decoded: inout DecodedRows)
}

extension Format {
    package static var signature: [String] { [] }
    package static func fits(_ columns: ColumnMap) -> Bool { true }
    package static var keepsOtherColumns: Bool { true }
    package static var usualDayOrder: DayOrder? { nil }
    package func appendGroupKey(of row: CSVRow, to key: inout [UInt8]) throws(RowProblem) -> Bool { false }
}

/// What a format needs to know of a file to read its rows.
///
/// A class, because every row refers to it.
package final class FormatContext: Sendable {
    package let columns: ColumnMap
    package let times: TimeReader
    package let numbers: NumberReader
    /// Of amounts without a currency of their own; nil: they stay without.
    package let currency: Text?
    /// When the import takes place; the time of facts that have none.
    package let importedAt: Timestamp

    package init(
        columns: ColumnMap, times: TimeReader, numbers: NumberReader, currency: Text?, importedAt: Timestamp
    ) {
        self.columns = columns
        self.times = times
        self.numbers = numbers
        self.currency = currency
        self.importedAt = importedAt
    }

    package func cells(of row: CSVRow) -> Cells { Cells(row: row, context: self) }
}

/// One row, by fields.
package struct Cells: Sendable {
    package let row: CSVRow
    package let context: FormatContext

    /// The cell without white space at its ends; nil when it is empty or there is no such column.
    package func text(_ field: Field) -> Text? {
        if let column = context.columns.column(field) { return text(at: column) }
        return context.columns.constants[field].flatMap { $0.isEmpty ? nil : Text($0) }
    }

    package func text(at column: Int) -> Text? {
        let cell = row[column]
        guard let first = cell.first, let last = cell.last else { return nil }
        let string = String(decoding: cell, as: UTF8.self)
        if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return Text(string) }
        let short = trimmed(string)
        return short.isEmpty ? nil : Text(short)
    }

    /// The number of a cell; nil when the cell is empty.
    package func number(_ field: Field) throws(RowProblem) -> Decimal128? {
        guard let column = context.columns.column(field) else {
            guard let constant = context.columns.constants[field] else { return nil }
            return try number(ArraySlice(constant.utf8), name: field.word)
        }
        return try number(row[column], name: context.columns.header.names[column])
    }

    private func number(_ cell: ArraySlice<UInt8>, name: String) throws(RowProblem) -> Decimal128? {
        if let number = context.numbers.number(cell) { return number }
        if cell.allSatisfy({ $0 <= 0x20 }) { return nil }
        throw RowProblem("bad-number", "\(name) is no number: \(excerpt(cell))")
    }

    /// The time of a cell; nil when the cell is empty.
    package func time(_ field: Field, clock: Field? = nil) throws(RowProblem) -> Timestamp? {
        guard let text = text(field) else { return nil }
        if let time = context.times.time(text, clock: clock.flatMap(self.text)) { return time }
        throw RowProblem("bad-time", "\(name(of: field)) is no time: \(excerpt(ArraySlice(text.utf8)))")
    }

    /// Like `text`, for what a row must have.
    package func required(_ field: Field) throws(RowProblem) -> Text {
        if let text = text(field) { return text }
        throw RowProblem("missing-value", "\(name(of: field)) is empty")
    }

    package func requiredTime(_ field: Field, clock: Field? = nil) throws(RowProblem) -> Timestamp {
        if let time = try time(field, clock: clock) { return time }
        throw RowProblem("missing-value", "\(name(of: field)) is empty")
    }

    /// The column's name, or the field's when it has none.
    package func name(of field: Field) -> String {
        context.columns.column(field).map { context.columns.header.names[$0] } ?? field.word
    }

    /// The columns no field wants, as properties; empty cells are left out.
    package func extras() -> [JSONObject.Member] {
        var members: [JSONObject.Member] = []
        append(context.columns.extras, to: &members)
        return members
    }

    /// Appends some columns as properties; empty cells are left out.
    package func append(_ extras: [ColumnMap.Extra], to members: inout [JSONObject.Member]) {
        for extra in extras {
            guard let text = text(at: extra.column) else { continue }
            members.append((extra.name, extra.staysText ? .string(text) : LiteralCell.value(text)))
        }
    }
}

/// The beginning of a cell, for people to see.
func excerpt(_ cell: ArraySlice<UInt8>) -> String {
    let text = String(decoding: cell.prefix(60), as: UTF8.self)
    return cell.count > 60 ? text + "…" : text
}
