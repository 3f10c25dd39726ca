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
    private let box: SecretBox

    /// - Parameters:
    ///   - directory: the data directory, whose lock the caller holds.
    ///   - box: seals the secrets; none for work that has nothing to do with them.
    init(in directory: String, _ box: SecretBox = .none) throws {
        self.box = box
        database = try ServiceDatabase(in: directory, .webhooks)
        try database.requireSound(in: directory)
    }

    func close() { try? database.close() }

    // MARK: - Webhooks

    /// All of them, the oldest first.
    func webhooks() throws -> [Webhook] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM webhook ORDER BY created, id").map(webhook)
        }
    }

    /// Seals anew what is sealed with another key than the first, or was written before secrets were sealed.
    func sealAnew() throws {
        let wasPlain = try database.write { database in
            let rows = try Row.fetchAll(database, sql: "SELECT id, secret, old_secret FROM webhook")
            let texts = rows.flatMap { [$0["secret"] as String?, $0["old_secret"] as String?] }.compactMap { $0 }
            guard !texts.allSatisfy({ Self.sealedBytes($0).map(box.isCurrent) ?? false }) else { return false }
            for row in rows {
                let id: String = row["id"]
                try write(
                    try secret(row["secret"], of: id),
                    try (row["old_secret"] as String?).map { try secret($0, of: id) }, of: id, database)
            }
            return texts.contains { $0.hasPrefix(WebhookSecret.prefix) }
        }
        if wasPlain { try database.scrub() }
    }

    /// Gives each webhook a secret that nobody knows yet, and pauses it until somebody has told its receiver. Answers how many.
    func renewSecrets(_ random: any RandomSource) throws -> Int {
        let count = try database.write { database in
            let ids = try String.fetchAll(database, sql: "SELECT id FROM webhook")
            for id in ids {
                try write(WebhookSecret(random), nil, of: id, database)
                try database.execute(
                    sql: "UPDATE webhook SET pause = ?, old_secret_until = NULL WHERE id = ?",
                    arguments: [Webhook.Pause.renewed.rawValue, id])
            }
            return ids.count
        }
        try database.scrub()
        return count
    }

    func insert(_ webhook: Webhook) throws {
        try database.write { database in
            try database.execute(
                sql: "INSERT INTO webhook (id, created, url, description, secret, cursor) VALUES (?, ?, '', '', '', 0)",
                arguments: [webhook.id, webhook.created.milliseconds])
            try Self.update(webhook, database)
            try updateSecrets(webhook, database)
        }
    }

    /// Writes everything but the secrets.
    func update(_ webhook: Webhook) throws { try database.write { try Self.update(webhook, $0) } }

    func updateSecrets(_ webhook: Webhook) throws { try database.write { try updateSecrets(webhook, $0) } }

    /// Removes a webhook with its attempts and dead letters.
    func delete(_ id: String) throws {
        try database.write { database in
            for table in ["attempt", "dead_letter"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE webhook = ?", arguments: [id])
            }
            try database.execute(sql: "DELETE FROM webhook WHERE id = ?", arguments: [id])
        }
    }

    /// Writes everything but the id, the time of creation and the secrets.
    static func update(_ webhook: Webhook, _ database: Database) throws {
        let segments = webhook.segments.map { names in
            JSONWriter.text(of: .array(names.sorted().map { .string($0) }))
        }
        let progress = webhook.progress
        try database.cachedStatement(
            sql: """
                UPDATE webhook SET url = ?, description = ?, segments = ?, pause = ?, cursor = ?, tries = ?,
                    first_try = ?, next_try = ? WHERE id = ?
                """
        ).execute(arguments: [
            webhook.url, webhook.description.string, segments, webhook.pause?.rawValue, progress.cursor,
            progress.tries, progress.firstTry?.milliseconds, progress.nextTry?.milliseconds, webhook.id,
        ])
    }

    private func updateSecrets(_ webhook: Webhook, _ database: Database) throws {
        try write(webhook.secrets.current, webhook.secrets.previous, of: webhook.id, database)
        try database.execute(
            sql: "UPDATE webhook SET old_secret_until = ? WHERE id = ?",
            arguments: [webhook.secrets.previousUntil?.milliseconds, webhook.id])
    }

    private func write(
        _ current: WebhookSecret, _ previous: WebhookSecret?, of id: String, _ database: Database
    ) throws {
        func sealed(_ secret: WebhookSecret) throws -> String {
            Self.sealedPrefix + Data(try box.seal(secret.bytes, for: "webhook \(id)")).base64EncodedString()
        }
        try database.execute(
            sql: "UPDATE webhook SET secret = ?, old_secret = ? WHERE id = ?",
            arguments: [try sealed(current), try previous.map(sealed), id])
    }

    /// Stands before what is sealed, in base64.
    private static let sealedPrefix = "sealed:"

    private static func sealedBytes(_ text: String) -> [UInt8]? {
        guard text.hasPrefix(sealedPrefix) else { return nil }
        return Data(base64Encoded: String(text.dropFirst(sealedPrefix.count))).map { Array($0) }
    }

    private func secret(_ text: String, of id: String) throws -> WebhookSecret {
        if let sealed = Self.sealedBytes(text) {
            return WebhookSecret(bytes: try box.open(sealed, for: "webhook \(id)"))
        }
        // Of a program that did not seal them yet.
        guard let plain = WebhookSecret(text) else {
            throw DatabaseError(message: "a webhook has no secret that can be read")
        }
        return plain
    }

    private func webhook(_ row: Row) throws -> Webhook {
        let id: String = row["id"]
        let secret = try secret(row["secret"], of: id)
        let segments = (row["segments"] as String?).flatMap { try? JSONReader.parse($0).elements }
        return Webhook(
            id: id, url: row["url"], description: Text(row["description"] as String),
            segments: segments.map { Set($0.compactMap(\.text)) }, created: Timestamp(milliseconds: row["created"]),
            pause: (row["pause"] as String?).flatMap(Webhook.Pause.init),
            secrets: WebhookSecrets(
                current: secret, previous: try (row["old_secret"] as String?).map { try self.secret($0, of: id) },
                previousUntil: Self.instant(row["old_secret_until"])),
            progress: Webhook.Progress(
                cursor: row["cursor"], tries: row["tries"], firstTry: Self.instant(row["first_try"]),
                nextTry: Self.instant(row["next_try"])))
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
