/// What keeps a file from being imported. Rows that are bad do not; they are rejected one by one.
package enum ImportError: Error, Hashable, Sendable {
    // The file.
    case noSuchFile(path: String)
    case notAFile(path: String)
    case unreadable(path: String, reason: String)
    case damagedGzip(path: String, reason: String)
    case empty(path: String)
    /// UTF-16, a workbook, a picture: bytes that are no text Shoal reads. `what` names it.
    case notText(path: String, what: String, advice: String)

    // What is in it.
    case unknownHeader(path: String, columns: [String], guess: NearestFormat?)
    case badHeader(path: String, reason: String)
    case ambiguousDates(path: String, column: String, example: String)
    case contradictoryDates(path: String, column: String)
    /// Every one of the first rows was rejected; `reasons` are the first of them.
    case nothingReadable(path: String, format: String, rows: Int, reasons: [String])

    // What was asked for.
    case badMapping(String, reason: String)
    case unknownColumn(String, mapping: String, path: String, columns: [String])
    case badOption(name: String, value: String, reason: String)

    // Where it goes to.
    case cannotCreate(path: String, reason: String)
    case cannotWrite(path: String, reason: String)

    /// The format a header comes nearest to, and how to complete it.
    package struct NearestFormat: Hashable, Sendable {
        package var kind: ImportKind
        package var title: String
        /// Each: one of these fields is needed.
        package var missing: [[Field]]
        /// `--map` arguments that would make it fit, as far as the first rows tell.
        package var suggestions: [String]
    }
}

extension ImportError {
    /// The stable code.
    package var code: String {
        switch self {
        case .noSuchFile: "no-such-file"
        case .notAFile: "not-a-file"
        case .unreadable: "unreadable-file"
        case .damagedGzip: "damaged-gzip"
        case .empty: "empty-file"
        case .notText: "not-a-text-file"
        case .unknownHeader: "unknown-header"
        case .badHeader: "bad-header"
        case .ambiguousDates: "ambiguous-dates"
        case .contradictoryDates: "contradictory-dates"
        case .nothingReadable: "nothing-readable"
        case .badMapping: "bad-mapping"
        case .unknownColumn: "unknown-column"
        case .badOption: "bad-option"
        case .cannotCreate: "cannot-create"
        case .cannotWrite: "cannot-write"
        }
    }

    /// As in sysexits: 64 usage, 65 data, 66 no input, 73 can't create, 74 disk.
    package var exitCode: Int32 {
        switch self {
        case .badMapping, .unknownColumn, .badOption: 64
        case .damagedGzip, .empty, .notText, .unknownHeader, .badHeader, .ambiguousDates, .contradictoryDates,
            .nothingReadable:
            65
        case .noSuchFile, .notAFile: 66
        case .cannotCreate: 73
        case .unreadable, .cannotWrite: 74
        }
    }
}
