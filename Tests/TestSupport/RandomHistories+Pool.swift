import EventModel
import SegmentLanguage

extension RandomHistories {
    /// What random definitions should speak of to meet what random histories hold.
    package static let pool = RandomDefinitions.Pool(
        events: eventNames.map { Text($0) } + ["Order Refunded"],
        patterns: ["Product *", "*Opened", "*", "*r*e*", "A"],
        properties: properties.map { path(.properties, $0) } + [path(.context, "campaign.source")],
        itemProperties: itemProperties.map { path(.items, $0) },
        groups: ["category", "x", "product_id", "nested.a"].map { path(.properties, $0) }
            + ["category", "product_id"].map { path(.items, $0) } + [path(.context, "campaign.source")],
        traits: traits.map { [Text($0)] } + [["tier", "level"]],
        numbers: [0, 1, 2, 3, 5, 10, 50, 100, -5] + ["0.1", "0.3", "9.5", "49.99"].compactMap { decimal($0) },
        strings: ["", "shoes", "hats", "10", "true", "gold", "red", "p1", "17", "v", "SAVE10", "2026-03-15"],
        regexes: ["^s", "o+", "^[0-9.]+$"],
        times: [
            "2025-12-31", "2026-01-01", "2026-02-28T23:30:00Z", "2026-03-08", "2026-03-15", "2026-03-15T12:00:00.001Z",
            "2026-03-29", "2026-10-25T01:30:00Z", "2026-11-01", "2028-02-29",
        ],
        durations: durations,
        purposes: ["email", "sms", "marketing"],
        channels: ["email", "sms", "web_push"])

    private static func path(_ scope: PropertyPath.Scope, _ dotted: String) -> PropertyPath {
        PropertyPath(scope, dotted.split(separator: ".").map { Text(String($0)) })
    }

    private static func decimal(_ text: Text) -> Decimal128? { Decimal128(jsonNumber: text) }

    private static let durations: [DurationLiteral] = [
        (0, DurationLiteral.Unit.days), (1, .seconds), (30, .minutes), (1, .hours), (1, .days), (2, .days), (3, .days),
        (1, .weeks), (2, .weeks), (1, .months), (90, .days), (1, .years),
    ].compactMap { DurationLiteral($0, $1) }
}
