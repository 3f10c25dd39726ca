import EventModel
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Server

/// How secrets that are signed with stand on the disk.
struct SecretBoxTests {
    private let first = SecretBox(keys: [[UInt8](repeating: 1, count: 32)], place: "first")
    private let second = SecretBox(keys: [[UInt8](repeating: 2, count: 32)], place: "second")
    private let both = SecretBox(
        keys: [[UInt8](repeating: 2, count: 32), [UInt8](repeating: 1, count: 32)], place: "both")

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? ServiceError)?.code }
    }

    @Test func `what is sealed comes back, and is another text each time`() throws {
        let secret = Array("a secret".utf8)
        let sealed = try first.seal(secret, for: "x")
        #expect(try first.open(sealed, for: "x") == secret)
        #expect(try first.seal(secret, for: "x") != sealed)
        #expect(!Data(sealed).contains(Data(secret)))
    }

    @Test func `nothing opens with another key, for another purpose, or when a bit has changed`() throws {
        let sealed = try first.seal(Array("a secret".utf8), for: "x")
        #expect(code { _ = try second.open(sealed, for: "x") } == "secrets-key-missing")
        #expect(code { _ = try first.open(sealed, for: "y") } == "secrets-key-missing")
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(code { _ = try first.open(changed, for: "x") } == "secrets-key-missing")
            #expect(code { _ = try first.open(Array(sealed[..<place]), for: "x") } == "secrets-key-missing")
        }
        #expect(code { _ = try SecretBox.none.seal([1], for: "x") } == "secrets-key-missing")
    }

    @Test func `a key is replaced by putting a new one before it`() throws {
        let sealed = try first.seal([1, 2, 3], for: "x")
        #expect(try both.open(sealed, for: "x") == [1, 2, 3])
        #expect(first.isCurrent(sealed) && !both.isCurrent(sealed) && !second.isCurrent(sealed))
        let again = try both.seal([1, 2, 3], for: "x")
        #expect(try second.open(again, for: "x") == [1, 2, 3])
    }

    @Test func `secrets of webhooks are sealed, and sealed anew under a new key`() throws {
        let directory = try TemporaryDirectory()
        let random = SeededRandomSource(seed: 3)
        var webhook = Webhook(
            id: Webhook.freshID(random), url: "https://a.example/", description: "",
            created: Timestamp(milliseconds: 1),
            secrets: WebhookSecrets(current: WebhookSecret(random)), progress: Webhook.Progress(cursor: 0))
        webhook.secrets.rotate(to: WebhookSecret(random), at: Timestamp(milliseconds: 2))
        var store = try WebhookStore(in: directory.path, first)
        try store.insert(webhook)
        #expect(try store.webhooks() == [webhook])
        store.close()
        store = try WebhookStore(in: directory.path, second)
        #expect(code { _ = try store.webhooks() } == "secrets-key-missing")
        #expect(code { try store.sealAnew() } == "secrets-key-missing")
        store.close()
        store = try WebhookStore(in: directory.path, both)
        try store.sealAnew()
        store.close()
        store = try WebhookStore(in: directory.path, second)
        #expect(try store.webhooks() == [webhook])
        // With the key lost, new ones are made.
        store.close()
        store = try WebhookStore(in: directory.path, first)
        #expect(try store.renewSecrets(random) == 1)
        let renewed = try #require(try store.webhooks().first)
        #expect(renewed.pause == .renewed && renewed.secrets.current != webhook.secrets.current)
        #expect(renewed.secrets.previous == nil)
        store.close()
    }

    @Test func `secrets that a program left as they were are sealed, and not a byte of them stays`() throws {
        let directory = try TemporaryDirectory()
        let plain = [UInt8](repeating: 0xA7, count: 32)
        var database = try ServiceDatabase(in: directory.path)
        try database.write {
            try $0.execute(sql: "INSERT INTO secret VALUES ('user-hash', ?)", arguments: [Data(plain)])
        }
        try database.close()
        database = try ServiceDatabase(in: directory.path)
        #expect(try database.signingSecret(first, SystemRandom()) == plain)
        #expect(try database.signingSecret(first, SystemRandom()) == plain)
        try database.close()
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            let bytes = try #require(FileManager.default.contents(atPath: "\(directory.path)/\(name)"))
            #expect(bytes.range(of: Data(plain)) == nil, "\(name)")
        }
        database = try ServiceDatabase(in: directory.path)
        #expect(code { _ = try database.signingSecret(second, SystemRandom()) } == "secrets-key-missing")
        #expect(try database.renewSigningSecret(second, SystemRandom()) != plain)
        try database.close()
    }

    // MARK: - The file

    @Test func `the file is made for its owner alone, and read again`() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/config/shoal/secrets.key"
        let sealed = try SecretsKeyFile(path: path).box(for: "\(directory.path)/data").seal([7], for: "x")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try SecretsKeyFile(path: path).box(for: "\(directory.path)/data").open(sealed, for: "x") == [7])
        let key = Data(repeating: 9, count: 32).base64EncodedString()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data("  \(key) # the new one\n\(text)".utf8).write(to: URL(fileURLWithPath: path))
        let box = try SecretsKeyFile(path: path).box(for: "\(directory.path)/data")
        #expect(try box.open(sealed, for: "x") == [7] && !box.isCurrent(sealed))
    }

    @Test(arguments: ["", "# nothing\n", "abc\n", "c2hvcnQ=\n", "\u{FFFD}"])
    func `a file without a good key is an error`(text: String) throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/secrets.key"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        #expect(code { _ = try SecretsKeyFile(path: path).box(for: "/nowhere") } == "bad-secrets-key")
    }

    @Test func `the key may not stand in the data directory, also not through a link`() throws {
        let directory = try TemporaryDirectory()
        let data = "\(directory.path)/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(directory.path)/link", withDestinationPath: data)
        for path in ["\(data)/secrets.key", "\(data)/x/secrets.key", "\(directory.path)/link/secrets.key"] {
            #expect(code { _ = try SecretsKeyFile(path: path).box(for: data) } == "bad-secrets-key")
        }
        #expect(code { _ = try SecretsKeyFile(path: "\(directory.path)/data.key").box(for: data) } == nil)
        #expect(code { _ = try SecretsKeyFile(path: "/proc/nowhere/secrets.key").box(for: data) } == "cannot-create")
    }
}
