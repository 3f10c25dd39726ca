import EventModel
import SegmentLanguage
import Testing

@Suite struct `Past a limit there is a clear error` {
    func codes(_ text: String) -> [DiagnosticCode] { diagnostics(text).map(\.code) }

    @Test(arguments: [
        ("(", "did \"A\"", ")"), ("not ", "did \"A\"", ""), ("for some x: ", "did \"A\"", ""),
        ("not (", "did \"A\"", ")"), ("(", "1", ") = 1"), ("-(", "5", ")"),
    ])
    func `nesting stops at 32`(_ open: String, _ core: String, _ close: String) {
        let each = open.hasPrefix("not (") || open.hasPrefix("-(") ? 2 : 1
        func nest(_ count: Int) -> String {
            let end =
                close == ") = 1"
                ? String(repeating: ")", count: count) + " = 1" : String(repeating: close, count: count)
            let tail = open == "-(" ? " < 5" : ""
            return "segment s: " + String(repeating: open, count: count) + core + end + tail
        }
        #expect(codes(nest(32 / each)).isEmpty)
        #expect(codes(nest(32 / each + 1)) == [.tooDeep])
        #expect(codes(nest(10_000)) == [.tooDeep])
    }

    @Test func `items and calls nest no deeper`() {
        func items(_ count: Int) -> String {
            "segment s: did \"A\" where " + String(repeating: "any item (", count: count) + "products.x = 1"
                + String(repeating: ")", count: count)
        }
        #expect(codes(items(32)).isEmpty)
        #expect(codes(items(33)) == [.tooDeep])
        let calls = String(repeating: "hour(", count: 5_000) + "now" + String(repeating: ")", count: 5_000)
        #expect(codes("metric m: \(calls)") == [.tooDeep])
        #expect(codes("metric m: \(String(repeating: "-", count: 5_000))now") == [.tooDeep])
    }

    @Test func `unclosed parentheses without end are no trap`() {
        let file = Parser.parse("segment s: " + String(repeating: "(", count: 20_000))
        #expect(file.diagnostics.map(\.code) == [.tooDeep])
    }

    @Test func `a definition has at most 500 conditions`() {
        func joined(_ count: Int, _ make: (Int) -> String) -> String {
            (0..<count).map(make).joined(separator: " or ")
        }
        #expect(codes("segment s: " + joined(500) { "did \"A\($0)\"" }).isEmpty)
        #expect(codes("segment s: " + joined(501) { "did \"A\($0)\"" }) == [.tooManyConditions])
        #expect(codes("segment s: did \"A\" where (" + joined(500) { "x = \($0)" } + ")").isEmpty)
        #expect(codes("segment s: did \"A\" where (" + joined(501) { "x = \($0)" } + ")") == [.tooManyConditions])
        #expect(codes("segment s: " + joined(500) { "did \"A\" where x = \($0)" }).isEmpty)
        #expect(codes("segment s: " + joined(10_000) { _ in "did \"A\"" }) == [.tooManyConditions])
    }

    @Test func `a definition has at most 200 arithmetic operators`() {
        #expect(codes("metric m: 1" + String(repeating: " + 1", count: 200)).isEmpty)
        #expect(codes("metric m: 1" + String(repeating: " + 1", count: 201)) == [.tooManyOperators])
        #expect(codes("metric m: 1" + String(repeating: " * 1", count: 50_000)) == [.tooManyOperators])
    }

    @Test func `a list has at most 10000 elements`() {
        func list(_ count: Int) -> String { (0..<count).map(String.init).joined(separator: ", ") }
        #expect(codes("segment s: trait.x in (\(list(10_000)))").isEmpty)
        #expect(codes("segment s: trait.x in (\(list(10_001)))") == [.tooManyElements])
        let names = (0..<10_001).map { "\"A\($0)\"" }.joined(separator: ", ")
        #expect(codes("segment s: did any of (\(names))") == [.tooManyElements])
    }

    @Test func `a workspace has at most 10000 definitions, the others are left out`() {
        let text = (0...10_000).map { "segment s\($0): did \"A\"" }.joined(separator: "\n")
        let (program, diagnostics) = Binder.bind([Parser.parse(text)])
        #expect(diagnostics.map(brief) == ["10001:9 too-many-definitions"])
        #expect(program.definitions.count == 10_000)
    }

    @Test func `a regular expression has at most 1000 characters`() {
        #expect(codes("segment s: trait.x matches \"\(String(repeating: "é", count: 1_000))\"").isEmpty)
        #expect(
            codes("segment s: trait.x matches \"\(String(repeating: "a", count: 1_001))\"") == [.patternTooLong])
    }

    @Test func `a text too large is refused as a whole`() {
        #expect(codes(String(repeating: "# a long comment\n", count: 300_000)) == [.fileTooLarge])
    }

    @Test func `thousands of problems are cut short`() {
        let text = (0..<3_000).map { "segment s\($0): did" }.joined(separator: "\n")
        let found = Parser.parse(text).diagnostics
        #expect(found.count == 1_001)
        #expect(found.last?.code == .tooManyProblems)
    }
}
