import Testing

@testable import Connectors

/// What users may meet is in `docs/import.md`.
@Suite struct DocumentationTests {
    private var page: String {
        get throws {
            var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
            parts.removeLast(3)
            let source = try FileSource(path: parts.joined(separator: "/") + "/docs/import.md")
            var bytes: [UInt8] = []
            while try source.read(into: &bytes, limit: 65_536) > 0 {}
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test func `every field, kind and code is in the documentation`() throws {
        let page = try page
        let errors: [ImportError] = [
            .noSuchFile(path: ""), .notAFile(path: ""), .unreadable(path: "", reason: ""),
            .damagedGzip(path: "", reason: ""),
            .empty(path: ""), .notText(path: "", what: "", advice: ""),
            .unknownHeader(path: "", columns: [], guess: nil),
            .badHeader(path: "", reason: ""), .ambiguousDates(path: "", column: "", example: ""),
            .contradictoryDates(path: "", column: ""), .nothingReadable(path: "", format: "", rows: 0, reasons: []),
            .badMapping("", reason: ""), .unknownColumn("", mapping: "", path: "", columns: []),
            .badOption(name: "", value: "", reason: ""), .cannotCreate(path: "", reason: ""),
            .cannotWrite(path: "", reason: ""),
        ]
        let words =
            Field.words + ImportKind.allCases.map(\.rawValue) + CSVProblem.allCases.map(\.rawValue) + errors.map(\.code)
        for word in words { #expect(page.contains("`\(word)`"), "\(word) is not in docs/import.md") }
        for format in Formats.all {
            for name in format.signature { #expect(page.contains("`\(name)`"), "\(name) is not in docs/import.md") }
        }
    }

    @Test func `every field has a name of its own and a meaning`() {
        #expect(Field.words.count == Field.allCases.count && Set(Field.words).count == Field.words.count)
        for field in Field.allCases { #expect(Field(word: field.word) == field && !field.meaning.isEmpty) }
    }
}
