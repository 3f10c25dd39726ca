import EventModel

/// The beginning of a table as a person sees it: its columns, and what stands in them; also of one that nobody understands yet.
package struct FileGlance: Sendable {
    /// What the cells of a column look like.
    package enum Kind: String, CaseIterable, Sendable {
        case empty, number, time, address, yesOrNo, text

        /// In words.
        package var words: String {
            switch self {
            case .empty: "empty"
            case .number: "numbers"
            case .time: "times"
            case .address: "e-mail addresses"
            case .yesOrNo: "yes or no"
            case .text: "text"
            }
        }
    }

    package struct Column: Sendable {
        package let name: String
        package let kind: Kind
        /// The first different cells that are not empty.
        package let examples: [String]
        /// Of the rows that were looked at, those in which it is empty.
        package let emptyRows: Int
    }

    package let columns: [Column]
    /// How many rows were looked at.
    package let rows: Int

    private static let rowsLookedAt = 200
    private static let examples = 3

    /// Nil for JSON Lines. Throws for what is no table.
    package init?(path: String, sampleBytes: Int = 1024 * 1024) throws(ImportError) {
        let sample = try Sample(path: path, count: sampleBytes)
        guard case .table(let dialect) = try sample.content(knownKeys: Formats.knownKeys) else { return nil }
        let header = try sample.header(dialect)
        let rows = try sample.rows(dialect, limit: Self.rowsLookedAt)
        self.rows = rows.count
        columns = header.names.indices.map { index in
            let cells = rows.map { trimmed($0.string(index)) }
            let filled = cells.filter { !$0.isEmpty }
            var examples: [String] = []
            for cell in filled where examples.count < Self.examples {
                let example = excerpt(ArraySlice(cell.utf8))
                if !examples.contains(example) { examples.append(example) }
            }
            return Column(
                name: header.names[index], kind: Self.kind(of: filled), examples: examples,
                emptyRows: cells.count - filled.count)
        }
    }

    /// Of a hundred cells so many have to look alike: a few are bad in most files.
    private static let enough = 90

    /// What the cells look like.
    static func kind(of cells: [String]) -> Kind {
        guard !cells.isEmpty else { return .empty }
        func most(_ isOne: (String) -> Bool) -> Bool { 100 * cells.count(where: isOne) >= enough * cells.count }
        let words: Set<String> = ["true", "false", "yes", "no"]
        if most({ words.contains($0.lowercased()) }) { return .yesOrNo }
        if [DecimalMark.point, .comma].contains(where: { mark in most { NumberReader(mark: mark).isAmount($0) } }) {
            return .number
        }
        if most({ TimeText(Text($0), spaceBeforeOffset: true) != nil || LooseTime($0)?.date != nil }) { return .time }
        return most { $0.contains("@") } ? .address : .text
    }
}

extension NumberReader {
    /// Whether a cell looks like a number or an amount to somebody who does not know what the column is. `o-17` could be read as
    /// one too, with a currency before it, but is more likely an id.
    func isAmount(_ cell: String) -> Bool {
        let letters = cell.unicodeScalars.count { $0.properties.isAlphabetic }
        return number(ArraySlice(cell.utf8)) != nil
            && (letters == 0 || !cell.contains("-") && letters <= 3)
    }
}
