import EventModel
import EventStore
import Foundation
import GRDB

/// Messages to webhooks that are about somebody who was erased.
struct ErasedMessages {
    let erasure: PendingErasure

    /// Whether a message names the profile or one of its messages.
    func contains(_ message: WebhookMessage) -> Bool {
        guard let data = (try? JSONReader.parse(message.body))?.object?["data"]?.object else { return false }
        if let profile = data["profile"]?.text, erasure.ids.contains(profile) { return true }
        guard let id = data["cause"]?.object?["messageId"]?.text else { return false }
        return erasure.messageIDs.contains(id)
    }
}

/// What is done with `webhooks.db` to keep it safe and clear of people, whether it is served or not.
protocol WebhookSafekeeping: Sendable {
    /// Takes messages out that wait or were given up, down to the bytes; answers how many dead letters went.
    func erase(_ messages: ErasedMessages, at now: Timestamp) throws -> Int
    func copy(to path: String) throws
}

extension WebhookStore: WebhookSafekeeping {
    /// The body of a dead letter goes for good; an attempt of the kind `erased` says that there was one.
    func erase(_ messages: ErasedMessages, at now: Timestamp) throws -> Int {
        let count = try database.write { database in
            var theirs: [(webhook: String, letter: DeadLetter)] = []
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM dead_letter")
            while let row = try rows.next() {
                let letter = Self.letter(row)
                if messages.contains(letter.message) { theirs.append((row["webhook"], letter)) }
            }
            for (webhook, letter) in theirs {
                try database.execute(sql: "DELETE FROM dead_letter WHERE id = ?", arguments: [letter.id])
                let attempt = Attempt(
                    id: 0, time: now, kind: .erased, message: letter.message.id, position: letter.message.position,
                    outcome: letter.outcome, status: letter.status, milliseconds: 0)
                try Self.insert(attempt, webhook, database)
            }
            return theirs.count
        }
        try database.scrub()
        return count
    }

    func copy(to path: String) throws { try database.copy(to: path) }

    /// Sends nothing until somebody says so; answers how many webhooks there are.
    func pauseAll() throws -> Int {
        try database.write { database in
            try database.execute(
                sql: "UPDATE webhook SET pause = ? WHERE pause IS NULL", arguments: [Webhook.Pause.restored.rawValue])
            try database.execute(sql: "UPDATE dead_letter SET queued = 0")
            return try Int.fetchOne(
                database, sql: "SELECT count(*) FROM webhook WHERE pause = ?",
                arguments: [Webhook.Pause.restored.rawValue]) ?? 0
        }
    }
}

extension WebhookSender: WebhookSafekeeping {
    /// What was read of it and not sent yet is forgotten too. A request that is under way is not stopped; whatever comes of
    /// it, its message is not sent again.
    func erase(_ messages: ErasedMessages, at now: Timestamp) throws -> Int {
        try performAndWait { state in
            for id in state.lanes.keys.sorted() {
                guard var lane = state.lanes[id] else { continue }
                if lane.forget(messages.contains) { try store.update(lane.webhook) }
                state.lanes[id] = lane
            }
            return try store.erase(messages, at: now)
        }
    }

    func copy(to path: String) throws { try performAndWait { _ in try store.copy(to: path) } }
}
