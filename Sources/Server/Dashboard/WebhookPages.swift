import Dashboard
import EventModel
import Hummingbird
import Membership
import Outbound
import SegmentLanguage

/// `/settings/webhooks`: admins look after webhooks.
struct WebhookPages: Sendable {
    let sender: WebhookSender
    let audit: AuditLog
    let sources: DashboardSources

    func add(to routes: inout Routes) {
        let list = RouteDescription("The page of webhooks.", access: .adminPage, answer: nil)
        routes.get("/settings/webhooks", list) { request, context in
            let isDone = request.uri.queryParameters["removed"] != nil
            return try await self.list(done: isDone ? "The webhook is removed." : nil, context).response
        }
        let make = RouteDescription("Make a webhook, whose secret is shown once.", access: .adminPage, answer: nil)
        routes.post("/settings/webhooks", make) { request, context in try await self.make(request, context) }
        let one = RouteDescription("The page of a webhook.", access: .adminPage, answer: nil)
        routes.get("/settings/webhooks/{id}", one) { _, context in
            try await self.one(String(try context.parameters.require("id")), News(), context).response
        }
        let change = RouteDescription(
            "Change a webhook, send it something, or remove it.", access: .adminPage, answer: nil)
        routes.post("/settings/webhooks/{id}", change) { request, context in try await self.change(request, context) }
    }

    // MARK: - All of them

    private func list(
        _ form: WebhookForm = WebhookForm(url: "", about: "", segments: ""), alert: String? = nil, done: String? = nil,
        _ context: ServerContext
    ) async throws -> Page {
        let view = WebhooksView(
            viewer: try context.viewer(), hooks: try await sender.facts(), form: form, alert: alert, done: done,
            zone: sources.zone)
        return Page(view.shell, status: alert == nil && form.wrong.isEmpty ? .ok : .unprocessableContent)
    }

    private func make(_ request: Request, _ context: ServerContext) async throws -> Response {
        let fields = try await FormFields(request)
        guard let actor = context.actor else { throw APIError.sessionEnded }
        var form = Self.form(fields)
        do {
            let entry = try await sender.create(try input(&form))
            try audit.append("webhook-made", entry.webhook.id, by: actor)
            let news = News(done: "The webhook is made.", secret: entry.webhook.secrets.current.text)
            return try await one(entry.webhook.id, news, context).response
        } catch let error as APIError {
            return try await list(form, alert: form.wrong.isEmpty ? error.message : nil, context).response
        }
    }

    // MARK: - One of them

    /// What was just done.
    private struct News {
        var done: String?
        var alert: String?
        var secret: String?
        var form: WebhookForm?
    }

    private static let shownAttempts = 20
    private static let shownLetters = 20

    private func one(_ id: String, _ news: News, _ context: ServerContext) async throws -> Page {
        let facts = try await sender.facts(of: id)
        let attempts = try await sender.newestAttempts(id, limit: Self.shownAttempts).map { attempt in
            WebhookAttemptFacts(
                time: attempt.time, kind: attempt.kind.rawValue, outcome: attempt.outcome.rawValue,
                status: attempt.status, milliseconds: attempt.milliseconds)
        }
        let letters = try await sender.deadLetters(id, after: 0, limit: Self.shownLetters).map { letter in
            DeadLetterFacts(
                id: letter.id, failed: letter.failed, tries: letter.tries, outcome: letter.outcome.rawValue,
                status: letter.status, isQueued: letter.isQueued,
                body: String(decoding: letter.message.body.prefix(2_000), as: UTF8.self))
        }
        let form =
            news.form
            ?? WebhookForm(url: facts.url, about: facts.about, segments: facts.segments?.joined(separator: " ") ?? "")
        let view = WebhookView(
            viewer: try context.viewer(), hook: facts, attempts: attempts, letters: letters, form: form,
            secret: news.secret, alert: news.alert, done: news.done, zone: sources.zone)
        return Page(view.shell, status: news.alert == nil && form.wrong.isEmpty ? .ok : .unprocessableContent)
    }

