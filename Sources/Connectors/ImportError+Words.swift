extension ImportError: CustomStringConvertible {
    /// What happened, where, and what to do next, with the code.
    package var description: String { "\(words) [\(code)]" }

    private var words: String {
        switch self {
        case .noSuchFile(let path):
            "there is no file \(path); check the name"
        case .notAFile(let path):
            "\(path) is not a regular file; save what it gives to a file and import that"
        case .unreadable(let path, let reason):
            "\(path) can't be read: \(reason)"
        case .damagedGzip(let path, let reason):
            "\(path) is damaged gzip: \(reason); fetch the file again and import it again, "
                + "what was taken already is not taken twice"
        case .empty(let path):
            "\(path) is empty; export it again"
        case .notText(let path, let what, let advice):
            "\(path) is \(what), not text in UTF-8; \(advice)"
        case .unknownHeader(let path, let columns, let guess):
            Self.unknownHeaderWords(path, columns, guess)
        case .badHeader(let path, let reason):
            "the header of \(path) can't be read: \(reason)"
        case .ambiguousDates(let path, let column, let example):
            "\(path): dates such as \(example) in column \(column) may be day/month or month/day, and no row decides it; "
                + "say --map date_format=@dmy or --map date_format=@mdy"
        case .contradictoryDates(let path, let column):
            "\(path): some dates in column \(column) can only be day/month and others only month/day; "
                + "repair them, or say --map date_format=@dmy or @mdy and the others are rejected"
        case .nothingReadable(let path, let format, let rows, let reasons):
            "\(path) was taken for \(format), but none of its first \(rows) rows can be read; "
                + "nothing was stored. The first reasons:\n"
                + reasons.map { "  \($0)" }.joined(separator: "\n")
                + "\nif the columns were misunderstood, say --as or --map (see --dry-run)"
        case .badMapping(let pair, let reason):
            "--map \(pair): \(reason)"
        case .unknownColumn(let name, let mapping, let path, let columns):
            "--map \(mapping): \(path) has no column \(name)\(Self.nearestWords(name, columns)); "
                + "its columns: \(columns.joined(separator: ", "))"
        case .badOption(let name, let value, let reason):
            "\(name) \(value): \(reason)"
        case .cannotCreate(let path, let reason):
            "\(path) can't be created: \(reason)"
        case .cannotWrite(let path, let reason):
            "\(path) can't be written: \(reason)"
        }
    }

    private static func nearestWords(_ name: String, _ columns: [String]) -> String {
        nearest(to: name, among: columns).map { ", did you mean \($0)?" } ?? ""
    }

    private static func unknownHeaderWords(_ path: String, _ columns: [String], _ guess: NearestFormat?) -> String {
        var lines = ["\(path) is of no kind that Shoal knows by its header"]
        lines.append("  columns: \(columns.joined(separator: ", "))")
        if let guess {
            lines.append("  nearest: \(guess.title)")
            for fields in guess.missing {
                let names = fields.map(\.word).joined(separator: " or ")
                lines.append("  missing: \(names) (\(fields.first?.meaning ?? ""))")
            }
            let arguments = guess.suggestions.map { "--map \($0)" }.joined(separator: " ")
            lines.append("  try: shoal import \(path) --as \(guess.kind.rawValue) \(arguments) --dry-run")
        } else {
            lines.append("  say what it is with --as, and which columns hold what with --map FIELD=COLUMN")
        }
        return lines.joined(separator: "\n")
    }
}
