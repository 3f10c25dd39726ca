import Testing

@testable import Connectors

@Suite struct FileGlanceTests {
    @Test(arguments: [
        (["1", "2.5", "-3", "1,234.50"], FileGlance.Kind.number), (["12 €", "US$ 3", "4 EUR"], .number),
        (["o-1", "o-2"], .text), (["cust-17"], .text), (["2026-01-01", "2 Jan 2026"], .time),
        (["a@b.example"], .address),
        (["yes", "No", "TRUE"], .yesOrNo), (["x", "1"], .text), ([], .empty),
        (Array(repeating: "7", count: 19) + ["oops"], .number), (Array(repeating: "7", count: 5) + ["oops"], .text),
    ]) func `what cells look like is told by most of them`(cells: [String], kind: FileGlance.Kind) {
        #expect(FileGlance.kind(of: cells) == kind)
    }

    @Test func `columns are told with examples, also of a table that nobody understands`() throws {
        let scratch = Scratch()
        let path = scratch.write("Nr;Betrag;Leer\n1;2,50;\n1;3,00;\n2;;\n")
        let glance = try #require(try FileGlance(path: path))
        #expect(glance.rows == 3 && glance.columns.map(\.name) == ["Nr", "Betrag", "Leer"])
        #expect(glance.columns.map(\.kind) == [.number, .number, .empty])
        #expect(glance.columns[0].examples == ["1", "2"] && glance.columns[1].emptyRows == 1)
        #expect(try FileGlance(path: scratch.write("{\"type\": \"track\"}\n", as: "lines")) == nil)
        #expect(throws: ImportError.self) { try FileGlance(path: scratch.write("", as: "none")) }
    }
}
