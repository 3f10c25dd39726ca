import EventModel
import SegmentLanguage
import Testing

/// The page for users says nothing that is not so.
@Suite struct `The language page is true` {
    struct Block: Sendable {
        var language: String
        var text: String
        var line: Int
    }

    static let blocks: [Block] = {
        var blocks: [Block] = []
        var open: Block?
        let lines = (try? packageFile("docs/segment-language.md"))?.split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in (lines ?? []).enumerated() {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(block)
                    open = nil
                } else {
                    open = Block(language: String(line.dropFirst(3)), text: "", line: index + 2)
                }
            } else {
                open?.text += line + "\n"
            }
        }
        return blocks
    }()

    @Test func `every example is sound, and canonical`() throws {
        let files = Self.blocks.filter { $0.language == "shoal" }.map { Parser.parse($0.text, file: "line \($0.line)") }
        #expect(files.count >= 15)
        let (program, diagnostics) = Binder.bind(files)
        #expect(
            diagnostics.isEmpty, "\(diagnostics.map { "\($0.file ?? "") + \($0.range.start.line): \($0.message)" })")
        #expect(program.definitions.count == files.reduce(0) { $0 + $1.definitions.count })
        for file in files {
            let formatted = try #require(Printer.text(of: file))
            #expect(Parser.parse(formatted).definitions == file.definitions)
        }
    }

    @Test func `every problem shown is the one reported`() {
        let shown = Self.blocks.filter { $0.language == "shoal-wrong" || $0.language == "text" }
        #expect(shown.count >= 6)
        for (wrong, output) in zip(shown, shown.dropFirst()) where wrong.language == "shoal-wrong" {
            #expect(DiagnosticRenderer.text(diagnostics(wrong.text), source: wrong.text) == output.text)
        }
    }

    @Test func `the JSON shown is the JSON form of the text shown`() throws {
        let json = try #require(Self.blocks.first { $0.language == "json" })
        let definition = try definition("segment buyers: did \"Order Completed\" at least 2 times")
        #expect(try JSONForm.parse(Array(json.text.utf8)) == [definition])
        #expect(try JSONReader.parse(json.text) == JSONForm.encode(definition))
    }

    @Test func `every code is listed with its severity and meaning`() throws {
        let page = try packageFile("docs/segment-language.md")
        for code in DiagnosticCode.allCases {
            let row = "| `\(code.rawValue)` | \(code.severity.rawValue) | \(code.explanation) |\n"
            #expect(page.contains(row), "\(row)")
        }
    }

    @Test func `the limits are the ones checked`() throws {
        let page = try packageFile("docs/segment-language.md")
        for number in [
            Limits.conditions.value, Limits.nesting.value, LanguageLimits.operators, Limits.literalElements.value,
            Limits.regexCharacters.value, Limits.definitions.value,
        ] {
            let text = number < 1_000 ? "\(number)" : "\(number / 1_000),000"
            #expect(page.contains("| \(text) |"))
        }
        #expect(Limits.definitionFileBytes.value == 4 * 1024 * 1024)
    }

    @Test func `every word of the language stands on the page`() throws {
        let page = try packageFile("docs/segment-language.md")
        for word in Words.reservedForMetrics where !word.hasPrefix("local_") {
            let plural = word + "s"
            #expect(page.contains(word) || page.contains(plural), "\(word)")
        }
    }
}
