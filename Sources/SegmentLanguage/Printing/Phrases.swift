internal import EventModel

/// Small pieces of canonical text.
enum Phrases {
    /// `7 days`
    static func duration(_ duration: DurationLiteral) -> String {
        "\(duration.amount) \(duration.unit.rawValue)"
    }
}
