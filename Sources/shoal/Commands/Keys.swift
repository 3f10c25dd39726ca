import ArgumentParser
import EventModel
import EventStore
import Foundation
import Server

/// `shoal keys`: the keys that requests carry.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, make and disable the keys of the tracking API.",
        discussion: """
            A write key may only append messages and stands in every page; a secret key may do everything and stays on \
            servers. The name of a key is the source of its messages. While the data directory is served, it is not to be \
            had: stop the server first.

            EXAMPLES
              shoal keys
              shoal keys new warehouse --secret
              shoal keys disable shoal_sk_ab12
              shoal keys renew-secrets
            """,
        subcommands: [List.self, New.self, Disable.self, RenewSecrets.self], defaultSubcommand: List.self)

    /// `shoal keys list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys.",
            discussion: """
                EXAMPLES
                  shoal keys list
                  shoal keys list --data shop --json
                """)

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await Shoal.withKeys(at: data.path) { keys in
                let rows = keys.all
                let json = JSONValue.object([
                    (
                        "keys",
                        .array(
                            rows.map { key in
                                .object([
                                    ("kind", .string(Text(key.kind))), ("name", .string(key.name)),
                                    ("key", .string(Text(key.shown))), ("created", .string(Text(key.created.iso8601))),
                                    ("disabled", .bool(key.isDisabled)),
                                ])
                            })
                    ),
                    ("signingSecret", .text(keys.signingSecret)),
                ])
                var table = Table([
                    .text("kind"), .text("name", flexible: true), .text("key"), .text("made"), .text(""),
                ])
                for key in rows {
                    table.append([
                        Table.Cell(key.kind), Table.Cell(key.name.string), Table.Cell(key.shown),
                        Table.Cell(String(key.created.iso8601.prefix(10))),
                        Table.Cell(key.isDisabled ? "disabled" : ""),
                    ])
                }
                let nothing = "no keys yet: \"shoal serve\" makes the first two\n"
                let secret = "\nsigning secret, for user hashes: \(keys.signingSecret)\n"
                try Console.standard.show(
                    json, or: { (rows.isEmpty ? nothing : table.text(width: $0, style: $1)) + secret },
                    asJSON: output.json)
            }
        }
    }

    /// `shoal keys new`
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and show it, this once.",
            discussion: """
                EXAMPLES
                  shoal keys new web --write
                  shoal keys new warehouse --secret
                """)

        @Argument(help: "Its name, which is the source of its messages.") var name: String
        @Flag(help: "A key for pages and apps, or one for servers.") var kind: KeyKind
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if let objection = KeyName.objection(to: name) { throw ValidationError(objection) }
        }

        func run() async throws {
            try await Shoal.withKeys(at: data.path) { keys in
                let text = try keys.add(kind == .secret, name: Text(name))
                let json = JSONValue.object([("name", .string(Text(name))), ("key", .string(Text(text)))])
                try Console.standard.show(json, or: { _, _ in text + "\n" }, asJSON: output.json)
            }
        }
    }

    /// `shoal keys disable`
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a key out of use, for good.",
            discussion: """
                EXAMPLES
                  shoal keys disable shoal_sk_ab12
                  shoal keys disable shoal_sk_ab12 --data shop --json
                """)

        @Argument(help: "The key, or its first characters as 'shoal keys' shows them.") var key: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await Shoal.withKeys(at: data.path) { keys in
                let found = keys.matching(key)
                guard let only = found.first, found.count == 1 else {
                    throw CommandError(
                        found.isEmpty ? "key-unknown" : "key-ambiguous", .data,
                        found.isEmpty ? "no key begins like that" : "\(found.count) keys begin like that",
                        advice: "\"shoal keys\" lists them")
                }
                try keys.disable(only)
                let json = JSONValue.object([("disabled", .string(Text(only.shown)))])
                try Console.standard.show(
                    json, or: { _, _ in "disabled the \(only.kind) key of \(only.name)\n" }, asJSON: output.json)
            }
        }
    }
}

extension Keys {
    /// `shoal keys renew-secrets`
    struct RenewSecrets: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "renew-secrets",
            abstract: "Make new secrets for user hashes and all webhooks.",
            discussion: """
                For when the key that they were sealed with is lost, or somebody else had it. Webhooks are paused until you have \
                told their receivers the new secrets, which POST /v1/webhooks/{id}/rotate shows.

                EXAMPLES
                  shoal keys renew-secrets
                  shoal keys renew-secrets --data shop --json
                """)

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let store = try Shoal.store(at: data.path)
            defer { try? store.close() }
            let renewed = try ServiceKeys.renewSecrets(
                directory: data.path, secrets: try Shoal.secrets(of: data.path), clock: Shoal.clock)
            let json = JSONValue.object([
                ("signingSecret", .text(renewed.signingSecret)), ("pausedWebhooks", .count(renewed.webhooks)),
            ])
            let paused = renewed.webhooks == 1 ? "1 webhook is paused" : "\(renewed.webhooks) webhooks are paused"
            try Console.standard.show(
                json, or: { _, _ in "signing secret, for user hashes: \(renewed.signingSecret)\n\(paused)\n" },
                asJSON: output.json)
        }
    }
}

/// Which kind of key.
enum KeyKind: String, EnumerableFlag {
    case write, secret
}

extension Shoal {
    /// Opens the keys of a data directory that nobody serves.
    static func withKeys(at path: String, _ body: (ServiceKeys) throws -> Void) async throws {
        let store = try store(at: path)
        defer { try? store.close() }
        let keys = try ServiceKeys(directory: path, secrets: try secrets(of: path), clock: clock)
        defer { keys.close() }
        try body(keys)
    }

    /// Opens the secrets of a data directory with the key that `shoal serve` would take.
    static func secrets(of path: String) throws -> SecretBox {
        let settings = try Settings(
            flags: [(.data, [path])], file: nil, environment: ProcessInfo.processInfo.environment)
        return try SecretsKeyFile(path: settings.text(.secretsKey)).box(for: path)
    }
}
