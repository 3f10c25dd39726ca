/// Rows of text whose columns line up, also where characters are wide or take no room.
///
/// ```
/// name             size   share
/// loyal_customers  1,204  12.3 %
/// visitors            17   0.2 %
/// ```
struct Table: Sendable {
    enum Alignment: Sendable { case left, right }

    struct Column: Sendable {
        let title: String
        let alignment: Alignment
        /// May be cut when the terminal is too narrow.
        let isFlexible: Bool

        static func text(_ title: String, flexible: Bool = false) -> Column {
            Column(title: title, alignment: .left, isFlexible: flexible)
        }

        static func number(_ title: String) -> Column {
            Column(title: title, alignment: .right, isFlexible: false)
        }
    }

    struct Cell: Sendable, ExpressibleByStringLiteral {
        let text: String
        let tone: Style.Tone

        init(_ text: String, _ tone: Style.Tone = .plain) {
            self.text = printable(text)
            self.tone = tone
        }

        init(stringLiteral value: String) { self.init(value) }
    }

    let columns: [Column]
    private(set) var rows: [[Cell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; cells that are missing at its end are blank.
    mutating func append(_ cells: [Cell]) { rows.append(cells) }

    /// The table, one line a row, each line ended; nothing at all without rows.
    ///
    /// - Parameters:
    ///   - width: cells there are; flexible columns give way first. Nil: as wide as it comes.
    ///   - indent: blanks before each line.
    func text(width: Int? = nil, indent: Int = 0, style: Style = .plain) -> String {
        guard !rows.isEmpty else { return "" }
        let widths = fittedWidths(into: width.map { $0 - indent })
        let hasTitles = columns.contains { !$0.title.isEmpty }
        let header = columns.map { Cell($0.title, .dim) }
        return ((hasTitles ? [header] : []) + rows)
            .map { String(repeating: " ", count: indent) + line($0, widths: widths, style: style) + "\n" }
            .joined()
    }

    private func line(_ cells: [Cell], widths: [Int], style: Style) -> String {
        var result = ""
        var pendingBlanks = 0
        for (index, width) in widths.enumerated() {
            let cell = index < cells.count ? cells[index] : Cell("")
            let text = shortened(cell.text, to: width)
            let missing = width - displayWidth(of: text)
            if columns[index].alignment == .right { pendingBlanks += missing }
            if !text.isEmpty {
                result += String(repeating: " ", count: pendingBlanks) + style.text(text, cell.tone)
                pendingBlanks = 0
            }
            if columns[index].alignment == .left { pendingBlanks += missing }
            pendingBlanks += Self.gap
        }
        return result
    }

    private static let gap = 2
    private static let narrowestFlexible = 8

    private func fittedWidths(into available: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(displayWidth(of: columns[index].title)) { widest, row in
                index < row.count ? max(widest, displayWidth(of: row[index].text)) : widest
            }
        }
        guard let available else { return widths }
        var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - available
        while excess > 0 {
            let candidates = widths.indices.filter { columns[$0].isFlexible && widths[$0] > Self.narrowestFlexible }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
