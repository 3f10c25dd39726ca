import EventModel
import SegmentLanguage
import Testing

@Suite struct `The cost of a definition is known before it is evaluated` {
    private func costs(_ text: String) -> [Text: Int] {
        Binder.bind([Parser.parse(text)]).program.costs.mapValues(\.looks)
    }

    private func cost(_ condition: String) -> Int? { costs("segment s: \(condition)")["s"] }

    @Test(arguments: [
        ("did \"A\"", 1), ("did \"A\" and did \"B\" and not did \"C\"", 3), ("did \"A\" in last 7 days", 1),
        ("did \"A\" where (x = 1 and y = 2)", 3), ("did \"A\" since last \"B\"", 2),
        ("sum(price * quantity of \"A\") > 5", 2), ("every \"A\" has (x = 1)", 2),
        ("sequence(\"A\" then \"B\", within 1 day)", 2), ("sequence(\"A\" then \"B\", within 1 day, same x)", 4),
        ("for some category: did \"A\" at least 2 times", 2), ("trait.tier = \"gold\"", 1), ("net_orders > 2", 4),
        ("cart.value > 5 and can receive email", 8),
    ])
    func `each part counts`(_ condition: String, _ looks: Int) {
        #expect(cost(condition) == looks)
    }

    @Test func `what several use counts once, what is asked for the past again`() {
        let text = """
            segment a: did "A" or did "B"
            metric m: count("A" where x = 1)
            segment b: in segment a and m > 1
            segment c: in segment b and in segment a and m > 2
            segment d: in segment a and was in segment a 7 days ago
            """
        #expect(costs(text) == ["a": 2, "m": 2, "b": 4, "c": 4, "d": 4])
    }

    @Test func `a membership followed through time counts for every instant it may change`() {
        let text = """
            segment a: did "A" or did "B"
            segment b: entered segment a in last 7 days
            segment c: left segment b since last "A"
            segment d: in segment c for at least 2 days and did "A"
            """
        let (program, found) = Binder.bind([Parser.parse(text)])
        #expect(program.costs.mapValues(\.looks) == ["a": 2, "b": 200, "c": 20_001, "d": 2_000_101])
        #expect(found.map(\.code) == [.tooCostly])
        #expect(program.names == ["a", "b", "c"])
        #expect(
            found.first?.message == """
                deciding `d` for a profile would look at each of its events about 2,000,101 times, the most is \
                1,000,000; following `c` through time is about 2,000,100 of them
                """)
        #expect(found.first?.range.start.line == 4)
        #expect(found.first?.range.start.column == 23)
    }

    @Test func `whatever is not past the limit is evaluated`() {
        let text = """
            segment a: did "A"
            segment b: entered segment a
            segment c: entered segment b
            segment d: entered segment c
            """
        let (program, found) = Binder.bind([Parser.parse(text)])
        #expect(program.costs["d"]?.looks == Limits.looks.value)
        #expect(found.isEmpty)
    }

    @Test func `costs beyond all numbers are refused like others, and so is what uses them`() {
        var text = "segment s0: did \"A\"\n"
        for level in 1...12 { text += "segment s\(level): entered segment s\(level - 1)\n" }
        let (program, found) = Binder.bind([Parser.parse(text)])
        #expect(program.segments.count == 4)
        #expect(found.map(\.code) == [.tooCostly] + Array(repeating: .brokenReference, count: 8))
    }

    @Test func `definitions that share much are added up quickly`() {
        var text = "segment s0: did \"A\"\nsegment t0: did \"B\"\n"
        for level in 1...300 {
            let both = "in segment s\(level - 1) and in segment t\(level - 1)"
            text += "segment s\(level): \(both)\nsegment t\(level): \(both)\n"
        }
        #expect(costs(text)["s300"] == 2)
    }
}

extension Program {
    fileprivate var names: [Text] { definitions.map(\.name) }
}
