import EventModel
import SegmentLanguage
import Testing

@Suite struct `The check warns of what is seldom meant` {
    /// A small shop that has been running for a while.
    static let workspace: WorkspaceNames = {
        var names = WorkspaceNames()
        let item: JSONObject = JSONObject([
            (Text("product_id"), "p1"), (Text("price"), 5), (Text("category"), "shoes"),
        ])
        names.observe(
            event: "Order Completed",
            properties: JSONObject([
                (Text("revenue"), 10), (Text("order_id"), "o1"), (Text("coupon"), "X"), (Text("hour"), 5),
                (Text("products"), .array([.object(item)])), (Text("paid"), true), (Text("due"), "2026-01-01"),
            ]), context: JSONObject([(Text("campaign"), ["source": "mail"])]), items: [item])
        names.observe(event: "Order Completed", properties: JSONObject([(Text("revenue"), "unknown")]))
        names.observe(
            event: "Product Viewed", properties: JSONObject([(Text("product_id"), "p1"), (Text("price"), "5")]))
        names.observe(event: "Email Opened", properties: JSONObject([(Text("subject"), "Hi")]))
        names.observe(traits: JSONObject([(Text("tier"), "gold"), (Text("address"), ["city": "Riga"])]))
        names.observe(product: JSONObject([(Text("product_id"), "p1"), (Text("brand"), "Acme")]))
        names.mostlyZeroMetrics = ["spent"]
        return names
    }()

    func warnings(_ text: String) -> [Diagnostic] {
        let all = diagnostics(
            "metric spent: sum(revenue of \"Order Updated\")\nsegment buyers: did \"Order Completed\"\n" + text,
            workspace: Self.workspace)
        return all.filter { $0.range.start.line > 2 }
    }

    static let cases: [(String, String, String?)] = [
        ("did \"Order Compleated\"", "3:16 unknown-event", "\"Order Completed\""),
        ("did \"order refunded\"", "3:16 unknown-event", nil),
        ("did any of (\"Email Opened\", \"Email Clicked\")", "3:16 unknown-event", nil),
        ("did events like \"Push *\"", "3:16 unknown-event", nil),
        ("did \"purchase\"", "3:16 ga4-name", "\"Order Completed\""),
        ("did \"Order Completed\" where cupon exists", "3:40 unknown-property", "coupon"),
        ("did \"Order Completed\" where price > 5", "3:40 item-property", "products.price"),
        ("did \"Order Completed\" where products.prise > 5", "3:40 unknown-property", "products.price"),
        (
            "did \"Order Completed\" where context.campaign.sauce = \"x\"", "3:40 unknown-property",
            "context.campaign.source"
        ),
        ("sum(revenu of \"Order Completed\") > 5", "3:16 unknown-property", "revenue"),
        ("trait.teir = \"gold\"", "3:12 unknown-property", "trait.tier"),
        ("for some categry: did \"Order Completed\"", "3:21 unknown-property", nil),
        (
            "sequence(\"Product Viewed\" then \"Order Completed\", within 1 day, same product)",
            "3:81 unknown-property", nil
        ),
        ("did \"Order Completed\" where hour = 5", "3:40 event-word", nil),
        ("did \"Order Completed\" where coupon = 5", "3:49 type-never-seen", nil),
        ("did \"Order Completed\" where paid = 5", "3:47 type-never-seen", nil),
        ("did \"Order Completed\" where revenue in (1, true)", "3:55 type-never-seen", nil),
        ("trait.tier > 2026-01-01", "3:25 type-never-seen", nil),
        ("sum(revenue of \"Order Completed\") > 5", "3:12 unusable-values", nil),
        ("spent in top 10%", "3:12 rank-of-mostly-zero", nil),
    ]

