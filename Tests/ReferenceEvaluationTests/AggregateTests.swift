import EventModel
import Testing

@Suite struct AggregateTests {
    @Test func `aggregates of numbers pass over what is no number`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"x": 1}
            a 2026-03-02 A {"x": "2"}
            a 2026-03-03 A {"x": "ten"}
            a 2026-03-04 A {"x": true}
            a 2026-03-05 A {"x": null}
            a 2026-03-06 A {"x": [5]}
            a 2026-03-07 A {"x": "2026-03-14"}
            """)
        #expect(try story.value(#"sum(x of "A")"#) == "3")
        #expect(try story.value(#"average(x of "A")"#) == "1.5")
        #expect(try story.value(#"median(x of "A")"#) == "1.5")
        #expect(try story.value(#"maximum(x of "A")"#) == "2")
        #expect(try story.value(#"count("A" where x exists)"#) == "6")
        #expect(try story.value(#"distinct(x of "A")"#) == "5")
    }

    @Test func `of nothing count, days, visits, distinct and sum are 0 and the others null`() throws {
        let story = try Story("a 2026-03-01 B")
        for expression in ["count(\"A\")", "days(\"A\")", "visits(\"A\")", "distinct(x of \"A\")", "sum(x of \"A\")"] {
            #expect(try story.value(expression) == "0")
        }
        for function in ["average", "minimum", "maximum", "median", "list", "first", "last", "most frequent"] {
            #expect(try story.value("\(function)(x of \"A\")") == "null")
        }
        #expect(try story.value(#"last("A")"#) == "null")
        #expect(try story.value(#"sum(x of "A") / count("A")"#) == "null")
    }

    @Test func `texts decide what is the same`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"x": 17}
            a 2026-03-02 A {"x": "17"}
            a 2026-03-03 A {"x": "17.0"}
            a 2026-03-04 A {"x": 17.0}
            a 2026-03-05 A {"x": true}
            a 2026-03-06 A {"x": "true"}
            a 2026-03-07 A {"x": ""}
            """)
        #expect(try story.value(#"distinct(x of "A")"#) == "4")
        #expect(try story.value(#"list(x of "A")"#) == #"["",17,"17.0","true"]"#)
        #expect(try story.value(#"most frequent(x of "A")"#) == "17")
    }

    @Test func `of several most frequent values the one seen last wins`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"x": "p"}
            a 2026-03-02 A {"x": "q"}
            a 2026-03-03 A {"x": "q"}
            a 2026-03-04 A {"x": "p"}
            a 2026-03-05 A {"x": "r"}
            """)
        #expect(try story.value(#"most frequent(x of "A")"#) == #""p""#)
        #expect(try story.value(#"most frequent(x of "A" in last 11 days)"#) == #""r""#)
    }

    @Test func `first and last take the event first and then its value`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"y": 1}
            a 2026-03-02 A {"x": 5, "context": {"campaign": {"source": "mail"}}}
            a 2026-03-03 A {"x": [1, 2]}
            """)
        #expect(try story.value(#"first(x of "A")"#) == "null")
        #expect(try story.value(#"first(x of "A" where x exists)"#) == "5")
        #expect(try story.value(#"last(x of "A")"#) == "[1,2]")
        #expect(try story.value(#"first(context.campaign.source of "A" where x = 5)"#) == #""mail""#)
        #expect(try story.members(#"last(x of "A") contains 2"#) == ["a"])
        #expect(try story.members(#"last(x of "A") != 2"#) == [])
    }

    @Test func `sums are exact whatever the order and sizes`() throws {
        let story = try Story(
            """
            a 2026-03-01 A {"x": 1e33}
            a 2026-03-02 A {"x": 0.1}
            a 2026-03-03 A {"x": -1e33}
            a 2026-03-04 A {"x": 0.2}
            """)
        #expect(try story.value(#"sum(x of "A")"#) == "0.3")
    }

    @Test func `days and visits count distinct ones`() throws {
        let story = try Story(
            """
            a 2026-03-01T10:00 page
            a 2026-03-01T10:10 Order Completed
            a 2026-03-01T10:20 Order Completed
            a 2026-03-01T11:00 Order Completed
            a 2026-03-02T10:00 page
            a 2026-03-02T10:30 Order Completed
            a 2026-03-02T11:00 Order Completed
            """)
        #expect(try story.value(#"days("Order Completed")"#) == "2")
        #expect(try story.value(#"visits("Order Completed")"#) == "2")
        #expect(try story.value(#"visits("Page Viewed")"#) == "2")
        #expect(try story.members(#"did "Order Completed" in exactly 2 visits"#) == ["a"])
        #expect(try story.members(#"did "Order Completed" on at least 3 days"#) == [])
    }
}
