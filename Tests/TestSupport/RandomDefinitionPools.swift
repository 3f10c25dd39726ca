import EventModel
import SegmentLanguage

extension RandomDefinitions.Pool {
    /// A small shop with plain names.
    package static let shop = RandomDefinitions.Pool(
        events: ["Product Viewed", "Product Added", "Order Completed", "Email Opened", "A", "B"],
        patterns: ["Product *", "*Opened", "*", "A"],
        properties: [
            path("revenue"), path("category"), path("coupon"), path("x"), path("y"), path("product_id"),
            PropertyPath(.context, ["campaign", "source"]),
        ],
        itemProperties: [
            PropertyPath(.items, ["category"]), PropertyPath(.items, ["price"]), PropertyPath(.items, ["quantity"]),
        ],
        groups: [path("category"), path("x"), PropertyPath(.items, ["category"])],
        traits: [["tier"], ["birthday"], ["score"], ["address", "city"]],
        numbers: [0, 1, 2, 3, 10, -1, 50] + decimals("0.5", "9.99", "100000000000000000000"),
        strings: ["", "shoes", "hats", "10", "true", "gold", "2026-03-01", "STRASSE", "straße"],
        regexes: ["^s", "o+", "[0-9]{2}"],
        times: ["2026-01-31", "2026-02-28T23:30:00Z", "2026-03-08", "2026-03-15T12:00:00.123Z", "2026-03-29"],
        durations: durations,
        purposes: ["email", "sms"],
        channels: ["email", "sms", "web_push"])

    /// The same with names and strings that are hard to write.
    package static let awkward: RandomDefinitions.Pool = {
        var pool = RandomDefinitions.Pool.shop
        pool.events += ["Say \"hi\" \\o/", "B # not a comment", "日本 🛒", "line\nbreak", "", "and"]
        pool.patterns += ["**", "\"*\""]
        let words: [Text] = [
            "count", "first", "not", "and", "hour", "time", "true", "now", "monday", "any", "every", "visit", "events",
            "trait", "properties", "context", "products", "Cart Size", "utm-source", "$x", "days", "of", "in", "é", "",
            "0", "where", "granted", "cart", "segment",
        ]
        pool.properties += words.map { PropertyPath(.properties, [$0]) }
        pool.properties += words.map { PropertyPath(.properties, [$0, "inner"]) }
        pool.properties += words.map { PropertyPath(.context, [$0]) }
        pool.itemProperties += words.map { PropertyPath(.items, [$0]) }
        pool.groups += words.map { PropertyPath(.properties, [$0]) }
        pool.traits += words.map { [$0] }
        pool.strings += ["\u{0}\u{1f}\u{7f}", "\u{2028}", "a\tb", "\\u0041", "😀", "e\u{301}", "#", "100%"]
        pool.numbers += decimals("1e-20", "1234567890123456789012345678901234", "-0.001")
        pool.times += ["2026-04-01 10:00", "2026-04-02T10:00+05:30", "2026-04-03T00:00:00-0800", "9998-12-31"]
        pool.purposes += ["third party", "and"]
        pool.channels += ["for", "in app"]
        return pool
    }()

    private static func path(_ name: Text) -> PropertyPath { PropertyPath(.properties, [name]) }

    private static func decimals(_ texts: Text...) -> [Decimal128] {
        texts.compactMap { Decimal128(jsonNumber: $0) }
    }

    private static let durations: [DurationLiteral] = [
        (1, DurationLiteral.Unit.days), (7, .days), (36, .hours), (30, .minutes), (2, .weeks), (1, .months),
        (1, .years), (0, .seconds), (90, .days), (0.5, .days), (0.001, .seconds),
    ].compactMap { amount, unit in
        Decimal128(amount).flatMap { DurationLiteral($0, unit) }
    }
}
