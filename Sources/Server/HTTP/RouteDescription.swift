import EventModel
import HTTPTypes

/// What a route takes and answers, for `/openapi.json`.
struct RouteDescription: Sendable {
    enum Access: Sendable {
        case anybody, writeKey, secretKey
    }

    /// A parameter of the query.
    struct Parameter: Sendable {
        var name: String
        var text: String
        /// Of a whole number; nil: a text.
        var range: ClosedRange<Int>?
        var usual = 0

        static func text(_ name: String, _ text: String) -> Parameter { Parameter(name: name, text: text, range: nil) }
    }

    /// A name under `OpenAPIDocument.schemas`.
    enum Schema: String, Sendable {
        case message = "Message"
        case batch = "Batch"
        case capture = "Capture"
        case verdicts = "Verdicts"
        case rejects = "Rejects"
        case definition = "Definition"
        case decision = "Decision"
        case status = "Status"
        case newWebhook = "NewWebhook"
        case webhookChange = "WebhookChange"
        case webhook = "Webhook"
        case webhooks = "Webhooks"
        case rotation = "Rotation"
        case webhookTest = "WebhookTest"
        case replay = "Replay"
        case attempts = "Attempts"
        case deadLetters = "DeadLetters"
        case deadLetterReplay = "DeadLetterReplay"
        case queued = "Queued"
        case object = "AnyObject"
    }

    var summary: String
    var access: Access
    var body: Schema?
    /// Nil: plain text.
    var answer: Schema?
    var parameters: [Parameter] = []
    /// Whether it is refused while others depend on what it changes.
    var mayConflict = false

    init(
        _ summary: String, access: Access, body: Schema? = nil, answer: Schema?, parameters: [Parameter] = []
    ) {
        self.summary = summary
        self.access = access
        self.body = body
        self.answer = answer
        self.parameters = parameters
    }
}