    private func change(_ request: Request, _ context: ServerContext) async throws -> Response {
        let fields = try await FormFields(request)
        let id = String(try context.parameters.require("id"))
        guard let actor = context.actor else { throw APIError.sessionEnded }
        var news = News()
        var action: String?
        switch fields["do"] {
        case "change":
            var form = Self.form(fields)
            do {
                _ = try await sender.change(id, try input(&form))
                (action, news.done) = ("webhook-changed", "Saved.")
            } catch let error as APIError where error.status != .notFound {
                news.form = form
                if form.wrong.isEmpty { news.alert = error.message }
            }
        case "pause", "resume":
            var input = WebhookInput()
            input.isPaused = fields["do"] == "pause"
            _ = try await sender.change(id, input)
            (action, news.done) = ("webhook-changed", fields["do"] == "pause" ? "It is paused." : "It goes on.")
        case "rotate":
            news.secret = try await sender.rotate(id).secrets.current.text
            action = "webhook-secret-replaced"
        case "test":
            let answer = try await sender.test(id).answer
            action = "webhook-tested"
            let said = answer.status.map { "answered \($0)" } ?? answer.outcome.rawValue.replacing("-", with: " ")
            let words = "The test message: \(said), after \(grouped(answer.milliseconds)) ms."
            if answer.isSuccess { news.done = words } else { news.alert = words }
        case "replay-letters":
            let count = try await sender.replayDeadLetters(id, nil)
            (action, news.done) = (
                "dead-letters-replayed", "\(counted(count, "message")) sent again, one after another."
            )
        case "replay", "delete": return try await confirmed(id, fields, by: actor, context)
        default: throw APIError(.badRequest, "bad-form", "The form cannot be read; go back and send it again.")
        }
        if let action { try audit.append(action, id, by: actor) }
        return try await one(id, news, context).response
    }

    /// What cannot be taken back is done when it was agreed to.
    private func confirmed(
        _ id: String, _ fields: FormFields, by actor: Actor, _ context: ServerContext
    ) async throws -> Response {
        let isRemoval = fields["do"] == "delete"
        let name = isRemoval ? "confirm" : "confirm-replay"
        guard fields[name] == "yes" else {
            let facts = try await sender.facts(of: id)
            var form = WebhookForm(
                url: facts.url, about: facts.about, segments: facts.segments?.joined(separator: " ") ?? "")
            form.wrong[name] = "Confirm this first."
            return try await one(id, News(form: form), context).response
        }
        if isRemoval {
            try await sender.delete(id)
            try audit.append("webhook-deleted", id, by: actor)
            return .seeOther("/settings/webhooks?removed")
        }
        _ = try await sender.replay(id, after: 0)
        try audit.append("webhook-replayed", id, by: actor)
        return try await one(id, News(done: "All changes are sent again, from the first one on."), context).response
    }

    // MARK: - What was typed

    private static func form(_ fields: FormFields) -> WebhookForm {
        WebhookForm(
            url: fields["url"].trimmingBlanks, about: fields["description"].trimmingBlanks,
            segments: fields["segments"].trimmingBlanks)
    }

    /// - Throws: what is wrong, which then stands in the form too where one field is to blame.
    private func input(_ form: inout WebhookForm) throws -> WebhookInput {
        let names = form.segments.split { $0 == "," || $0.isWhitespace }.map(String.init)
        if let unknown = names.first(where: { sources.segments.memberships.program?[Text($0)]?.condition == nil }) {
            form.wrong["segments"] = "There is no segment “\(unknown)”."
            throw APIError(.badRequest, "bad-webhook", "There is no segment “\(unknown)”.")
        }
        let body = JSONObject([
            ("url", .text(form.url)), ("description", .text(form.about)),
            ("segments", names.isEmpty ? .null : .array(names.map { .text($0) })),
        ])
        do {
            return try WebhookInput(
                JSONWriter.bytes(of: .object(body)), members: ["url", "description", "segments"])
        } catch {
            switch (error.details["member"]?.text?.string, error.code) {
            case (let member?, _): form.wrong[member] = error.message
            case (nil, Limits.urlCharacters.code): form.wrong["url"] = error.message
            case (nil, Limits.descriptionCharacters.code): form.wrong["description"] = error.message
            default: break
            }
            throw error
        }
    }
}

extension WebhookSender {
    /// What is shown of all webhooks, the oldest first.
    func facts() async throws -> [WebhookFacts] {
        let end = (try? feed?.end()) ?? 0
        return try await entries().map { $0.facts(end: end) }
    }

    func facts(of id: String) async throws -> WebhookFacts {
        try await entry(id).facts(end: (try? feed?.end()) ?? 0)
    }
}

extension WebhookSender.Entry {
    fileprivate func facts(end: Int64) -> WebhookFacts {
        WebhookFacts(
            id: webhook.id, url: webhook.url, about: webhook.description.string,
            segments: webhook.segments.map { $0.map(\.string).sorted() }, pause: webhook.pause?.rawValue,
            tries: webhook.progress.tries, firstTry: webhook.progress.firstTry, nextTry: webhook.progress.nextTry,
            deadLetters: deadLetters, waiting: max(0, Int(end - webhook.progress.cursor)), created: webhook.created)
    }
}
