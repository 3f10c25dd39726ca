/// The fixed words of the language.
package enum Words {
    static let weekdays: [String: Weekday] = [
        "monday": .monday, "tuesday": .tuesday, "wednesday": .wednesday, "thursday": .thursday,
        "friday": .friday, "saturday": .saturday, "sunday": .sunday,
    ]

    /// `hour`, `local_hour` and their like.
    static let timeFields: [String: (field: TimeField, local: Bool)] = {
        var result: [String: (field: TimeField, local: Bool)] = [:]
        for field in TimeField.allCases {
            result[field.rawValue] = (field, false)
            result["local_" + field.rawValue] = (field, true)
        }
        return result
    }()

    /// Aggregates of one word; `most frequent` has two.
    static let aggregates: [String: Aggregate] = {
        var result: [String: Aggregate] = [:]
        for aggregate in Aggregate.allCases where aggregate != .mostFrequent {
            result[aggregate.rawValue] = aggregate
        }
        return result
    }()

    /// Every function by its name, for suggestions.
    static let functions: [String] =
        Array(aggregates.keys) + ["most frequent", "bucket"] + Array(timeFields.keys)

    static func durationUnit(_ word: String) -> DurationLiteral.Unit? {
        DurationLiteral.Unit(rawValue: word) ?? DurationLiteral.Unit(rawValue: word + "s")
    }

    static func periodUnit(_ word: String) -> PeriodUnit? {
        PeriodUnit(rawValue: word) ?? PeriodUnit(rawValue: word + "s")
    }

    static func countUnit(_ word: String) -> CountRequirement.Unit? {
        CountRequirement.Unit(rawValue: word) ?? CountRequirement.Unit(rawValue: word + "s")
    }

    /// Words that start a condition about the profile's history, never one inside a filter.
    static let historyConditions: Set<String> = [
        "did", "sequence", "for", "in", "was", "entered", "left", "can",
    ]

    /// Words that cannot be the name of a metric, because a bare name would be taken for them.
    package static let reservedForMetrics: Set<String> = {
        var words: Set<String> = [
            "segment", "metric", "and", "or", "not", "true", "false", "now", "ago", "any", "every", "some",
            "did", "sequence", "for", "in", "was", "entered", "left", "can", "receive", "has", "where", "then",
            "within", "same", "of", "between", "exists", "contains", "starts", "ends", "with", "matches", "ignoring",
            "case", "anniversary", "next", "last", "first", "most", "frequent", "at", "least", "exactly", "more",
            "than", "fewer", "time", "times", "on", "or", "after", "before", "since", "from", "to", "today",
            "yesterday", "this", "trait", "profile", "cart", "consent", "properties", "context", "products",
            "granted", "denied", "revoked", "bucket", "local_time",
        ]
        words.formUnion(weekdays.keys)
        words.formUnion(timeFields.keys)
        words.formUnion(aggregates.keys)
        for unit in DurationLiteral.Unit.allCases {
            words.insert(unit.rawValue)
            words.insert(String(unit.rawValue.dropLast()))
        }
        return words
    }()

    /// Metrics every workspace has; no definition may take these names.
    package static let builtInMetrics: Set<String> = ["net_orders", "net_revenue"]

    /// Words with which a bare property path cannot start in canonical text; `properties.` stands before them.
    static let notBareInPaths: Set<String> = {
        var words = reservedForMetrics
        words.formUnion(["events", "visit", "item", "items"])
        words.subtract(aggregates.keys.filter { $0 != "last" && $0 != "first" })
        return words
    }()
}
