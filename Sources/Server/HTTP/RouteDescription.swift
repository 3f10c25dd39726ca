import EventModel
import HTTPTypes

/// What a route takes and answers, for `/openapi.json`.
struct RouteDescription: Sendable {
    /// Whom a route lets in.
    enum Access: String, CaseIterable, Sendable {
        case anybody
        /// Any key; it may stand in the body, so the route looks for it itself.
        case writeKey
        /// A secret key, or a user who is signed in.
        case viewer
        /// A secret key, or a user who may save segments.
        case editor
        /// A secret key, or an admin.
        case secretKey
        /// An admin who is signed in; no key, so that nobody is let in for good with a key that leaks.
        case admin
        /// A page for anybody.
        case page
        /// A page for a user who is signed in; others are sent to sign in.
        case ownPage
        /// A page for users who may save segments, and one for admins.
        case editorPage
        case adminPage

        /// The role that a user needs.
        var role: Role? {
            switch self {
            case .anybody, .writeKey, .page: nil
            case .viewer, .ownPage: .viewer
            case .editor, .editorPage: .editor
            case .secretKey, .admin, .adminPage: .admin
            }
        }

        var takesSecretKey: Bool { self == .viewer || self == .editor || self == .secretKey }

        /// Whether what senders and probes ask it is answered where it was read; see `LoopExecutor`.
        var isOfSenders: Bool { self == .anybody || self == .writeKey }

        /// Whether it is for people: HTML, not part of the API.
        var isPage: Bool {
            switch self {
            case .page, .ownPage, .editorPage, .adminPage: true
            case .anybody, .writeKey, .viewer, .editor, .secretKey, .admin: false
            }
        }
    }

    /// A parameter of the query.
    struct Parameter: Sendable {
        var name: String
        var text: String
        /// Of a whole number; nil: a text.
        var range: ClosedRange<Int>?
        var usual = 0

        static func text(_ name: String, _ text: String) -> Parameter { Parameter(name: name, text: text, range: nil) }

        /// Those of a list that comes in pages; see `Request.page()`.
        static let page = [
            Parameter(
                name: "after", text: "Only those after this id; what an answer calls next.", range: 0...Int.max,
                usual: 0),
            Parameter(name: "limit", text: "At most so many.", range: 1...1_000, usual: 100),
        ]
    }

    /// A name under `OpenAPIDocument.schemas`.
    enum Schema: String, Sendable {
        case message = "Message"
        case batch = "Batch"
        case capture = "Capture"
        case verdicts = "Verdicts"
        case rejects = "Rejects"
        case definition = "Definition"
        case conversion = "Conversion"
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
        case newUser = "NewUser"
        case userChange = "UserChange"
        case user = "User"
        case userLink = "UserLink"
        case users = "Users"
        case audit = "Audit"
        case newKey = "NewKey"
        case key = "Key"
        case keys = "Keys"
        case imports = "Imports"
        case fileImport = "FileImport"
        case object = "AnyObject"
    }

    var summary: String
    var access: Access
    var body: Schema?
    /// Nil: plain text.
    var answer: Schema?
    var parameters: [Parameter] = []
    /// What it does, for the audit log; nil: nothing that would stand there.
    var action: String?
    /// Whether its body is a file, as it is.
    var takesFile = false
    /// Whether it is refused while others depend on what it changes.
    var mayConflict = false

    init(
        _ summary: String, access: Access, body: Schema? = nil, answer: Schema?, parameters: [Parameter] = [],
        action: String? = nil
    ) {
        self.summary = summary
        self.access = access
        self.body = body
        self.answer = answer
        self.parameters = parameters
        self.action = action
    }
}
