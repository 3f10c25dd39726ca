import EventModel
import Logging
import Outbound

/// Sending: what is due begins, and answers move what follows.
extension WebhookSender {
    /// Begins everything that is due.
    func step(_ state: inout State) {
        guard !state.isClosed, let feed else { return }
        var failure: (any Error)?
        do {
            let end = try feed.end()
            for id in state.lanes.keys.sorted() {
                do { try advance(id, feed, end, &state) } catch { failure = error }
            }
        } catch { failure = error }
        if let failure, !state.isBroken {
            logger.error("changes cannot be read", metadata: ["error": "\(failure)"])
        }
        state.isBroken = failure != nil
    }

    /// Begins the next message of a webhook, if there is one and it is due.
    private func advance(_ id: String, _ feed: any ChangeFeed, _ end: Int64, _ state: inout State) throws {
        guard var lane = state.lanes[id], lane.webhook.pause == nil, lane.sending == nil else { return }
        defer { state.lanes[id] = lane }
        try read(&lane, feed, end)
        let now = clock.now()
        if let message = lane.waiting.first {
            let progress = lane.webhook.progress
            if let due = progress.nextTry, due > now { return }
            // Receivers that fail keep a thread for long, so half of the threads are left to the others.
            let isFailing = progress.tries > 0
            guard !isFailing || failing(state) < max(1, client.width / 2) else { return }
            begin(.change(message), of: &lane, &state.lastNumber)
        } else if lane.hasLetters, lane.nextLetter ?? now <= now {
            guard let letter = try store.queuedDeadLetter(of: id) else {
                lane.hasLetters = false
                return
            }
            begin(.letter(letter), of: &lane, &state.lastNumber)
        }
    }

    private func failing(_ state: State) -> Int {
        state.lanes.values.count { $0.sending != nil && $0.webhook.progress.tries > 0 }
    }

    /// Reads changes when none waits.
    private func read(_ lane: inout WebhookLane, _ feed: any ChangeFeed, _ end: Int64) throws {
        let cursor = lane.webhook.progress.cursor
        if end < cursor {
            // The feed was made anew: its positions mean something else now.
            logger.warning("the changes begin anew", metadata: ["webhook": "\(lane.webhook.id)"])
            lane.restart(after: end)
            try store.update(lane.webhook)
        }
        guard lane.waiting.isEmpty, lane.searchedTo < end else { return }
        let (changes, searchedTo) = try feed.changes(
            after: lane.searchedTo, segments: lane.webhook.segments, limit: Self.readAhead)
        let id = lane.webhook.id
        lane.waiting = changes.map { WebhookMessage(webhook: id, position: $0.position, body: $0.body) }
        lane.searchedTo = max(lane.searchedTo, searchedTo)
        if changes.isEmpty, lane.searchedTo - cursor > Self.searchedWithoutKeeping {
            lane.webhook.progress.cursor = lane.searchedTo
            try store.update(lane.webhook)
        }
    }

    private func begin(_ item: WebhookLane.Item, of lane: inout WebhookLane, _ lastNumber: inout Int) {
        lastNumber += 1
        let number = lastNumber
        let now = clock.now()
        let id = lane.webhook.id
        lane.sending = WebhookLane.Sending(number: number, item: item, begun: now)
        client.post(item.message.request(to: lane.webhook, at: now)) { [weak self] answer in
            self?.later { $0.finish(number, of: id, answer, &$1) }
        }
    }

    // MARK: - Answers

    private func finish(_ number: Int, of id: String, _ answer: OutboundAnswer, _ state: inout State) {
        guard var lane = state.lanes[id], let sending = lane.sending, sending.number == number else { return }
        lane.sending = nil
        // Closing: it counts as not sent.
        guard answer.outcome != .stopped else {
            state.lanes[id] = lane
            return
        }
        do {
            switch sending.item {
            case .change(let message): try finish(message, sending, answer, &lane)
            case .letter(let letter): try finish(letter, sending, answer, &lane)
            }
        } catch {
            // What was not kept did not happen: the message is sent again, with the same id.
            logger.error("an attempt cannot be kept", metadata: ["webhook": "\(id)", "error": "\(error)"])
            lane.webhook.progress.nextTry = clock.now().adding(milliseconds: Self.pauseMilliseconds)
            lane.nextLetter = lane.webhook.progress.nextTry
        }
        state.lanes[id] = lane
        step(&state)
    }

    private func finish(
        _ message: WebhookMessage, _ sending: WebhookLane.Sending, _ answer: OutboundAnswer, _ lane: inout WebhookLane
    ) throws {
        let now = clock.now()
        let attempt = Attempt(message, .change, answer, at: sending.begun)
        guard !sending.isStale, let position = message.position else {
            return try store.record(attempt, of: lane.webhook.id)
        }
        var webhook = lane.webhook
        var letter: DeadLetter?
        if answer.isSuccess {
            webhook.progress = Webhook.Progress(cursor: position)
        } else if answer.isGone {
            // The change waits for whoever sets the webhook right and takes it up again.
            webhook.progress = Webhook.Progress(cursor: webhook.progress.cursor)
            webhook.pause = .gone
        } else {
            let firstTry = webhook.progress.firstTry ?? sending.begun
            let tries = webhook.progress.tries + 1
            let next = RetrySchedule.next(
                afterTries: tries, firstTry: firstTry, now: now, asked: answer.retryTime(from: now), random)
            if let next {
                webhook.progress.tries = tries
                webhook.progress.firstTry = firstTry
                webhook.progress.nextTry = next
            } else {
                webhook.progress = Webhook.Progress(cursor: position)
                letter = DeadLetter(
                    message: message, firstTry: firstTry, failed: now, tries: tries, outcome: answer.outcome,
                    status: answer.status)
            }
        }
        try store.record(attempt, of: webhook, burying: letter)
        lane.webhook = webhook
        if webhook.progress.cursor == position { lane.waiting.removeFirst() }
        say(webhook, letter)
    }

    private func finish(
        _ letter: DeadLetter, _ sending: WebhookLane.Sending, _ answer: OutboundAnswer, _ lane: inout WebhookLane
    ) throws {
        let attempt = Attempt(letter.message, .deadLetter, answer, at: sending.begun)
        try store.record(attempt, of: lane.webhook.id, letter: letter.id, isDelivered: answer.isSuccess)
        if !answer.isSuccess { lane.nextLetter = clock.now().adding(milliseconds: Self.pauseMilliseconds) }
        guard answer.isGone, !sending.isStale else { return }
        lane.webhook.pause = .gone
        try store.update(lane.webhook)
        say(lane.webhook, nil)
    }

    private func say(_ webhook: Webhook, _ letter: DeadLetter?) {
        if webhook.pause == .gone {
            logger.warning("a receiver is gone; its webhook was paused", metadata: ["webhook": "\(webhook.id)"])
        }
        if let letter {
            logger.warning(
                "a message was given up", metadata: ["webhook": "\(webhook.id)", "message": "\(letter.message.id)"])
        }
    }
}
