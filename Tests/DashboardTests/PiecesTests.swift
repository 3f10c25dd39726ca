import Dashboard
import EventModel
import Testing

@Suite struct PiecesTests {
    @Test func `a table has a caption, and heads with their scope`() {
        let html = Pieces.table("Fish", [.text("Name"), .number("Size")], [["<b>&", "1"]]).text
        #expect(html.contains("<caption>Fish</caption>"))
        #expect(html.contains("<th scope=\"col\">Name</th><th scope=\"col\" class=\"number\">Size</th>"))
        #expect(html.contains("<td class=\"number\">1</td>"))
        let typed = "<b>&"
        #expect(Pieces.table("x", [.text("y")], [["\(typed)"]]).text.contains("&lt;b&gt;&amp;"))
    }

    @Test(arguments: [("abc-._~", "abc-._~"), ("a/b ?", "a%2Fb%20%3F"), ("é\u{1}", "%C3%A9%01"), ("", "")])
    func `a part of a path holds any text`(text: String, part: String) { #expect(pathPart(text) == part) }

    @Test func `large amounts of money have no decimals`() throws {
        #expect(Pieces.money(9_999, "EUR").text == "9,999.00 <span class=\"unit\">EUR</span>")
        #expect(Pieces.money(12_345, nil).text == "12,345")
    }

    @Test func `charts of nothing are nothing, and others stay within their frame`() throws {
        #expect(Charts.sparkline([]).text.isEmpty && Charts.sparkline([1]).text.isEmpty)
        #expect(Charts.line("x", []).text.isEmpty && Charts.columns("x", [], []).text.isEmpty)
        for values in [[0, 0], [5, 5, 5], [0, 1_000_000, 3], [Int.max / 2, 1]] {
            let text = Charts.sparkline(values).text
            for match in text.matches(of: /[ML]([0-9.-]+) ([0-9.-]+)/) {
                let (x, y) = (try #require(Double(match.output.1)), try #require(Double(match.output.2)))
                #expect((0...100).contains(x) && (0...24).contains(y), "\(values)")
            }
            #expect(!text.contains("style="))
        }
    }

    @Test func `each asset has a path of its own, and both its forms say the same`() throws {
        let all = Assets.shared.all
        #expect(Set(all.map(\.name)).isSuperset(of: ["dashboard.css", "dashboard.js", "builder.js", "tree.js"]))
        #expect(Set(all.map(\.path)).count == all.count)
        for asset in all {
            #expect(asset.path.wholeMatch(of: /\/assets\/[a-z.]+-[0-9a-f]{16}\.(css|js)/) != nil)
            let bytes = try #require(asset.bytes)
            #expect(bytes.count > asset.gzipped.count || bytes.count < 100)
            let file = try #require(asset.path.split(separator: "/").last)
            #expect(Assets.shared.file(String(file))?.bytes == bytes)
        }
        #expect(Assets.shared.file("dashboard.css") == nil)
    }
}
