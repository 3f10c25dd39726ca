/// How a file separates its cells.
package struct CSVDialect: Hashable, Sendable {
    /// One ASCII byte.
    package var delimiter: UInt8
    /// `"`; nil where quotes have no meaning.
    package var quote: UInt8?
    /// The longest record in bytes, its line breaks inside quotes included, its own line break not.
    package var recordBytesMax: Int

    package init(delimiter: UInt8, quote: UInt8? = UInt8(ascii: "\""), recordBytesMax: Int = 1 << 20) {
        self.delimiter = delimiter
        self.quote = quote
        self.recordBytesMax = max(1, recordBytesMax)
    }

    package static let comma = CSVDialect(delimiter: UInt8(ascii: ","))
    package static let semicolon = CSVDialect(delimiter: UInt8(ascii: ";"))
    package static let tab = CSVDialect(delimiter: UInt8(ascii: "\t"))

    /// One record a line, one cell a record: JSON Lines.
    package static let lines = CSVDialect(delimiter: UInt8(ascii: "\n"), quote: nil)

    /// The delimiters a file is tried with, likeliest first.
    package static let candidates: [CSVDialect] = [.comma, .semicolon, .tab]

    /// `comma`, `semicolon`, `tab`.
    package var delimiterName: String {
        switch delimiter {
        case UInt8(ascii: ","): "comma"
        case UInt8(ascii: ";"): "semicolon"
        case UInt8(ascii: "\t"): "tab"
        default: "line break"
        }
    }
}
