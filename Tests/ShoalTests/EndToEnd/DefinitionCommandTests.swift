import EventModel
import Testing

@testable import shoal

@Suite struct CheckCommandTests {
    @Test func `every problem is told at once, with place, caret and suggestion`() throws {
        let folder = try Program.Folder()
        try folder.write(
            """
            segment buyers: did "Order Completed" at least 2 times
            segment others: did "Product Viewed"
              and not in segment byers
            metric aov: sum(revenue of "Order Completed") / cuont("Order Completed")
            """, to: "a.shoal")
        let outcome = try Program.run("check", "a.shoal", in: folder)
        #expect(outcome.status == 65)
        #expect(
            outcome.output == """
                error: there is no segment called `byers`                                 [unknown-segment]
                  a.shoal:3:22
                    and not in segment byers
                                       ^~~~~ did you mean buyers?

                error: there is no function `cuont`                                       [unknown-function]
                  a.shoal:4:49
                  metric aov: sum(revenue of "Order Completed") / cuont("Order Completed")
                                                                  ^~~~~ did you mean count?

                2 errors in 3 definitions
                costliest: buyers, about 1 look at each event of a profile (at most 1,000,000)

                """)
        #expect(outcome.errors == "")
    }

    @Test func `files that use each other's names are checked together`() throws {
        let folder = try Program.Folder()
        try folder.write("segment buyers: did \"Order Completed\"\n", to: "a.shoal")
        try folder.write("segment others: not in segment buyers\n", to: "b.shoal")
        let outcome = try Program.run("check", "a.shoal", "b.shoal", in: folder)
        #expect(outcome.status == 0)
        #expect(
            outcome.output == """
                no problem in 2 definitions
                costliest: buyers, about 1 look at each event of a profile (at most 1,000,000)

                """)
        #expect(try Program.run("check", "b.shoal", in: folder).status == 65)
    }

    @Test func `a definition past the limit is refused with its cost, and the others' costs are told`() throws {
        let folder = try Program.Folder()
        let text = "segment a: did \"A\" or did \"B\"\nsegment b: entered segment a\nsegment c: entered segment b\n"
        try folder.write(text + "segment d: entered segment c\n", to: "a.shoal")
        let outcome = try Program.run("check", "a.shoal", "--json", in: folder)
        #expect(outcome.status == 65)
        let answer = outcome.json?.object
        #expect(answer?["costLimit"] == 1_000_000)
        let costs = answer?["costs"]?.elements?.compactMap { $0.object?["looks"] }
        #expect(costs == [2_000_000, 20_000, 200, 2])
        let first = answer?["diagnostics"]?.elements?.first?.object
        #expect(first?["code"] == "too-costly")
        #expect(first?["line"] == 4)
        let shown = try Program.run("check", "a.shoal", in: folder)
        #expect(shown.output.contains("look at each of its events about 2,000,000 times, the most is 1,000,000"))
        #expect(shown.output.contains("costliest: d, about 2,000,000 looks at each event of a profile"))
    }

    @Test func `the JSON answer has line, column and code`() throws {
        let folder = try Program.Folder()
        try folder.write("segment x: did \"A\"\nsegment x: did \"B\"\n", to: "a.shoal")
        let outcome = try Program.run("check", "a.shoal", "--json", in: folder)
        #expect(outcome.status == 65)
        let answer = outcome.json?.object
        #expect(answer?["valid"] == false)
        #expect(answer?["definitions"] == 2)
        let first = answer?["diagnostics"]?.elements?.first?.object
        #expect(first?["code"] == "duplicate-name")
        #expect(first?["line"] == 2)
        #expect(first?["column"] == 9)
        #expect(first?["file"] == "a.shoal")
    }
}

@Suite struct FormatCommandTests {
    private let untidy = "# top\nsegment buyers \"Buyers\":   did \"Order Completed\" at least 2 times   # tail\n"
    private let tidy = "# top\nsegment buyers \"Buyers\": did \"Order Completed\" at least 2 times  # tail\n"

    @Test func `a file is printed in its one layout`() throws {
        let folder = try Program.Folder()
        try folder.write(untidy, to: "a.shoal")
        let outcome = try Program.run("format", "a.shoal", in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.output == tidy)
        #expect(try folder.read("a.shoal") == untidy)
    }

    @Test func `check finds files that are not laid out, write lays them out`() throws {
        let folder = try Program.Folder()
        try folder.write(untidy, to: "a.shoal")
        let before = try Program.run("format", "a.shoal", "--check", in: folder)
        #expect(before.status == 65)
        #expect(before.errors.contains("[not-formatted]"))
        #expect(try Program.run("format", "a.shoal", "--write", in: folder).status == 0)
        #expect(try folder.read("a.shoal") == tidy)
        #expect(try Program.run("format", "a.shoal", "--check", in: folder).status == 0)
    }

    @Test func `the JSON form leads back to the text`() throws {
        let folder = try Program.Folder()
        try folder.write("segment buyers \"Buyers\": did \"Order Completed\"\n", to: "a.shoal")
        let tree = try Program.run("format", "a.shoal", "--to", "json", in: folder)
        #expect(tree.json?.object?["definitions"]?.elements?.first?.object?["segment"] == "buyers")
        try folder.write(tree.output, to: "a.json")
        let back = try Program.run("format", "a.json", in: folder)
        #expect(back.output == "segment buyers \"Buyers\": did \"Order Completed\"\n")
    }

    @Test func `a broken file is left alone`() throws {
        let folder = try Program.Folder()
        try folder.write("segment a: did\n", to: "a.shoal")
        let outcome = try Program.run("format", "a.shoal", "--write", in: folder)
        #expect(outcome.status == 65)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("a.shoal:"))
        #expect(try folder.read("a.shoal") == "segment a: did\n")
    }
}