    @Test(arguments: cases)
    func `names and types the data never has`(_ text: String, _ found: String, _ suggestion: String?) {
        let warnings = warnings("segment s: \(text)")
        #expect(warnings.map(brief) == [found], "\(warnings.map(\.message))")
        #expect(!warnings.hasErrors)
        if let suggestion { #expect(warnings.first?.suggestion == suggestion) }
    }

    @Test(arguments: [
        "did \"Order Completed\"", "did any event", "did visit where events > 5",
        "did \"Order Completed\" where coupon = \"5\"",
        "did \"Product Viewed\" where brand = \"Acme\"", "did \"Order Completed\" where products.brand = \"Acme\"",
        "did \"Product Viewed\" where products.price > 3", "did \"Product Viewed\" where price > 3",
        "did \"Order Completed\" where context.campaign.source = \"x\"",
        "did \"Order Completed\" where products exists",
        "did \"Order Completed\" where due > 2026-01-01", "trait.address.city = \"Riga\"", "trait.address exists",
        "did \"Order Completed\" where properties.hour = 5", "did \"Email Opened\" where hour = 5",
        "spent in top 10% of segment buyers", "for some brand: did \"Product Viewed\"", "did events like \"Email *\"",
        "did any of (\"Product Viewed\", \"Order Completed\") where coupon exists",
    ])
    func `what the data has is no reason to warn`(_ text: String) {
        #expect(warnings("segment s: \(text)").isEmpty)
    }

    @Test(arguments: [
        ("did \"A\" between 5 and 2 times", "1:20 impossible-bounds"),
        ("did \"A\" fewer than 0 times", "1:20 impossible-bounds"),
        ("did \"A\" in at least 3 of last 2 weeks", "1:20 impossible-bounds"),
        ("count(\"A\") between 9 and 1", "1:31 impossible-bounds"),
        ("last(\"A\") between now and 5 days ago", "1:30 impossible-bounds"),
        ("last(\"A\") between 2026-02-01 and 2026-01-01", "1:30 impossible-bounds"),
        ("net_orders in top 0%", "1:26 impossible-percent"), ("net_orders in bottom 101%", "1:26 impossible-percent"),
        ("for some category: sum(revenue of \"Order Completed\") > 5", "1:31 event-amount-in-group"),
        ("for some products.brand: average(total of \"A\") > 5", "1:37 event-amount-in-group"),
        ("did \"A\" where cart.value > 5", "1:26 property-not-state"),
        ("did \"A\" where state = granted", "1:34 property-not-state"),
        ("most frequent(hour of \"A\") = 5", "1:26 property-not-state"),
        ("did \"add_to_cart\"", "1:16 ga4-name"),
    ])
    func `some warnings need no data`(_ text: String, _ found: String) {
        let warnings = diagnostics("segment s: \(text)")
        #expect(warnings.map(brief) == [found], "\(warnings.map(\.message))")
        #expect(!warnings.hasErrors)
    }

    @Test(arguments: [
        "for some campaign: sum(revenue of \"A\") > 5",
        "for some category: sum(products.price * quantity of \"A\") > 5",
        "for some category: count(\"A\") > 5", "last(\"A\") between 5 days ago and now",
    ])
    func `and some definitions are what they seem`(_ text: String) {
        #expect(diagnostics("segment s: \(text)").isEmpty)
    }

    @Test func `an absence within a time offers the sequence that waits`() {
        let plain = "did not \"B\" where x = 1 within 7 days after first \"A\" where (y = 2 or z = 3)"
        let fix = "sequence(\"A\" where (y = 2 or z = 3) then not \"B\" where x = 1, within 7 days)"
        #expect(diagnostics("segment s: \(plain)").map(\.suggestion) == [fix])
        #expect(diagnostics("segment s: \(fix)").isEmpty)
        for text in [
            "not did \"B\" within 7 days after last \"A\"", "did \"B\" exactly 0 times within 7 days after last \"A\"",
            "did \"C\" and not (did \"D\" or did \"B\" within 1 day after last \"A\")",
        ] {
            #expect(diagnostics("segment s: \(text)").map(\.code) == [.negatedWithin])
        }
        for text in ["did \"B\" within 7 days after last \"A\"", "not did not \"B\" within 7 days after last \"A\""] {
            #expect(diagnostics("segment s: \(text)").isEmpty)
        }
    }

    @Test func `messages fill the list of names`() {
        var names = WorkspaceNames()
        names.observe(event: "A", properties: JSONObject([(Text("a"), ["b": ["c": 1]]), (Text("n"), .null)]))
        #expect(names.events["A"]?.properties[["a", "b", "c"]] == [.number: 1])
        #expect(names.events["A"]?.properties[["a"]] == [.object: 1])
        #expect(names.events["A"]?.properties[["n"]] == nil)
    }
}
