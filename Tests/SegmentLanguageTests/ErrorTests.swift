import EventModel
import SegmentLanguage
import Testing

@Suite struct `Every problem has a place and a code` {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var found: [String]
        var suggestion: String?

        init(_ text: String, _ found: String..., suggesting suggestion: String? = nil) {
            self.text = text
            self.found = found
            self.suggestion = suggestion
        }

        var testDescription: String { text }
    }

    static let cases: [Case] = [
        // Heads.
        Case("did \"A\"", "1:1 syntax-error"),
        Case("Segment a: did \"A\"", "1:1 syntax-error", suggesting: "segment"),
        Case("segmnet a: did \"A\"", "1:1 syntax-error", suggesting: "segment"),
        Case("segment: did \"A\"", "1:8 invalid-name"),
        Case("segment Big: did \"A\"", "1:9 invalid-name", suggesting: "big"),
        Case("segment a did \"A\"", "1:11 syntax-error"),
        Case("segment a:", "1:11 expected-value"),
        Case("metric count: 5", "1:8 reserved-name", suggesting: "my_count"),
        Case("metric and: 5", "1:8 reserved-name"), Case("metric hour: 5", "1:8 reserved-name"),
        Case("metric monday: 5", "1:8 reserved-name"), Case("segment net_orders: did \"A\"", "1:9 reserved-name"),
        Case("metric net_revenue: 5", "1:8 reserved-name"),
        Case("metric m: did \"A\"", "1:11 expected-value"), Case("segment s: count(\"A\")", "1:12 expected-condition"),
        Case("segment s: trait.vip", "1:12 expected-condition"),
        Case("segment s: \"A\"", "1:12 expected-condition", suggesting: "did \"A\""),
        // Conditions.
        Case("segment s: did A", "1:16 syntax-error", suggesting: "\"A\""),
        Case("segment s: did \"A\" at lest 2 times", "1:23 syntax-error", suggesting: "least"),
        Case("segment s: did \"A\" at least -1 times", "1:29 invalid-count"),
        Case("segment s: did \"A\" at least 1.5 times", "1:29 invalid-count"),
        Case("segment s: did \"A\" at least 99999999999999999999 times", "1:29 invalid-count"),
        Case("segment s: did \"A\" at least 2", "1:30 syntax-error"),
        Case("segment s: did \"A\" at least 2 days", "1:31 syntax-error"),
        Case("segment s: did \"A\" on at least 2 times", "1:34 syntax-error"),
        Case("segment s: did \"A\" less than 2 times", "1:20 syntax-error", suggesting: "fewer than"),
        Case("segment s: did \"A\" twice", "1:20 syntax-error", suggesting: "exactly 2 times"),
        Case("segment s: did not \"A\" at least 2 times", "1:24 misplaced-part"),
        Case("segment s: did \"A\" in at least 2 of last 3 weeks in last 7 days", "1:50 misplaced-part"),
        Case("segment s: did \"A\" in at most 2 of last 3 weeks", "1:23 syntax-error"),
        Case("segment s: did \"A\" in the last 7 days", "1:20 syntax-error", suggesting: "in last"),
        Case("segment s: did \"A\" last 7 days", "1:20 syntax-error", suggesting: "in last"),
        Case("segment s: did \"A\" in last week", "1:28 syntax-error", suggesting: "1 weeks"),
        Case("segment s: did \"A\" in last 7 moons", "1:30 syntax-error"),
        Case("segment s: did \"A\" in last 0.0001 seconds", "1:28 invalid-duration"),
        Case("segment s: did \"A\" in last 999999999999 years", "1:28 invalid-duration"),
        Case("segment s: did \"A\" since 2026-01-01", "1:20 syntax-error", suggesting: "on or after 2026-01-01"),
        Case(
            "segment s: did \"A\" from 7 days ago to 14 days ago", "1:20 bounds-in-reverse",
            suggesting: "from 14 days ago to 7 days ago"),
        Case("segment s: did \"A\" from 7 days ago to 7 days ago", "1:20 bounds-in-reverse"),
        Case("segment s: did \"A\" from 0 days ago to now", "1:20 bounds-in-reverse"),
        Case("segment s: did \"A\" from 2026-04-01 to 2026-03-01", "1:20 bounds-in-reverse"),
        Case("segment s: did \"A\" from 2026-04-01 to 2026-04-01T00:00Z", "1:20 bounds-in-reverse"),
        Case("segment s: did \"A\" from 7 days ago to 2026-03-01", "1:20 syntax-error"),
        Case("segment s: did \"A\" since \"B\"", "1:26 syntax-error"),
        Case("segment s: did \"A\" before \"B\"", "1:27 syntax-error"),
        Case("segment s: every \"A\" (x = 1)", "1:22 syntax-error"),
        Case("segment s: for category: did \"A\"", "1:16 syntax-error"),
        Case("segment s: in buyers", "1:15 syntax-error"),
        Case("segment s: was not in segment s2 5 days ago", "1:12 syntax-error"),
        Case("segment s: sequence(\"A\" and \"B\", within 1 day)", "1:25 syntax-error", suggesting: "then"),
        Case("segment s: sequence(\"A\" then \"B\")", "1:12 invalid-sequence"),
        Case("segment s: sequence(not \"A\" then \"B\", within 1 day)", "1:25 invalid-sequence"),
        Case("segment s: sequence(\"A\" then \"B\" within 1 day, within 2 days)", "1:30 invalid-sequence"),
        Case("segment s: sequence(\"A\" then not \"B\")", "1:12 invalid-sequence"),
        Case("segment s: sequence(\"A\" then \"B\", within 1 day) on at least 2 days", "1:49 misplaced-part"),
        Case("segment s: sequence(\"A\") where x = 1", "1:32 misplaced-part"),
        Case("segment s: DID \"A\"", "1:12 expected-value", suggesting: "did"),
        Case("segment s: did \"A\" AND did \"B\"", "1:20 syntax-error", suggesting: "and"),
        // Comparisons.
        Case("segment s: 1 < count(\"A\") < 5", "1:27 syntax-error"),
        Case("segment s: count(\"A\") == 5", "1:23 unexpected-character", suggesting: "="),
        Case("segment s: count(\"A\") is 5", "1:23 syntax-error", suggesting: "="),
        Case("segment s: trait.x in ()", "1:24 syntax-error"), Case("segment s: trait.x in \"a\"", "1:23 syntax-error"),
        Case("segment s: trait.x not contains \"a\"", "1:20 syntax-error"),
        Case("segment s: trait.x < \"a\" ignoring case", "1:12 misplaced-part"),
        Case("segment s: trait.x matches \"(\"", "1:28 bad-regex"),
        Case("segment s: trait.x matches 5", "1:28 bad-regex"),
        Case("segment s: net_orders in top 10", "1:30 syntax-error", suggesting: "10%"),
        Case("segment s: net_orders in top -5%", "1:26 percent-out-of-range"),
        Case("segment s: net_orders in quintile 6", "1:26 quintile-out-of-range"),
        Case("segment s: net_orders in quintile 0", "1:26 quintile-out-of-range"),
        Case("segment s: count(\"A\") in top 10%", "1:12 syntax-error"),
        // Values.
        Case("metric m: summ(x of \"A\")", "1:11 unknown-function", suggesting: "sum"),
        Case("metric m: sum(\"A\")", "1:15 syntax-error"), Case("metric m: count(x of \"A\")", "1:17 syntax-error"),
        Case("metric m: sum(\"Cart Size\" of \"A\")", "1:15 syntax-error", suggesting: "properties.\"Cart Size\""),
        Case("metric m: sum(hour(time) of \"A\")", "1:15 not-in-filter"),
        Case("metric m: sum(trait.x of \"A\")", "1:15 not-in-filter"),
        Case("metric m: sum(5 of \"A\")", "1:15 expected-value"),
        Case("metric m: cart.total", "1:16 syntax-error"), Case("metric m: profile.age", "1:19 syntax-error"),
        Case("metric m: campaign.source", "1:11 only-in-filter"),
        Case("metric m: 1 + (2", "1:17 syntax-error"), Case("metric m: (1 + 2))", "1:18 syntax-error"),
        Case("segment s: did \"A\" where count(\"B\") > 1", "1:26 not-in-filter"),
        Case("segment s: did \"A\" where in segment b", "1:26 not-in-filter"),
        Case("segment s: did \"A\" where (x = 1 and did \"B\")", "1:37 not-in-filter"),
        Case("segment s: did \"A\" where bucket(\"x\") < 5%", "1:26 not-in-filter"),
        Case("segment s: any item (products.x = 1)", "1:12 only-in-filter"),
        Case("segment s: did \"A\" where any item (price > 5)", "1:26 items-not-mentioned"),
        Case("segment s: did \"A\" where every item (price exists)", "1:26 items-not-mentioned"),
        // Names.
        Case("segment s: in segment nobody", "1:23 unknown-segment"),
        Case("segment buyers: did \"A\"\nsegment s: in segment buyer", "2:23 unknown-segment", suggesting: "buyers"),
        Case("segment s: net_order > 5", "1:12 unknown-metric", suggesting: "net_orders"),
        Case("segment s: revenue > 5", "1:12 unknown-metric"),
        Case("segment s: did \"A\" where x = 1 and y = 2", "1:36 unknown-metric"),
        Case("segment b: did \"A\"\nsegment s: b > 5", "2:12 wrong-kind"),
        Case("metric m: 5\nsegment s: in segment m", "2:23 wrong-kind"),
        Case("segment a: did \"A\"\nmetric a: 5", "2:8 duplicate-name"),
    ]

    @Test(arguments: cases) func `each mistake is found where it is`(_ example: Case) {
        let errors = diagnostics(example.text).filter(\.isError)
        #expect(errors.map(brief) == example.found, "\(errors.map(\.message))")
        if let suggestion = example.suggestion {
            #expect(errors.first?.suggestion == suggestion)
        }
    }

    @Test(arguments: [
        "count(\"A\") > \"five\"", "count(\"A\") = true", "count(\"A\") > 5 days", "last(\"A\") > 5",
        "last(\"A\") - first(\"A\") > 5", "now - 5 > 1 day", "last(\"A\") + last(\"B\") > now", "hour(5) = 1",
        "hour(\"noon\") = 1", "list(x of \"A\") = \"a\"", "count(\"A\") contains \"5\"", "trait.x starts with 5",
        "5 anniversary today", "consent.email = 5", "consent.email = \"yes\"", "granted = 5",
        "date(now) > 5", "weekday(now) = \"monday\"", "\"a\" < 5", "5 between \"a\" and 6", "5 in (1, \"x\")",
        "1 day * 1 day > 5", "true + 1 > 5", "-\"a\" = 5", "1 / now = 5", "(1 + 2) = \"x\"",
    ])
    func `types that can never meet are an error`(_ text: String) {
        #expect(diagnostics("segment s: \(text)").map(\.code) == [.impossibleType], "\(text)")
    }

    @Test(arguments: [
        "count(\"A\") > \"5\"", "count(\"A\") = 50%", "last(\"A\") > \"2026-01-01\"", "trait.x > 5", "trait.x = true",
        "trait.x > 2026-01-01", "last(x of \"A\") > 5", "now - last(\"A\") > 5 days", "last(\"A\") + 5 days < now",
        "date(now) = 2026-01-01", "date(now) = \"2026-01-01\"", "date(now) > last(\"A\")", "weekday(now) = monday",
        "weekday(now) = 1", "(now - last(\"A\")) / 1 day > 5", "2 * (now - last(\"A\")) > 5 days", "true = \"true\"",
        "list(x of \"A\") contains 5", "consent.email in (granted, denied)", "consent.email = \"granted\"",
        "date(now) + 1 day > now", "trait.x + 1 > 5", "trait.x - trait.y > 5 days", "\"5\" + 1 > 5", "-trait.x > 5",
        "year(trait.birthday) < 1990", "hour(\"2026-01-01T10:00Z\") = 10", "trait.x starts with trait.y",
    ])
    func `types that may meet are left alone`(_ text: String) {
        #expect(diagnostics("segment s: \(text)").isEmpty, "\(text)")
    }

    @Test func `a metric carries its type to its users`() {
        let text = """
            metric gap: last("A") - first("A")
            metric name: list(n of "A")
            segment a: gap > 5 days
            segment b: gap > 5
            segment c: name in top 10%
            """
        #expect(diagnostics(text).map(brief) == ["4:18 impossible-type", "5:12 impossible-type"])
    }
}
