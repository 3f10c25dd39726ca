import EventModel
import HTTPTypes
import Outbound

/// What people do with webhooks. Each call is between two steps, and on the disk when it returns.
extension WebhookSender {
    /// A webhook and what is known about it.
    struct Entry: Sendable {
        var webhook: Webhook
        var deadLetters: Int
    }

    func entries() async throws -> [Entry] {
        try await perform { sender, state in
            let counts = try sender.store.deadLetterCounts()
            return state.lanes.values.map { Entry(webhook: $0.webhook, deadLetters: counts[$0.webhook.id] ?? 0) }
                .sorted { ($0.webhook.created, $0.webhook.id) < ($1.webhook.created, $1.webhook.id) }
        }
    }

    func entry(_ id: String) async throws -> Entry {
        try await perform { sender, state in try sender.entry(id, state) }
    }

    private func entry(_ id: String, _ state: State) throws -> Entry {
        let webhook = try Self.lane(id, state).webhook
        return Entry(webhook: webhook, deadLetters: try store.deadLetterCounts()[id] ?? 0)
    }

    static func lane(_ id: String, _ state: State) throws(APIError) -> WebhookLane {
        guard let lane = state.lanes[id] else {
            throw APIError(.notFound, "unknown-webhook", "There is no such webhook; GET /v1/webhooks lists them.")
        }
        return lane
    }

    /// Makes a webhook; without a position in the input it is told of what changes from now on.
    func create(_ input: WebhookInput) async throws -> Entry {
        try await perform { sender, state in
            guard state.lanes.count < Limits.webhooks.value else {
                throw APIError(
                    .badRequest, Limits.webhooks.code,
                    "There are \(Limits.webhooks.value) webhooks, as many as there may be; delete one first.")
            }
            guard let url = input.url else { throw WebhookInput.missing("url", "the address to send to") }
            let end = try sender.feed?.end() ?? 0
            let webhook = Webhook(
                id: Webhook.freshID(sender.random), url: url, description: input.description ?? "",
                segments: input.segments ?? nil, created: sender.clock.now(),
                pause: input.isPaused == true ? .asked : nil,
                secrets: WebhookSecrets(current: WebhookSecret(sender.random)),
                progress: Webhook.Progress(cursor: try Self.position(input.after, end) ?? end))
            try sender.store.insert(webhook)
            state.lanes[webhook.id] = WebhookLane(webhook)
            sender.step(&state)
            return try sender.entry(webhook.id, state)
        }
    }

    /// Changes what the input names. Other segments or another address begin at once with the next change.
    func change(_ id: String, _ input: WebhookInput) async throws -> Entry {
        try await perform { sender, state in
            var lane = try Self.lane(id, state)
            let before = lane.webhook
            if let url = input.url { lane.webhook.url = url }
            if let description = input.description { lane.webhook.description = description }
            if let segments = input.segments { lane.webhook.segments = segments }
            if let isPaused = input.isPaused, isPaused != (lane.webhook.pause != nil) {
                lane.webhook.pause = isPaused ? .asked : nil
            }
            let isOther =
                lane.webhook.url != before.url || lane.webhook.segments != before.segments
                || (lane.webhook.pause == nil) != (before.pause == nil)
            if isOther { lane.restart(after: before.progress.cursor) }
            try sender.store.update(lane.webhook)
            state.lanes[id] = lane
            sender.step(&state)
            return try sender.entry(id, state)
        }
    }

    func delete(_ id: String) async throws {
        try await perform { sender, state in
            _ = try Self.lane(id, state)
            try sender.store.delete(id)
            state.lanes[id] = nil
        }
    }

    /// Gives a webhook a new secret; the one before is valid beside it for a day.
    func rotate(_ id: String) async throws -> Webhook {
        try await perform { sender, state in
            var lane = try Self.lane(id, state)
            lane.webhook.secrets.rotate(to: WebhookSecret(sender.random), at: sender.clock.now())
            try sender.store.updateSecrets(lane.webhook)
            state.lanes[id] = lane
            return lane.webhook
        }
    }

    /// Sends everything behind a position, again or for the first time.
    func replay(_ id: String, after position: Int) async throws -> Entry {
        try await perform { sender, state in
            var lane = try Self.lane(id, state)
            let end = try sender.feed?.end() ?? 0
            lane.restart(after: try Self.position(position, end) ?? end)
            try sender.store.update(lane.webhook)
            state.lanes[id] = lane
            sender.step(&state)
            return try sender.entry(id, state)
        }
    }

    private static func position(_ after: Int?, _ end: Int64) throws(APIError) -> Int64? {
        guard let after else { return nil }
        guard after >= 0, after <= end else {
            throw APIError(
                .badRequest, "bad-position", "after is a position of the changes, a whole number from 0 to \(end).")
        }
        return Int64(after)
    }

    /// Sends a message that tells of no change, now and once, also when the webhook is paused.
    func test(_ id: String) async throws -> (message: WebhookMessage, answer: OutboundAnswer) {
        let webhook = try await entry(id).webhook
        let begun = clock.now()
        let message = WebhookMessage(testOf: id, at: begun, random)
        let request = message.request(to: webhook, at: begun)
        let answer = await withCheckedContinuation { continuation in
            client.post(request) { continuation.resume(returning: $0) }
        }
        try await perform { sender, state in
            // It may have been deleted meanwhile, and nobody asks for its attempts then.
            guard state.lanes[id] != nil else { return }
            try sender.store.record(Attempt(message, .test, answer, at: begun), of: id)
        }
        return (message, answer)
    }

    func attempts(_ id: String, after: Int64, limit: Int) async throws -> [Attempt] {
        try await perform { sender, state in
            _ = try Self.lane(id, state)
            return try sender.store.attempts(of: id, after: after, limit: limit)
        }
    }

    /// The newest attempts first.
    func newestAttempts(_ id: String, limit: Int) async throws -> [Attempt] {
        try await perform { sender, state in
            _ = try Self.lane(id, state)
            return try sender.store.newestAttempts(of: id, limit: limit)
        }
    }

    func deadLetters(_ id: String, after: Int64, limit: Int) async throws -> [DeadLetter] {
        try await perform { sender, state in
            _ = try Self.lane(id, state)
            return try sender.store.deadLetters(of: id, after: after, limit: limit)
        }
    }

    /// Has dead letters sent once more, and answers how many; nil: all.
    func replayDeadLetters(_ id: String, _ letters: [Int64]?) async throws -> Int {
        try await perform { sender, state in
            var lane = try Self.lane(id, state)
            let count = try sender.store.queueDeadLetters(of: id, letters)
            lane.hasLetters = true
            lane.nextLetter = nil
            state.lanes[id] = lane
            sender.step(&state)
            return count
        }
    }
}
