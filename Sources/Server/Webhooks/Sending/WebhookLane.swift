import EventModel

/// What the sender knows of one webhook: at most one message is under way, so that changes arrive in their order.
struct WebhookLane {
    enum Item {
        case change(WebhookMessage)
        case letter(DeadLetter)

        var message: WebhookMessage {
            switch self {
            case .change(let message): message
            case .letter(let letter): letter.message
            }
        }
    }

    /// A message that is under way.
    struct Sending {
        /// Tells answers apart: one of an earlier message is of no concern.
        let number: Int
        let item: Item
        let begun: Timestamp
        /// Something was changed meanwhile, so that the answer moves nothing.
        var isStale = false
    }

    var webhook: Webhook
    /// Changes that were read and not delivered yet, in their order.
    var waiting: [WebhookMessage] = []
    /// Up to here the feed was read.
    var searchedTo: Int64
    var sending: Sending?
    /// Not before this a dead letter is sent again.
    var nextLetter: Timestamp?
    /// Whether dead letters may wait to be sent again.
    var hasLetters = true

    init(_ webhook: Webhook) {
        self.webhook = webhook
        searchedTo = webhook.progress.cursor
    }

    /// Forgets messages that were read; those that stay are read again. Answers whether the tries of the next change went
    /// with them.
    mutating func forget(_ isTheirs: (WebhookMessage) -> Bool) -> Bool {
        if let message = sending?.item.message, isTheirs(message) { sending?.isStale = true }
        guard waiting.contains(where: isTheirs) else { return false }
        let wasNext = waiting.first.map(isTheirs) ?? false
        // The one that is under way stays, for its answer takes it off.
        waiting = sending != nil && !wasNext ? Array(waiting.prefix(1)) : []
        searchedTo = waiting.last?.position ?? webhook.progress.cursor
        guard wasNext, webhook.progress.tries > 0 else { return false }
        webhook.progress = Webhook.Progress(cursor: webhook.progress.cursor)
        return true
    }

    /// Begins anew behind a position, with the next change not tried yet.
    mutating func restart(after position: Int64) {
        webhook.progress = Webhook.Progress(cursor: position)
        waiting = []
        searchedTo = position
        sending?.isStale = true
    }
}
