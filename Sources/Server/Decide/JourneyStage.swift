import EventModel

/// How far somebody is on the way from hearing of the store to coming back to it.
enum JourneyStage: String, Sendable {
    case awareness
    case consideration
    case decision
    case purchase
    case active
    case loyal
    case lost

    /// Told by the base segments that every store has; somebody who did not buy yet, by the cart and by interest shown.
    init(segments: Set<Text>, hasCart: Bool, hasShownInterest: Bool) {
        let bought: [(segment: Text, stage: JourneyStage)] = [
            ("lapsed_customers", .lost), ("new_customers", .purchase), ("loyal_customers", .loyal),
            ("active_customers", .active),
        ]
        if let known = bought.first(where: { segments.contains($0.segment) }) {
            self = known.stage
        } else {
            self = hasCart ? .decision : hasShownInterest ? .consideration : .awareness
        }
    }
}
