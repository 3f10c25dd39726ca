import ArgumentParser
import EventModel
import EventStore
import Foundation
import SegmentEngine
import Server

/// `shoal serve`: takes messages over HTTP, and keeps segments live.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the tracking API, and keep segments exact while messages come in.",
        discussion: """
            Takes what Segment's, RudderStack's and PostHog's libraries send; point them \
            at this address. The first start makes the data directory when there is none, a \
            write key for pages and a secret key for servers, and shows both once; until \
            there are users, each start shows a link to set up the first one. Each message \
            is on the disk before it is answered, and who is in which segment follows at \
            once: GET /v1/segments lists them, /openapi.json everything else. Ctrl-C or \
            SIGTERM stops it: what was taken is finished first.

            There is no TLS: put a proxy in front of it for anything but this machine, and \
            name it with --trust-proxy.

            EXAMPLES
              shoal serve
              shoal serve --data shop --zone Europe/Berlin --host 0.0.0.0
              shoal serve --config shop.json --print-config
              curl localhost:8080/v1/track -u KEY: -d '{"event": "E", "userId": "u"}'

            SETTINGS
            What an option sets can also be set by the variable that stands behind it, or \
            in a file: --config FILE, else $SHOAL_CONFIG, else shoal.json in the data \
            directory. A flag goes before a variable, a variable before the file. The \
            members of the file are named like the options:
              {"port": 8080, "host": "0.0.0.0", "trust-proxy": ["10.0.0.0/8"]}
            docs/configuration.md says more, docs/limits.md what is limited.
            """)

    @Option(name: .long, help: Setting.host.help)
    var host: String?

    @Option(name: .long, help: Setting.port.help)
    var port: String?

    @Option(name: .long, help: Setting.data.help)
    var data: String?

    @Option(name: .long, help: Setting.zone.help)
    var zone: String?

    @Option(name: .long, help: Setting.secretsKey.help)
    var secretsKey: String?

    @Option(name: .long, help: Setting.connections.help)
    var connections: String?

    @Option(name: .customLong("trust-proxy"), help: Setting.trustProxy.help)
    var trustedProxies: [String] = []

    @Option(name: .customLong("allow-webhooks-to"), help: Setting.allowWebhooksTo.help)
    var webhookNetworks: [String] = []

    @Option(name: .long, help: Setting.eventsPerKey.help)
    var eventsPerKey: String?

    @Option(name: .long, help: Setting.eventsPerAddress.help)
    var eventsPerAddress: String?

    @Option(name: .long, help: Setting.requestsPerKey.help)
    var requestsPerKey: String?

    @Option(name: .long, help: Setting.headSeconds.help)
    var headSeconds: String?

    @Option(name: .long, help: Setting.bodySeconds.help)
    var bodySeconds: String?

    @Option(name: .long, help: Setting.answerSeconds.help)
    var answerSeconds: String?

    @Option(name: .long, help: Setting.bytesPerSecond.help)
    var bytesPerSecond: String?

    @Option(name: .long, help: Setting.idleSeconds.help)
    var idleSeconds: String?

    @Option(name: .long, help: ArgumentHelp("The file of settings (SHOAL_CONFIG).", valueName: "file"))
    var config: String?

    @Flag(name: .long, help: "Show each setting and where it comes from, and start nothing.")
    var printConfig = false

    @OptionGroup var output: OutputOptions

    /// What was given for each setting; checked where the other sources are.
    private var flags: [(setting: Setting, values: [String])] {
        let single: [(Setting, String?)] = [
            (.host, host), (.port, port), (.data, data), (.zone, zone), (.secretsKey, secretsKey),
            (.connections, connections),
            (.eventsPerKey, eventsPerKey), (.eventsPerAddress, eventsPerAddress), (.requestsPerKey, requestsPerKey),
            (.headSeconds, headSeconds), (.bodySeconds, bodySeconds), (.answerSeconds, answerSeconds),
            (.bytesPerSecond, bytesPerSecond), (.idleSeconds, idleSeconds),
        ]
        return single.map { ($0, $1.map { [$0] } ?? []) } + [
            (.trustProxy, trustedProxies), (.allowWebhooksTo, webhookNetworks),
        ]
    }

    func run() async throws {
        let console = Console.standard
        let settings = try Settings(
            flags: flags, file: config, environment: ProcessInfo.processInfo.environment)
        if printConfig {
            return try console.show(settings.json, or: { settings.text(width: $0, style: $1) }, asJSON: output.json)
        }
        ShoalServer.prepareLoops()
        let store = try openStore(settings, console)
        defer { try? store.close() }
        let path = settings.text(.data)
        let keeper = Keeper(path: path, store: store)
        try Self.finishErasing(keeper)
        let definitions = DefinitionFolder(path: Workspace.definitionFolder(in: path), store: store)
        let server = try ShoalServer(
            store, definitions: definitions, options: settings.options,
            secrets: SecretsKeyFile(path: settings.text(.secretsKey)).box(for: path), work: keeper,
            clock: Shoal.clock)
        if let keys = server.firstKeys {
            console.note(
                """
                write key, for pages and apps:   \(keys.write)
                secret key, for servers:         \(keys.secret)
                signing secret, for user hashes: \(server.signingSecret)
                the secret key is shown this once; "shoal keys new" makes another

                """)
        }
        let host = settings.text(.host)
        let token = server.setupToken
        try await server.run { port in
            console.note("listening on http://\(host):\(port)\n")
            guard let token else { return }
            let link = SetupLink.first(token, at: SetupLink.base(host: host, port: port))
            console.note("set up the first user: \(link)\n")
        }
        console.note("stopped\n")
    }

    /// An erasure that a stop broke off is finished before anybody is served.
    private static func finishErasing(_ keeper: Keeper) throws {
        guard try keeper.store.pendingErasure() != nil else { return }
        let records = try ServiceRecords(directory: keeper.path)
        defer { records.close() }
        try keeper.finishErasing(records)
    }

    private func openStore(_ settings: Settings, _ console: Console) throws -> EventStore {
        let path = settings.text(.data)
        if !LocalFiles.exists(path) { try LocalFiles.makeFolder(path) }
        let store = try EventStore.open(directory: path, mode: .createIfMissing, clock: Shoal.clock)
        guard try !store.hasSettings() else { return store }
        let zone = try parsedZone(settings.text(.zone))
        try store.update { $0.zone = zone }
        try ReadySegments.write(into: Workspace.definitionFolder(in: path))
        console.note("new data directory \(path), zone \(store.settings.zone.identifier)\n")
        return store
    }
}
