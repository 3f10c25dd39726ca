package import EventModel

/// What is shown of a webhook.
package struct WebhookFacts: Sendable {
    package let id: String
    package let url: String
    package let about: String
    /// Nil: all.
    package let segments: [String]?
    /// Why nothing is sent: `asked`, `gone`, `restored` or `renewed`.
    package let pause: String?
    /// How often the next change was tried in vain, since when, and when it is tried next.
    package let tries: Int
    package let firstTry: Timestamp?
    package let nextTry: Timestamp?
    package let deadLetters: Int
    /// Changes that wait to be sent, at most.
    package let waiting: Int
    package let created: Timestamp

    package init(
        id: String, url: String, about: String, segments: [String]?, pause: String?, tries: Int, firstTry: Timestamp?,
        nextTry: Timestamp?, deadLetters: Int, waiting: Int, created: Timestamp
    ) {
        self.id = id
        self.url = url
        self.about = about
        self.segments = segments
        self.pause = pause
        self.tries = tries
        self.firstTry = firstTry
        self.nextTry = nextTry
        self.deadLetters = deadLetters
        self.waiting = waiting
        self.created = created
    }

    var path: String { "/settings/webhooks/\(pathPart(id))" }
    var segmentWords: String { segments.map { $0.joined(separator: ", ") } ?? "all" }

    var state: HTML {
        if pause != nil { return Pieces.tag("paused", "warn") }
        if tries > 0 { return Pieces.tag("failing", "bad") }
        return Pieces.tag("sending", "good")
    }

    var pauseWords: String? {
        switch pause {
        case nil: nil
        case "gone": "Its receiver answered 410: it wants no more messages."
        case "restored": "The store was restored from a backup, so receivers may hear of changes twice when it goes on."
        case "renewed": "Its secret was renewed: give its receiver a new one first."
        default: "Somebody paused it."
        }
    }
}

/// One request to a webhook, as it is shown.
package struct WebhookAttemptFacts: Sendable {
    package let time: Timestamp
    package let kind: String
    package let outcome: String
    package let status: Int?
    package let milliseconds: Int

    package init(time: Timestamp, kind: String, outcome: String, status: Int?, milliseconds: Int) {
        self.time = time
        self.kind = kind
        self.outcome = outcome
        self.status = status
        self.milliseconds = milliseconds
    }

    var tag: HTML {
        let isTaken = status.map { (200...299).contains($0) } ?? false
        return Pieces.tag(status.map(String.init) ?? outcome.replacing("-", with: " "), isTaken ? "good" : "bad")
    }
}

/// A message that was given up, as it is shown.
package struct DeadLetterFacts: Sendable {
    package let id: Int64
    package let failed: Timestamp
    package let tries: Int
    package let outcome: String
    package let status: Int?
    package let isQueued: Bool
    package let body: String

    package init(
        id: Int64, failed: Timestamp, tries: Int, outcome: String, status: Int?, isQueued: Bool, body: String
    ) {
        self.id = id
        self.failed = failed
        self.tries = tries
        self.outcome = outcome
        self.status = status
        self.isQueued = isQueued
        self.body = body
    }
}

/// What was typed about a webhook.
package struct WebhookForm: Sendable {
    package var url: String
    package var about: String
    /// Names with spaces or commas between them; empty: all.
    package var segments: String
    package var wrong: [String: String] = [:]

    package init(url: String, about: String, segments: String) {
        self.url = url
        self.about = about
        self.segments = segments
    }

    var fields: HTML {
        """
        \(FormPieces.line("url", "Address", url, hint: "Where messages are sent to, as in https://crm.example/shoal.", wrong: wrong["url"], " type=\"url\" required"))
        \(FormPieces.line("segments", "Segments", segments, hint: "Their names, with spaces between them. Empty: all.", wrong: wrong["segments"]))
        \(FormPieces.line("description", "What it is for", about, wrong: wrong["description"]))
        """
    }
}
