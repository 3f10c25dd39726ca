import EventModel
import Foundation
import GRDB
import Outbound

/// Keeps webhooks, how far each was told, what was tried and what was given up: `webhooks.db`.
///
/// When a call that changes something returns, it is on the disk.
final class WebhookStore: Sendable {
    /// So many attempts of each webhook are kept, the newest ones.
    static let mostAttempts = 1_000

    let database: ServiceDatabase

    /// - Parameter directory: the data directory, whose lock the caller holds.
    init(in directory: String) throws {
        database = try ServiceDatabase(in: directory, .webhooks)
        try database.requireSound(in: directory)
    }

    func close() { try? database.close() }

    // MARK: - Webhooks

    /// All of them, the oldest first.
    func webhooks() throws -> [Webhook] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM webhook ORDER BY created, id").map(Self.webhook)
        }
    }

    func insert(_ webhook: Webhook) throws {
        try database.write { database in
            try database.execute(
                sql: "INSERT INTO webhook (id, created, url, description, secret, cursor) VALUES (?, ?, '', '', '', 0)",
                arguments: [webhook.id, webhook.created.milliseconds])
            try Self.update(webhook, database)
        }
    }

    func update(_ webhook: Webhook) throws { try database.write { try Self.update(webhook, $0) } }

    /// Removes a webhook with its attempts and dead letters.
    func delete(_ id: String) throws {
        try database.write { database in
            for table in ["attempt", "dead_letter"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE webhook = ?", arguments: [id])
            }
            try database.execute(sql: "DELETE FROM webhook WHERE id = ?", arguments: [id])
        }
    }

    /// Writes everything but the id and the time of creation.
    static func update(_ webhook: Webhook, _ database: Database) throws {
        let segments = webhook.segments.map { names in
            JSONWriter.text(of: .array(names.sorted().map { .string($0) }))
        }
        let progress = webhook.progress
        try database.cachedStatement(
            sql: """
                UPDATE webhook SET url = ?, description = ?, segments = ?, pause = ?, secret = ?, old_secret = ?,
                    old_secret_until = ?, cursor = ?, tries = ?, first_try = ?, next_try = ? WHERE id = ?
                """
        ).execute(arguments: [
            webhook.url, webhook.description.string, segments, webhook.pause?.rawValue, webhook.secrets.current.text,
            webhook.secrets.previous?.text, webhook.secrets.previousUntil?.milliseconds, progress.cursor,
            progress.tries, progress.firstTry?.milliseconds, progress.nextTry?.milliseconds, webhook.id,
        ])
    }

    private static func webhook(_ row: Row) throws -> Webhook {
        guard let secret = WebhookSecret(row["secret"] as String) else {
            throw DatabaseError(message: "a webhook has no secret that can be read")
        }
        let segments = (row["segments"] as String?).flatMap { try? JSONReader.parse($0).elements }
        return Webhook(
            id: row["id"], url: row["url"], description: Text(row["description"] as String),
            segments: segments.map { Set($0.compactMap(\.text)) }, created: Timestamp(milliseconds: row["created"]),
            pause: (row["pause"] as String?).flatMap(Webhook.Pause.init),
            secrets: WebhookSecrets(
                current: secret, previous: (row["old_secret"] as String?).flatMap { WebhookSecret($0) },
                previousUntil: instant(row["old_secret_until"])),
            progress: Webhook.Progress(
                cursor: row["cursor"], tries: row["tries"], firstTry: instant(row["first_try"]),
                nextTry: instant(row["next_try"])))
    }

    static func instant(_ milliseconds: Int64?) -> Timestamp? {
        milliseconds.map { Timestamp(milliseconds: $0) }
    }
}

extension ServiceDatabase.Schema {
    /// `webhooks.db`: webhooks, attempts and dead letters. "SHOW".
    static let webhooks = Self(
        name: "webhooks.db", applicationID: 0x5348_4F57,
        damage: ServiceDatabase.Damage(
            code: "webhooks-database-damaged",
            advice: "restore it from a backup, or move it away and make the webhooks anew: they have new secrets then"),
        migrations: [
            { database in
                try database.execute(
                    sql: """
                        CREATE TABLE webhook (
                            id TEXT PRIMARY KEY, url TEXT NOT NULL, description TEXT NOT NULL, segments TEXT,
                            created INTEGER NOT NULL, pause TEXT, secret TEXT NOT NULL, old_secret TEXT,
                            old_secret_until INTEGER, cursor INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
                            first_try INTEGER, next_try INTEGER
                        ) STRICT, WITHOUT ROWID;
                        CREATE TABLE attempt (
                            id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, time INTEGER NOT NULL,
                            kind TEXT NOT NULL, message TEXT NOT NULL, position INTEGER, outcome TEXT NOT NULL,
                            status INTEGER, milliseconds INTEGER NOT NULL
                        ) STRICT;
                        CREATE INDEX attempt_webhook ON attempt (webhook, id);
                        CREATE TABLE dead_letter (
                            id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, message TEXT NOT NULL,
                            position INTEGER, body BLOB NOT NULL, first_try INTEGER NOT NULL, failed INTEGER NOT NULL,
                            tries INTEGER NOT NULL, outcome TEXT NOT NULL, status INTEGER, queued INTEGER NOT NULL
                        ) STRICT;
                        CREATE INDEX dead_letter_webhook ON dead_letter (webhook, id);
                        """)
            }
        ])
}
