import EventModel
import Hummingbird
import Outbound

/// `/v1/webhooks`: making webhooks, looking after them, and having messages sent again. All need a secret key or an
/// admin.
struct WebhookRoutes: Sendable {
    let sender: WebhookSender

    private typealias Handler = @Sendable (Request, String) async throws -> JSONValue

    func add(to routes: inout Routes) {
        addDefinitions(to: &routes)
        addActions(to: &routes)
        addLists(to: &routes)
    }

    // MARK: - Definitions

    private func addDefinitions(to routes: inout Routes) {
        let list = RouteDescription("List webhooks.", access: .secretKey, answer: .webhooks)
        routes.get("/v1/webhooks", list) { request, _ in
            return Response(["webhooks": .array(try await sender.entries().map(\.json))])
        }
        let make = RouteDescription(
            "Make a webhook; its secret is shown this once.", access: .secretKey, body: .newWebhook, answer: .webhook,
            action: "webhook-made")
        routes.post("/v1/webhooks", make) { request, context in
            let input = try WebhookInput(
                try await body(request), members: ["url", "description", "segments", "paused", "after"])
            let entry = try await sender.create(input)
            context.subject?.set(entry.webhook.id)
            var object = entry.json.object ?? JSONObject()
            object.append("secret", .string(Text(entry.webhook.secrets.current.text)))
            return Response(.object(object))
        }
        let show = RouteDescription("Show a webhook.", access: .secretKey, answer: .webhook)
        routes.get("/v1/webhooks/{id}", show, handler { _, id in try await sender.entry(id).json })
        let change = RouteDescription(
            "Change what the body names; false for paused takes it up again.", access: .secretKey,
            body: .webhookChange, answer: .webhook, action: "webhook-changed")
        routes.patch(
            "/v1/webhooks/{id}", change,
            handler { request, id in
                let input = try WebhookInput(
                    try await body(request), members: ["url", "description", "segments", "paused"])
                return try await sender.change(id, input).json
            })
        let delete = RouteDescription(
            "Delete a webhook with its attempts and dead letters.", access: .secretKey, answer: .status,
            action: "webhook-deleted")
        routes.delete(
            "/v1/webhooks/{id}", delete,
            handler { _, id in
                try await sender.delete(id)
                return ["status": "deleted"]
            })
    }

    // MARK: - Actions

    private func addActions(to routes: inout Routes) {
        let rotate = RouteDescription(
            "Give a webhook a new secret, shown this once; the one before stays valid for 24 hours.",
            access: .secretKey, answer: .rotation, action: "webhook-secret-replaced")
        routes.post(
            "/v1/webhooks/{id}/rotate", rotate,
            handler { _, id in
                let secrets = try await sender.rotate(id).secrets
                return .object(
                    JSONObject([
                        ("secret", .string(Text(secrets.current.text))),
                        ("previousValidUntil", .instant(secrets.previousUntil)),
                    ]))
            })
        let test = RouteDescription(
            "Send a signed test message now and wait for what comes back.", access: .secretKey, answer: .webhookTest,
            action: "webhook-tested")
        routes.post("/v1/webhooks/{id}/test", test, handler { _, id in try await self.test(id) })
        let replay = RouteDescription(
            "Send all changes behind a position, again or for the first time.", access: .secretKey, body: .replay,
            answer: .webhook, action: "webhook-replayed")
        routes.post(
            "/v1/webhooks/{id}/replay", replay,
            handler { request, id in
                let input = try WebhookInput(try await body(request), members: ["after"])
                guard let after = input.after else { throw WebhookInput.missing("after", "a position") }
                return try await sender.replay(id, after: after).json
            })
        let letters = RouteDescription(
            "Send dead letters once more, while no change waits.", access: .secretKey, body: .deadLetterReplay,
            answer: .queued, action: "dead-letters-replayed")
        routes.post(
            "/v1/webhooks/{id}/dead-letters/replay", letters,
            handler { request, id in
                let choice = try DeadLetterChoice(try await body(request))
                return ["queued": .number(Decimal128(try await sender.replayDeadLetters(id, choice.ids)))]
            })
    }

    private func test(_ id: String) async throws -> JSONValue {
        let (message, answer) = try await sender.test(id)
        return .object(
            JSONObject([
                ("ok", .bool(answer.isSuccess)), ("message", .string(Text(message.id))),
                ("outcome", .string(Text(answer.outcome.rawValue))), ("status", .count(answer.status)),
                ("milliseconds", .count(answer.milliseconds)),
            ]))
    }

    // MARK: - Lists

    private func addLists(to routes: inout Routes) {
        let attempts = RouteDescription(
            "List what was sent and what came back, the oldest first.", access: .secretKey, answer: .attempts,
            parameters: RouteDescription.Parameter.page)
        routes.get(
            "/v1/webhooks/{id}/attempts", attempts,
            handler { request, id in
                let (after, limit) = try request.page()
                let attempts = try await sender.attempts(id, after: Int64(after), limit: limit)
                return [
                    "attempts": .array(attempts.map(\.json)), "next": .count(Int(attempts.last?.id ?? Int64(after))),
                ]
            })
        let letters = RouteDescription(
            "List messages that were given up, the oldest first.", access: .secretKey, answer: .deadLetters,
            parameters: RouteDescription.Parameter.page)
        routes.get(
            "/v1/webhooks/{id}/dead-letters", letters,
            handler { request, id in
                let (after, limit) = try request.page()
                let letters = try await sender.deadLetters(id, after: Int64(after), limit: limit)
                return [
                    "deadLetters": .array(letters.map(\.json)), "next": .count(Int(letters.last?.id ?? Int64(after))),
                ]
            })
    }

    // MARK: - Shared

    private func handler(
        _ body: @escaping Handler
    ) -> @Sendable (Request, ServerContext) async throws -> Response {
        { request, context in
            return Response(try await body(request, context.parameters.require("id")))
        }
    }

    private func body(_ request: Request) async throws -> [UInt8] {
        try await RequestBody.read(request, limit: Limits.batchBytes.value)
    }
}
