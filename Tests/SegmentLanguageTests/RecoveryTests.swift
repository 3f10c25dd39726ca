import EventModel
import SegmentLanguage
import Testing

@Suite struct `A broken definition disables only itself` {
    @Test func `all problems are reported at once`() {
        let text = """
            segment a: did "A" at lest 2 times and count("B") >> 5 or did 'C'
            segment b: did "B"
            Segment c: in segment nobody
            segment d revenue > 5
            segment e: sum(x off "A") > 5 and did "B" in last 7 dayz
            metric m: 5 +
            segment f: in segment b
            """
        let file = Parser.parse(text)
        #expect(
            file.diagnostics.map(brief) == [
                "1:23 syntax-error", "1:52 expected-value", "1:63 unexpected-character", "3:1 syntax-error",
                "4:11 syntax-error", "5:18 syntax-error", "5:53 syntax-error", "6:14 expected-value",
            ])
        #expect(file.definitions.map(\.name) == ["b", "f"])
        #expect(file.broken.map(\.name) == ["a", "c", "d", "e", "m"])
        #expect(Binder.bind([file]).program.definitions.map(\.name) == ["b", "f"])
    }

    @Test func `a definition without its colon does not swallow the next line`() {
        let file = Parser.parse("segment a did \"A\"\nsegment b did \"B\"\nsegment c: did \"C\"")
        #expect(file.diagnostics.map(brief) == ["1:11 syntax-error", "2:11 syntax-error"])
        #expect(file.definitions.map(\.name) == ["c"])
    }

    @Test func `stray text before and between definitions is reported`() {
        let file = Parser.parse("hello world\nsegment b: did \"B\" )\nsegment c: did \"C\"")
        #expect(file.diagnostics.map(brief) == ["1:1 syntax-error", "2:20 syntax-error"])
        #expect(file.definitions.map(\.name) == ["c"])
    }

    @Test func `users of a broken definition are named and left out, the others work`() {
        let text = """
            segment a: in segment b
            segment b: in segment c and did "A"
            segment c: count("A") > "five"
            segment d: did "D"
            segment e: in segment f
            segment f: did
            metric m: count("A" where x = )
            segment g: m > 5
            """
        let (program, diagnostics) = Binder.bind([Parser.parse(text)])
        #expect(
            diagnostics.map(brief) == [
                "1:23 broken-reference", "2:23 broken-reference", "3:25 impossible-type", "5:23 broken-reference",
                "6:15 syntax-error", "7:31 expected-value", "8:12 broken-reference",
            ])
        #expect(program.definitions.map(\.name) == ["d"])
        #expect(program["d"] != nil && program["a"] == nil)
    }

    @Test func `references come before their users`() throws {
        let text = """
            segment a: in segment b and m > 5
            segment b: in segment c
            metric m: count("A" where x = 1) + n
            segment c: did "C"
            metric n: 5
            """
        let (program, diagnostics) = Binder.bind([Parser.parse(text)])
        #expect(diagnostics.isEmpty)
        #expect(program.dependencyOrder == ["c", "b", "n", "m", "a"])
        #expect(program.segments.map(\.name) == ["c", "b", "a"])
        #expect(program.metrics.map(\.name) == ["n", "m"])
        let index = try #require(program.index(of: "n"))
        #expect(program.definitions[index].name == "n")
    }

    @Test func `a circle is reported once, at its first definition`() {
        let text = """
            segment ok: did "A"
            segment user: in segment a
            segment a: did "A"
              and in segment b
            segment b: was in segment c 5 days ago
            segment c: m in top 10% of segment a
            metric m: count("A")
            segment self: entered segment self
            """
        let (program, diagnostics) = Binder.bind([Parser.parse(text)])
        #expect(diagnostics.map(brief) == ["2:26 broken-reference", "3:9 cycle", "8:9 cycle"])
        #expect(diagnostics.map(\.message).contains { $0.contains("`a`, `b`, `c`") })
        #expect(program.dependencyOrder == ["ok", "m"])
    }

    @Test func `files share one name space and keep their own places`() {
        let one = Parser.parse("segment a: did \"A\"\nsegment b: did", file: "one.shoal")
        let two = Parser.parse("metric a: 5\nsegment c: in segment a\nsegment d: in segment b", file: "two.shoal")
        let (program, diagnostics) = Binder.bind([one, two])
        #expect(
            diagnostics.map { "\($0.file ?? "") \(brief($0))" } == [
                "one.shoal 2:15 syntax-error", "two.shoal 1:8 duplicate-name", "two.shoal 3:23 broken-reference",
            ])
        #expect(diagnostics[1].message.contains("one.shoal, line 1"))
        #expect(program.dependencyOrder == ["a", "c"])
    }

    @Test func `a chain of ten thousand references is bound without recursion`() {
        var lines = ["segment s0: did \"A\""]
        for index in 1..<10_000 { lines.append("segment s\(index): in segment s\(index - 1)") }
        let (program, diagnostics) = Binder.bind([Parser.parse(lines.reversed().joined(separator: "\n"))])
        #expect(diagnostics.isEmpty)
        #expect(program.definitions.count == 10_000)
        #expect(program.definitions.first?.name == "s0")
    }
}
