import EventModel
import Foundation
import GRDB
import Outbound

extension WebhookStore {
    /// Keeps an attempt together with what followed from it, all or nothing.
    ///
    /// - Parameters:
    ///   - webhook: as it stands after the attempt.
    ///   - letter: the message, when it was given up.
    func record(_ attempt: Attempt, of webhook: Webhook, burying letter: DeadLetter? = nil) throws {
        try database.write { database in
            try Self.insert(attempt, webhook.id, database)
            try Self.update(webhook, database)
            if let letter { try Self.insert(letter, webhook.id, database) }
        }
    }

    /// Keeps an attempt that changes nothing.
    func record(_ attempt: Attempt, of webhook: String) throws {
        try database.write { try Self.insert(attempt, webhook, $0) }
    }

    /// Keeps an attempt with a dead letter: one that was taken is gone, another one waits for people again.
    func record(_ attempt: Attempt, of webhook: String, letter id: Int64, isDelivered: Bool) throws {
        try database.write { database in
            try Self.insert(attempt, webhook, database)
            if isDelivered {
                try database.execute(sql: "DELETE FROM dead_letter WHERE id = ?", arguments: [id])
            } else {
                try database.execute(
                    sql: """
                        UPDATE dead_letter SET queued = 0, failed = ?, tries = tries + 1, outcome = ?, status = ?
                        WHERE id = ?
                        """,
                    arguments: [attempt.time.milliseconds, attempt.outcome.rawValue, attempt.status, id])
            }
        }
    }

    static func insert(_ attempt: Attempt, _ webhook: String, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO attempt (webhook, time, kind, message, position, outcome, status, milliseconds)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            webhook, attempt.time.milliseconds, attempt.kind.rawValue, attempt.message, attempt.position,
            attempt.outcome.rawValue, attempt.status, attempt.milliseconds,
        ])
        // Old ones are looked for now and then.
        guard database.lastInsertedRowID % 100 == 0 else { return }
        try database.execute(
            sql: """
                DELETE FROM attempt WHERE webhook = ? AND id <= (
                    SELECT id FROM attempt WHERE webhook = ? ORDER BY id DESC LIMIT 1 OFFSET ?)
                """, arguments: [webhook, webhook, mostAttempts])
    }

    private static func insert(_ letter: DeadLetter, _ webhook: String, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO dead_letter
                    (webhook, message, position, body, first_try, failed, tries, outcome, status, queued)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                webhook, letter.message.id, letter.message.position, Data(letter.message.body),
                letter.firstTry.milliseconds, letter.failed.milliseconds, letter.tries, letter.outcome.rawValue,
                letter.status, letter.isQueued,
            ])
    }

    // MARK: - Reading

    /// Attempts after an id, the oldest first.
    func attempts(of webhook: String, after id: Int64, limit: Int) throws -> [Attempt] {
        try rows("attempt", of: webhook, after: id, limit: limit).map(Self.attempt)
    }

    /// The newest attempts first.
    func newestAttempts(of webhook: String, limit: Int) throws -> [Attempt] {
        try database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM attempt WHERE webhook = ? ORDER BY id DESC LIMIT ?",
                arguments: [webhook, limit])
        }.map(Self.attempt)
    }

    private static func attempt(_ row: Row) -> Attempt {
        Attempt(
            id: row["id"], time: Timestamp(milliseconds: row["time"]),
            kind: Attempt.Kind(rawValue: row["kind"]) ?? .change, message: row["message"], position: row["position"],
            outcome: outcome(row), status: row["status"], milliseconds: row["milliseconds"])
    }

    /// Dead letters after an id, the oldest first.
    func deadLetters(of webhook: String, after id: Int64, limit: Int) throws -> [DeadLetter] {
        try rows("dead_letter", of: webhook, after: id, limit: limit).map(Self.letter)
    }

    private func rows(_ table: String, of webhook: String, after id: Int64, limit: Int) throws -> [Row] {
        try database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM \(table) WHERE webhook = ? AND id > ? ORDER BY id LIMIT ?",
                arguments: [webhook, id, limit])
        }
    }

    static func letter(_ row: Row) -> DeadLetter {
        DeadLetter(
            id: row["id"],
            message: WebhookMessage(id: row["message"], position: row["position"], body: Array(row["body"] as Data)),
            firstTry: Timestamp(milliseconds: row["first_try"]), failed: Timestamp(milliseconds: row["failed"]),
            tries: row["tries"], outcome: outcome(row), status: row["status"], isQueued: row["queued"])
    }

    private static func outcome(_ row: Row) -> OutboundAnswer.Outcome {
        OutboundAnswer.Outcome(rawValue: row["outcome"]) ?? .broken
    }

    /// How many dead letters each webhook has; those with none are left out.
    func deadLetterCounts() throws -> [String: Int] {
        let rows = try database.read { database in
            try Row.fetchAll(database, sql: "SELECT webhook, count(*) AS count FROM dead_letter GROUP BY webhook")
        }
        return Dictionary(
            rows.map { ($0["webhook"] as String, $0["count"] as Int) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: - Sending dead letters again

    /// Marks dead letters to be sent once more, and answers how many there were to mark.
    ///
    /// - Parameter ids: nil for all.
    func queueDeadLetters(of webhook: String, _ ids: [Int64]?) throws -> Int {
        try database.write { database in
            guard let ids else {
                try database.execute(
                    sql: "UPDATE dead_letter SET queued = 1 WHERE webhook = ? AND queued = 0", arguments: [webhook])
                return database.changesCount
            }
            var count = 0
            for id in ids {
                try database.execute(
                    sql: "UPDATE dead_letter SET queued = 1 WHERE webhook = ? AND queued = 0 AND id = ?",
                    arguments: [webhook, id])
                count += database.changesCount
            }
            return count
        }
    }

    /// The oldest dead letter that is to be sent once more.
    func queuedDeadLetter(of webhook: String) throws -> DeadLetter? {
        try database.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM dead_letter WHERE webhook = ? AND queued = 1 ORDER BY id LIMIT 1",
                arguments: [webhook])
        }.map(Self.letter)
    }
}
