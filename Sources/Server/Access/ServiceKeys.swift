package import EventModel

/// The keys of a data directory that is not being served, for commands.
package final class ServiceKeys {
    /// A key as it may be shown.
    package struct Entry: Sendable {
        /// `write` or `secret`.
        package let kind: String
        package let name: Text
        package let shown: String
        package let created: Timestamp
        package let isDisabled: Bool
        let digest: [UInt8]
    }

    /// Under which the store's own server signs user ids, in hex; see `UserHash`.
    package let signingSecret: String

    private let database: ServiceDatabase
    private let keys: AccessKeys

    /// - Parameters:
    ///   - directory: the data directory, whose lock the caller holds.
    ///   - secrets: opens what is signed with.
    package init(
        directory: String, secrets: SecretBox, clock: any Clock, random: any RandomSource = SystemRandom()
    ) throws {
        database = try ServiceDatabase(in: directory)
        keys = try AccessKeys(database, clock: clock, random: random)
        signingSecret = UserHash.hex(try database.signingSecret(secrets, random))
    }

    /// Makes new secrets in the place of all that are signed with, whether they can be opened or not. Answers the one for user
    /// hashes in hex, and how many webhooks are paused because they have another one.
    ///
    /// - Parameter directory: the data directory, whose lock the caller holds.
    package static func renewSecrets(
        directory: String, secrets: SecretBox, clock: any Clock, random: any RandomSource = SystemRandom()
    ) throws -> (signingSecret: String, webhooks: Int) {
        let database = try ServiceDatabase(in: directory)
        defer { try? database.close() }
        let webhooks = try WebhookStore(in: directory, secrets)
        defer { webhooks.close() }
        let count = try webhooks.renewSecrets(random)
        let secret = try database.renewSigningSecret(secrets, random)
        try AuditLog(database, clock: clock).append("secrets-renewed", by: .command)
        return (UserHash.hex(secret), count)
    }

    package func close() { try? database.close() }

    /// All keys, the oldest first.
    package var all: [Entry] {
        keys.all.map { key in
            Entry(
                kind: key.kind.rawValue, name: key.name, shown: key.shown, created: key.created,
                isDisabled: key.isDisabled, digest: key.digest)
        }
    }

    /// Makes a key and answers its text, which is not kept of a secret one.
    package func add(_ isSecret: Bool, name: Text) throws -> String {
        try keys.add(isSecret ? .secret : .write, name: name)
    }

    /// The keys that begin with some text, or whose text it is.
    package func matching(_ text: String) -> [Entry] {
        let digest = AccessKey.digest(of: text)
        let exact = all.filter { $0.digest == digest }
        if !exact.isEmpty { return exact }
        let beginning = text.replacing("…", with: "")
        return all.filter { $0.shown.replacing("…", with: "").hasPrefix(beginning) && !beginning.isEmpty }
    }

    package func disable(_ entry: Entry) throws { try keys.disable(entry.digest) }
}
