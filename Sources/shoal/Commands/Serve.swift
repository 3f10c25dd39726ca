import ArgumentParser
import EventModel
import EventStore
import Outbound
import SegmentEngine
import Server

/// `shoal serve`: takes messages over HTTP, and keeps segments live.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the tracking API, and keep segments exact while messages come in.",
        discussion: """
            Takes what Segment's, RudderStack's and PostHog's libraries send; point them at this address. The first start
            makes the data directory when there is none, a write key for pages and a secret key for servers, and shows
            both once; until there are users, each start shows a link to set up the first one, who then signs in there. Each message is on the disk before it is answered, and who is in which segment follows at once:
            GET /v1/segments lists them, /openapi.json everything else. Ctrl-C or SIGTERM stops it: what was taken is
            finished first.

            There is no TLS: put a proxy in front of it for anything but this machine.

            EXAMPLES
              shoal serve
              shoal serve --data shop --host 0.0.0.0 --port 8080
              shoal serve --data shop --zone Europe/Berlin
              curl localhost:8080/v1/track -u KEY: -d '{"event": "E", "userId": "u"}'
            """)

    @Option(name: .long, help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "The port to listen on; 0 takes a free one.")
    var port = 8080

    @Option(name: .long, help: "How many connections there may be; more wait.")
    var connections = 4_096

    @Option(
        name: .customLong("allow-webhooks-to"),
        help: ArgumentHelp(
            "A network that webhooks may be sent to although it is private, as in 10.1.0.0/16; may be repeated.",
            valueName: "network"))
    var webhookNetworks: [String] = []

    @Option(
        name: .long, help: ArgumentHelp("Time zone of a new data directory, as in Europe/Berlin.", valueName: "zone"))
    var zone: String?

    @OptionGroup var data: DataOptions

    func validate() throws {
        if !(1...100_000).contains(connections) { throw ValidationError("--connections is between 1 and 100000") }
        for text in webhookNetworks where AddressNetwork(text) == nil {
            throw ValidationError("--allow-webhooks-to takes an address or a network such as 10.1.0.0/16, not \(text)")
        }
        if !(0...65_535).contains(port) { throw ValidationError("--port is between 0 and 65535") }
    }

    func run() async throws {
        let console = Console.standard
        let store = try openStore(console)
        defer { try? store.close() }
        var options = ShoalServer.Options()
        options.host = host
        options.port = port
        options.connections = connections
        options.webhookNetworks = webhookNetworks.compactMap { AddressNetwork($0) }
        let definitions = DefinitionFolder(path: Workspace.definitionFolder(in: data.path), store: store)
        let server = try ShoalServer(store, definitions: definitions, options: options, clock: Shoal.clock)
        if let keys = server.firstKeys {
            console.note(
                """
                write key, for pages and apps:   \(keys.write)
                secret key, for servers:         \(keys.secret)
                signing secret, for user hashes: \(server.signingSecret)
                the secret key is shown this once; "shoal keys new" makes another

                """)
        }
        let host = host
        let token = server.setupToken
        try await server.run { port in
            console.note("listening on http://\(host):\(port)\n")
            guard let token else { return }
            let link = SetupLink.first(token, at: SetupLink.base(host: host, port: port))
            console.note("set up the first user: \(link)\n")
        }
        console.note("stopped\n")
    }

    private func openStore(_ console: Console) throws -> EventStore {
        let path = data.path
        if !LocalFiles.exists(path) { try LocalFiles.makeFolder(path) }
        let store = try EventStore.open(directory: path, mode: .createIfMissing, clock: Shoal.clock)
        guard try !store.hasSettings() else { return store }
        let zone = try zone.map { try parsedZone($0) } ?? .utc
        try store.update { $0.zone = zone }
        try ReadySegments.write(into: Workspace.definitionFolder(in: path))
        console.note("new data directory \(path), zone \(store.settings.zone.identifier)\n")
        return store
    }
}
