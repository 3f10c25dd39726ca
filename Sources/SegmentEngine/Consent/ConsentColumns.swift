import EventModel

/// The columns that consent and reach need, as places among the plan's columns.
struct ConsentColumns: Sendable {
    let purpose: Int
    let state: Int
    let channel: Int
    let type: Int

    static let events: [Text] = [
        EventName.consentUpdated, EventName.unsubscribed, EventName.messageBounced, EventName.suppressed,
        EventName.pushSubscribed, EventName.pushUnsubscribed,
    ]

    init(_ column: (PropertyPath) -> Int) {
        purpose = column(PropertyPath(.properties, ["purpose"]))
        state = column(PropertyPath(.properties, ["state"]))
        channel = column(PropertyPath(.properties, ["channel"]))
        type = column(PropertyPath(.properties, ["type"]))
    }

    /// Where the context of any message tells the state of a purpose.
    static func preference(_ purpose: Text) -> PropertyPath {
        PropertyPath(.context, ["consent", "categoryPreferences", purpose])
    }
}
