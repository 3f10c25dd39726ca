import EventModel
import SegmentLanguage
import Testing

@Suite struct `Texts become trees` {
    /// What somebody may write, and its canonical form; both must give the same tree.
    static let spellings: [(String, String)] = [
        (#"did "A""#, #"did "A""#),
        (#"did "viewed product""#, #"did "Product Viewed""#),
        (#"did "A" at least 1 time"#, #"did "A" at least 1 time"#),
        (#"did "A" at least 1 times"#, #"did "A" at least 1 time"#),
        (#"did "A" in last 7 days at least 2 times"#, #"did "A" at least 2 times in last 7 days"#),
        (
            #"did "A" in last 1 day where x = 1 more than 2 times"#,
            #"did "A" more than 2 times where x = 1 in last 1 day"#
        ),
        (#"did "A" on at least 2 days in last 1 week"#, #"did "A" on at least 2 days in last 1 week"#),
        (#"did "A" in fewer than 3 visits"#, #"did "A" in fewer than 3 visits"#),
        (#"did "A" in between 1 and 3 visits"#, #"did "A" in between 1 and 3 visits"#),
        (#"did "A" between 1 and 3 times"#, #"did "A" between 1 and 3 times"#),
        (#"did "A" in at least 2 of last 4 weeks where x > 1"#, #"did "A" in at least 2 of last 4 weeks where x > 1"#),
        (#"did visit exactly 2 times"#, #"did visit exactly 2 times"#),
        (#"did any of ("A", "completed order")"#, #"did any of ("A", "Order Completed")"#),
        (#"did any event today"#, #"did any event today"#),
        (#"did events like "Email *" yesterday"#, #"did events like "Email *" yesterday"#),
        (#"did not "A" this week"#, #"did not "A" this week"#),
        (#"did "A" from 14 days ago to now"#, #"did "A" from 14 days ago to now"#),
        (#"did "A" before 7 days ago"#, #"did "A" before 7 days ago"#),
        (#"did "A" on or after 2026-11-27"#, #"did "A" on or after 2026-11-27"#),
        (#"did "A" since last "B" where x = 1"#, #"did "A" since last "B" where x = 1"#),
        (#"did "A" where y = 2 since first "B" where x = 1"#, #"did "A" where y = 2 since first "B" where x = 1"#),
        (#"did "A" since last "B" at least 2 times"#, #"did "A" at least 2 times since last "B""#),
        (#"did "A" before last any event"#, #"did "A" before last any event"#),
        (#"did "A" within 36 hours after first visit"#, #"did "A" within 36 hours after first visit"#),
        (#"every "A" has (x = 1)"#, #"every "A" has (x = 1)"#),
        (
            #"every "A" where y = 1 in last 7 days has (not x = 1)"#,
            #"every "A" where y = 1 in last 7 days has (not x = 1)"#
        ),
        (
            #"sequence("A" then not "B" within 1 days where x = 1, same product_id, within 3 days)"#,
            #"sequence("A" then not "B" where x = 1 within 1 day, within 3 days, same product_id)"#
        ),
        (#"sequence("A" then not "B" within 1 day)"#, #"sequence("A" then not "B" within 1 day)"#),
        (
            #"sequence("A" then "B", within 1 day) in last 7 days at least 2 times"#,
            #"sequence("A" then "B", within 1 day) at least 2 times in last 7 days"#
        ),
        (#"for some category: did "A" and did "B""#, #"for some category: did "A" and did "B""#),
        (
            #"(for every products.category: did "A") and did "B""#,
            #"(for every products.category: did "A") and did "B""#
        ),
        (#"did "B" and for at least 2 x: did "A" or did "C""#, #"did "B" and for at least 2 x: did "A" or did "C""#),
        (#"not for some x: did "A""#, #"not for some x: did "A""#),
        (#"(did "A")"#, #"did "A""#),
        (#"(did "A" and did "B") and did "C""#, #"did "A" and did "B" and did "C""#),
        (#"did "A" and (did "B" or did "C")"#, #"did "A" and (did "B" or did "C")"#),
        (#"did "A" or (did "B" and did "C")"#, #"did "A" or did "B" and did "C""#),
        (#"not (did "A" and did "B")"#, #"not (did "A" and did "B")"#),
        (#"not not did "A""#, #"not not did "A""#),
        (#"count("A") = 1"#, #"count("A") = 1"#),
        (#"(count("A") + 1) * 2 > 5"#, #"(count("A") + 1) * 2 > 5"#),
        (#"((count("A")) > (5))"#, #"count("A") > 5"#),
        (#"count("A") - (count("B") - 1) > -5"#, #"count("A") - (count("B") - 1) > -5"#),
        (#"-count("A") < -(5)"#, #"-count("A") < -(5)"#),
        (#"count("A") between 1 and 2 and did "B""#, #"count("A") between 1 and 2 and did "B""#),
        (#"trait.x in (1, "a", true) ignoring case"#, #"trait.x in (1, "a", true) ignoring case"#),
        (#"not trait.x in (1)"#, #"not trait.x in (1)"#),
        (#"trait.x not in (1)"#, #"trait.x not in (1)"#),
        (#"trait."$email" not exists"#, "trait.$email not exists"),
        (#"trait.a."b c".not exists"#, #"trait.a."b c".not exists"#),
        (#"trait.x starts with "a" ignoring case"#, #"trait.x starts with "a" ignoring case"#),
        (#"trait.x matches "^a+$""#, #"trait.x matches "^a+$""#),
        (#"trait.birthday anniversary in next 14 days"#, #"trait.birthday anniversary in next 14 days"#),
        (#"last("A") - first("A") > 2 * 1 day"#, #"last("A") - first("A") > 2 * 1 day"#),
        (#"last("A") between now and 7 days from now"#, #"last("A") between now and 7 days from now"#),
        (#"profile.created > 30 days ago"#, #"profile.created > 30 days ago"#),
        (#"cart.value >= 100 and cart.updated not exists"#, #"cart.value >= 100 and cart.updated not exists"#),
        (
            #"consent.email = granted and consent."third party" != denied"#,
            #"consent.email = granted and consent."third party" != denied"#
        ),
        (#"can receive web_push"#, #"can receive web_push"#),
        (#"bucket("salt") < 10%"#, #"bucket("salt") < 10%"#),
        (#"local_weekday(now) = saturday"#, #"local_weekday(now) = saturday"#),
        (#"date(last("A")) = 2026-11-27"#, #"date(last("A")) = 2026-11-27"#),
        (#"net_revenue in top 10% of segment buyers"#, #"net_revenue in top 10% of segment buyers"#),
        (#"net_orders in quintile 5"#, #"net_orders in quintile 5"#),
        (#"in segment buyers for at least 7 days"#, #"in segment buyers for at least 7 days"#),
        (#"was in segment buyers 30 days ago"#, #"was in segment buyers 30 days ago"#),
        (#"entered segment buyers in last 7 days"#, #"entered segment buyers in last 7 days"#),
        (#"left segment buyers since last "A" where x = 1"#, #"left segment buyers since last "A" where x = 1"#),
        (
            #"most frequent(products.category of "A" in last 7 days) = "x""#,
            #"most frequent(products.category of "A" in last 7 days) = "x""#
        ),
        (
            #"sum(products.price * products.quantity of "A" where (x = 1 or y = 2)) > 5"#,
            #"sum(products.price * products.quantity of "A" where (x = 1 or y = 2)) > 5"#
        ),
        (#"sum(events of visit) > 5"#, "sum(properties.events of visit) > 5"),
        (#"first(visit) exists"#, "first(visit) exists"),
        (#"first(visit of "A") exists"#, #"first(properties.visit of "A") exists"#),
        (#"did "A" where count = 5 in last 7 days"#, #"did "A" where count = 5 in last 7 days"#),
        (#"did "A" where first exists"#, #"did "A" where properties.first exists"#),
        (#"did "A" where properties.x = 1"#, #"did "A" where x = 1"#),
        (
            #"did "A" where properties.hour = 1 and hour(now) > 5"#,
            #"did "A" where properties.hour = 1 and hour(now) > 5"#
        ),
        (#"did "A" where properties.products.price > 5"#, #"did "A" where products.price > 5"#),
        (#"did "A" where products exists"#, #"did "A" where properties.products exists"#),
        (#"did "A" where properties."Cart Size" > 5"#, #"did "A" where properties."Cart Size" > 5"#),
        (#"did "A" where x."y z".products = 5"#, #"did "A" where x."y z".products = 5"#),
        (#"did "A" where context.campaign.source = "x""#, #"did "A" where context.campaign.source = "x""#),
        (#"did "A" where (x + y) * 2 > z"#, #"did "A" where (x + y) * 2 > z"#),
        (#"did "A" where not (x = 1 or y = 2)"#, #"did "A" where not (x = 1 or y = 2)"#),
        (#"did "A" where any item (products.x = 1 and y = 2)"#, #"did "A" where any item (products.x = 1 and y = 2)"#),
        (#"did "A" where every item (products.x not exists)"#, #"did "A" where every item (products.x not exists)"#),
        (#"did "A" where time > 5 days ago before 2026-01-01"#, #"did "A" where time > 5 days ago before 2026-01-01"#),
        (
            #"did "A" where local_hour >= 18 and weekday(now) = monday"#,
            #"did "A" where local_hour >= 18 and weekday(now) = monday"#
        ),
        (
            #"did "A" where x anniversary in last 5 days in last 7 days"#,
            #"did "A" where x anniversary in last 5 days in last 7 days"#
        ),
    ]

    @Test(arguments: spellings)
    func `each construct is read, and printed in one way`(_ written: String, _ canonical: String) throws {
        let condition = try condition(written)
        #expect(Printer.text(of: condition) == canonical)
        #expect(try SegmentLanguageTests.condition(canonical) == condition)
    }

    @Test func `not binds tighter than and, and tighter than or`() throws {
        let tree = try condition(#"not did "A" and did "B" or did "C""#)
        guard case .or(let alternatives) = tree.kind, case .and(let conjuncts) = alternatives[0].kind,
            case .not = conjuncts[0].kind
        else {
            Issue.record("\(tree)")
            return
        }
        #expect(alternatives.count == 2 && conjuncts.count == 2)
    }

    @Test func `where takes exactly one term`() throws {
        let tree = try condition(#"did "A" where not x = 1 and did "B""#)
        #expect(tree.conjuncts?.count == 2)
        let windowed = try condition(#"did "A" where x between 1 and 2 in last 7 days or did "B""#)
        #expect(windowed.alternatives?.count == 2)
    }

    @Test func `for reaches as far right as it can, parentheses end it`() throws {
        guard case .forGroups(_, _, let inner) = try condition(#"for some x: did "A" and did "B" or did "C""#).kind
        else {
            Issue.record("no for")
            return
        }
        #expect(inner.alternatives?.count == 2)
        #expect(try condition(#"(for some x: did "A") and did "B""#).conjuncts?.count == 2)
    }

    @Test func `no word is reserved where only a name can stand`() throws {
        let file = Parser.parse(
            """
            segment and: did "A"
            segment in: in segment and or in segment segment
            segment segment: did "A" where properties.not = 1 and in segment metric
            segment metric: trait.segment = 1 and trait.not.for exists
            """)
        #expect(file.diagnostics.isEmpty)
        #expect(file.definitions.map(\.name) == ["and", "in", "segment", "metric"])
    }

    @Test func `a definition has a name, a title and a place`() throws {
        let definition = try definition("# about\n  metric aov \"Average \\\"order\\\"\" :\n    5\n# end")
        #expect(definition.name == "aov")
        #expect(definition.title == "Average \"order\"")
        #expect(definition.value?.kind == .number(5))
        #expect(definition.range.start.line == 2 && definition.range.start.column == 3)
        #expect(definition.range.end.line == 3 && definition.range.end.column == 6)
        #expect(definition.nameRange.start.column == 10)
    }

    @Test func `an empty text has no definitions and no problems`() {
        for text in ["", "\n\n", "# only a comment", "\u{FEFF}"] {
            let file = Parser.parse(text)
            #expect(file.definitions.isEmpty && file.diagnostics.isEmpty)
        }
    }

    @Test func `bytes that are not UTF-8 are one clear error`() {
        #expect(Parser.parse([0x73, 0xFF, 0xFE]).diagnostics.map(\.code) == [.invalidUTF8])
        #expect(Parser.parse(Array("segment a: did \"é\"".utf8)).definitions.count == 1)
    }
}

extension Condition {
    var conjuncts: [Condition]? { if case .and(let operands) = kind { operands } else { nil } }
    var alternatives: [Condition]? { if case .or(let operands) = kind { operands } else { nil } }
}
