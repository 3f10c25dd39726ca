package import Connectors

/// Why a file cannot be imported, and what would help, for somebody who looks at a page.
package struct ImportProblem: Sendable {
    /// Stable; see `docs/errors.md`.
    package let code: String
    package let what: String
    package let help: String

    package init(code: String, _ what: String, help: String = "") {
        self.code = code
        self.what = what
        self.help = help
    }

    /// In one piece.
    package var text: String { help.isEmpty ? what : "\(what) \(help)" }

    /// - Parameter file: its name; what the server calls it while it waits is nobody's business.
    package init(_ error: ImportError, file: String) {
        let (what, help) = Self.words(error, "“\(file)”")
        self.init(code: error.code, what, help: help)
    }

    private static func words(_ error: ImportError, _ file: String) -> (what: String, help: String) {
        switch error {
        case .noSuchFile, .notAFile, .unreadable:
            ("\(file) cannot be read on the server.", "Send it again.")
        case .damagedGzip(_, let reason):
            (
                "\(file) is damaged gzip: \(reason).",
                "Fetch it again and send it again; what was taken already is not taken twice."
            )
        case .empty: ("\(file) is empty.", "Export it again, and send what comes.")
        case .notText(_, let what, let advice):
            ("\(file) is \(what), not text in UTF-8.", "\(advice.capitalizedFirst).")
        case .badHeader(_, let reason): ("The first line of \(file) cannot be read: \(reason).", "")
        case .unknownHeader(_, _, let guess): unknownHeader(file, guess)
        case .ambiguousDates(_, let column, let example):
            (
                "Dates such as \(example) in the column “\(column)” may be day/month or month/day, and no row decides it.",
                "Choose how dates are written, below."
            )
        case .contradictoryDates(_, let column):
            (
                "Some dates in the column “\(column)” can only be day/month, others only month/day.",
                "Repair them; or choose how dates are written, below, and the others are rejected."
            )
        case .nothingReadable(_, let format, let rows, let reasons):
            (
                "\(file) was taken for \(format), but none of its first \(rows) rows can be read: "
                    + reasons.joined(separator: "; ") + ".",
                "Say below what the file is about and what its columns hold. Is it in UTF-8?"
            )
        case .badMapping(let pair, let reason): ("“\(pair)” cannot be: \(reason).", "")
        case .unknownColumn(let name, _, _, _): ("\(file) has no column “\(name)”.", "")
        case .badOption(let name, let value, let reason): ("\(name) \(value): \(reason).", "")
        case .cannotCreate(_, let reason), .cannotWrite(_, let reason):
            ("The server cannot write what was rejected: \(reason).", "Look at the room on its disk, and try again.")
        }
    }

    private static func unknownHeader(_ file: String, _ guess: ImportError.NearestFormat?) -> (String, String) {
        guard let guess else {
            return (
                "\(file) is of no kind that Shoal knows by its columns.",
                "Say below what it is about, and which column holds what."
            )
        }
        let missing = guess.missing.map { fields in
            let names = fields.map { $0.word.replacing("_", with: " ") }.joined(separator: " or ")
            return "\(names) (\(fields.first?.meaning ?? ""))"
        }
        return (
            "\(file) is of no kind that Shoal knows by its columns. It comes nearest to \(guess.title); missing: "
                + missing.joined(separator: "; ") + ".",
            "Say below which column holds what; where it could be guessed, it is chosen already. Then look again. "
                + "If all cells stand in one column, save the file with commas, semicolons or tabs between them."
        )
    }
}
