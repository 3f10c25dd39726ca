import EventModel
import Outbound

/// One request to a webhook, as it is kept for people to look at.
struct Attempt: Hashable, Sendable {
    enum Kind: String, Sendable {
        case change
        /// A dead letter that somebody had sent again.
        case deadLetter = "dead-letter"
        case test
        /// No request: a dead letter about somebody who was erased went; what is kept of it is this.
        case erased
    }

    /// Increases with time; 0 before it is kept.
    var id: Int64 = 0
    var time: Timestamp
    var kind: Kind
    var message: String
    var position: Int64?
    var outcome: OutboundAnswer.Outcome
    var status: Int?
    var milliseconds: Int

    init(_ message: WebhookMessage, _ kind: Kind, _ answer: OutboundAnswer, at time: Timestamp) {
        self.time = time
        self.kind = kind
        self.message = message.id
        position = message.position
        outcome = answer.outcome
        status = answer.status
        milliseconds = answer.milliseconds
    }

    init(
        id: Int64, time: Timestamp, kind: Kind, message: String, position: Int64?, outcome: OutboundAnswer.Outcome,
        status: Int?, milliseconds: Int
    ) {
        self.id = id
        self.time = time
        self.kind = kind
        self.message = message
        self.position = position
        self.outcome = outcome
        self.status = status
        self.milliseconds = milliseconds
    }
}

extension OutboundAnswer {
    /// Whether the receiver took the message.
    var isSuccess: Bool { status.map { (200...299).contains($0) } ?? false }
    /// Whether the receiver wants no more messages, ever.
    var isGone: Bool { status == 410 }
}

/// A message that was given up.
struct DeadLetter: Hashable, Sendable {
    /// Increases with time; 0 before it is kept.
    var id: Int64 = 0
    var message: WebhookMessage
    /// When it was tried first.
    var firstTry: Timestamp
    var failed: Timestamp
    var tries: Int
    var outcome: OutboundAnswer.Outcome
    var status: Int?
    /// Whether it waits to be sent once more.
    var isQueued = false
}
