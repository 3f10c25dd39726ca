import EventModel
import SegmentLanguage
import Testing

@Suite struct `Diagnostics are shown to people and programs` {
    @Test func `the line, a caret and a suggestion`() {
        var names = WorkspaceNames()
        names.observe(event: "Order Completed", properties: JSONObject())
        let text = "segment a:\n  did \"Order Compleated\" at least 2 times in last 30 days\n"
        let found = Binder.bind([Parser.parse(text, file: "shop.shoal")], workspace: names).diagnostics
        #expect(
            DiagnosticRenderer.text(found, source: text) == """
                warning: no event is called "Order Compleated" in this workspace          [unknown-event]
                  shop.shoal:2:7
                    did "Order Compleated" at least 2 times in last 30 days
                        ^~~~~~~~~~~~~~~~~~ did you mean "Order Completed"?

                """)
    }

    @Test func `several, with help, and without a file`() {
        let text = "segment a: did\nmetric sum: 5 # \u{202E}x"
        #expect(
            DiagnosticRenderer.text(diagnostics(text), source: text) == """
                error: expected an event, found the end of the definition                 [syntax-error]
                  line 1
                  segment a: did
                                ^
                  help: a name in quotes, any of (…), any event, events like "…" or visit

                error: a metric cannot be called `sum`: it is a function of the language  [reserved-name]
                  line 2
                  metric sum: 5 #  x
                         ^~~ did you mean my_sum?

                """)
    }

    @Test func `columns count scalars, tabs count one and long lines are cut`() {
        let text = "segment a: did \"日本🛒\"\tat lest 2 times"
        let shown = DiagnosticRenderer.text(diagnostics(text), source: text).split(separator: "\n")
        #expect(shown[2] == "  segment a: did \"日本🛒\" at lest 2 times")
        #expect(shown[3] == "                          ^~~~ did you mean least?")
        let long = "segment a: did \"A\"" + String(repeating: " and did \"A\"", count: 50) + " at lest 2 times"
        let lines = DiagnosticRenderer.text(diagnostics(long), source: long).split(separator: "\n")
        #expect(lines[2].count < 150)
        let caret = lines[3].firstIndex(of: "^").map { lines[3].distance(from: lines[3].startIndex, to: $0) } ?? 0
        #expect(lines[2].dropFirst(caret).hasPrefix("lest"))
    }

    @Test func `programs get JSON`() {
        let found = Binder.bind([Parser.parse("segment a: in segment b", file: "x.shoal")]).diagnostics
        #expect(
            JSONWriter.text(of: DiagnosticRenderer.json(found)) == """
                {"diagnostics":[{"severity":"error","code":"unknown-segment",\
                "message":"there is no segment called `b`","file":"x.shoal","line":1,"column":23,"endLine":1,\
                "endColumn":24}]}
                """)
        let fromTree = Diagnostic(.cycle, "x", at: .none, suggestion: "y")
        #expect(
            JSONWriter.text(of: DiagnosticRenderer.json(fromTree))
                == "{\"severity\":\"error\",\"code\":\"cycle\",\"message\":\"x\",\"suggestion\":\"y\"}")
    }

    @Test func `codes are stable words with one sentence each`() {
        for code in DiagnosticCode.allCases {
            #expect(
                code.rawValue.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) }
            )
            #expect(code.explanation.hasSuffix(".") && code.explanation.count > 20)
        }
    }

    @Test func `likely spellings are found`() {
        #expect(
            Spelling.closest(to: "Order Compleated", among: ["Order Completed", "Order Cancelled"]) == "Order Completed"
        )
        #expect(Spelling.closest(to: "revenu", among: ["revenue", "value"]) == "revenue")
        #expect(Spelling.closest(to: "x", among: ["price", "y"]) == nil)
        #expect(Spelling.closest(to: "colour", among: ["price", "quantity"]) == nil)
        #expect(Spelling.distance("abcd", "acbd") == 1)
        #expect(Spelling.distance("", "abc") == 3)
        #expect(Spelling.distance("kitten", "sitting") == 3)
    }
}
