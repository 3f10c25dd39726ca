import Dashboard
package import EventModel
package import EventStore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Membership
import NIOCore
package import Outbound
import Synchronization

/// A store that is served over HTTP.
package final class ShoalServer: Sendable {
    /// How it is served.
    package struct Options: Hashable, Sendable {
        package var host = "127.0.0.1"
        package var port = 8080
        /// More connections than these are turned away.
        package var connections = Limits.connections.value
        /// When a connection is closed on which too little happens.
        package var deadlines = Deadlines()
        /// Networks that webhooks may be sent to although they are not reachable from everywhere.
        package var webhookNetworks: [AddressNetwork] = []
        /// What one key or one client may take.
        package var rates = RateLimits.Settings()
        /// Networks of proxies that are believed when they say whom they ask for.
        package var trustedProxies: [AddressNetwork] = []
        /// What hashing a password costs.
        package var passwordCost = PasswordCost.usual

        package init() {}
    }

    /// What a first start makes; shown once.
    package struct FirstKeys: Sendable {
        package let write: String
        package let secret: String
    }

    /// Nil unless this start made the first keys.
    package let firstKeys: FirstKeys?

    /// The token of the link with which the first user is set up; nil when there are users. Each start makes another.
    package let setupToken: String?

    /// The secret under which the store's own server signs user ids, in hex; see `UserHash`.
    package let signingSecret: String

    private let store: EventStore
    private let database: ServiceDatabase
    private let queue: IngestQueue
    let segments: LiveSegments
    let webhooks: WebhookSender
    private let options: Options
    private let logger: Logger
    private let metrics: ServerMetrics
    private let watch = FailureWatch()
    private let overview: OverviewPages
    let keys: AccessKeys
    let users: Users
    let signIn: SignIn
    let imports: FileImports
    /// All routes, in the order in which they were added.
    let described: [(method: HTTPRequest.Method, path: String, description: RouteDescription)]
    /// What it keeps beside the events, for those who keep it safe and clear of people.
    let records: ServiceRecords
    /// What commands on the same data directory show.
    let localToken: String
    let responder: RouterResponder<ServerContext>

    /// - Parameters:
    ///   - store: open; it stays the caller's to close.
    ///   - definitions: of the segments that are kept.
    ///   - secrets: seals what it signs with.
    ///   - work: what it does for commands on the same data directory.
    ///   - feed: the changes that webhooks are told of; nil for the log of memberships.
    ///   - outbound: sends webhooks; nil for a client that connects to what is reachable from everywhere.
    package init(
        _ store: EventStore, definitions: any DefinitionStore, options: Options, secrets: SecretBox,
        work: (any LocalWork)? = nil, clock: any Clock = SystemClock(), random: any RandomSource = SystemRandom(),
        feed: (any ChangeFeed)? = nil, outbound: (any OutboundSending)? = nil
    ) throws {
        self.store = store
        self.options = options
        database = try ServiceDatabase(in: store.directory) { [watch] in watch.report($0) }
        try database.requireSound(in: store.directory)
        store.whenStopped { [watch] in watch.report($0) }
        keys = try AccessKeys(database, clock: clock, random: random)
        firstKeys =
            keys.all.isEmpty
            ? FirstKeys(write: try keys.add(.write, name: "web"), secret: try keys.add(.secret, name: "server")) : nil
        metrics = ServerMetrics()
        let rates = RateLimits(
            options.rates, proxies: TrustedProxies(networks: options.trustedProxies), clock: clock, metrics: metrics)
        let authorization = Authorization(keys: keys, rates: rates)
        users = try Users(database, clock: clock, random: random)
        setupToken = try users.makeFirstLink()
        signIn = SignIn(
            users: users, hasher: PasswordHasher(cost: options.passwordCost, random: random),
            throttle: LoginThrottle(clock: clock))
        let preferences = try Preferences(database)
        let rejects = RejectLog(database)
        let watch = watch
        let memberships = try ServiceRecords.naming {
            try Memberships(store, directory: store.directory, clock: clock) { cause in
                watch.report(.stopped(cause: cause))
            }
        }
        let segments = LiveSegments(store: store, definitions: definitions, memberships: memberships, clock: clock)
        self.segments = segments
        queue = IngestQueue(store, rejects, metrics) { memberships.poke() }
        let secret = try database.signingSecret(secrets, random)
        signingSecret = UserHash.hex(secret)
        localToken = ServingFile.drawToken(random)
        logger = Logger(label: "shoal") { JSONLogHandler(label: $0, clock: clock) }
        imports = try FileImports(
            store: store, memberships: memberships, database: database, audit: users.audit, clock: clock, logger: logger
        ) {
            try await work?.imported()
            // What was imported may have changed what definitions go by: the catalogue, the store's own figures.
            try await segments.load()
        }
        let kept = try WebhookStore(in: store.directory, secrets)
        try kept.sealAnew()
        webhooks = try WebhookSender(
            kept, feed: feed ?? MembershipFeed(memberships, store),
            client: outbound ?? OutboundClient(AddressGuard(opening: options.webhookNetworks)), clock: clock,
            random: random, logger: logger)

        var routes = Routes(gate: Gate(authorization: authorization, users: users, preferences: preferences))
        let tail = ArrivalTail()
        let intake = MessageIntake(store: store, queue: queue, clock: clock, random: random, tail: tail)
        TrackingRoutes(intake: intake, authorization: authorization).add(to: &routes)
        DecideRoutes(
            segments: segments, intake: intake, authorization: authorization,
            userHash: UserHash(secret: secret)
        ).add(to: &routes)
        SegmentRoutes(segments: segments).add(to: &routes)
        ConversionRoutes(definitions: definitions).add(to: &routes)
        let names = StoreNames(store: store, clock: clock)
        SuggestionRoutes(names: names).add(to: &routes)
        MemberRoutes(segments: segments).add(to: &routes)
        ProfileRoutes(segments: segments).add(to: &routes)
        RejectRoutes(rejects: rejects).add(to: &routes)
        ImportRoutes(imports: imports).add(to: &routes)
        WebhookRoutes(sender: webhooks).add(to: &routes)
        UserRoutes(users: users).add(to: &routes)
        KeyRoutes(keys: keys).add(to: &routes)
        AuditRoutes(audit: users.audit).add(to: &routes)
        StatusRoutes(
            store: store, queue: queue, memberships: memberships, metrics: metrics
        ).add(to: &routes)
        records = ServiceRecords(service: database, memberships: memberships, webhooks: webhooks)
        if let work {
            LocalRoutes(work: work, records: records, token: localToken).add(to: &routes)
        }
        let own = RouteDescription("This description.", access: .anybody, answer: .object)
        let document = OpenAPIDocument(routes.described + [(.get, "/openapi.json", own)]).json
        // Made once, and shared by all answers that are on their way.
        let bytes = ByteBuffer(bytes: JSONWriter.bytes(of: document))
        routes.get("/openapi.json", own) { _, _ in Response(json: bytes) }
        let sources = DashboardSources(segments: segments, preferences: preferences)
        let reports = ReportSources(sources: sources, names: names)
        overview = OverviewPages(reports: reports, tail: tail)
        overview.add(to: &routes)
        FunnelPages(reports: reports).add(to: &routes)
        ReportPages(reports: reports).add(to: &routes)
        APIPage().add(to: &routes)
        SegmentPages(sources: sources).add(to: &routes)
        BuilderPages(sources: sources, audit: users.audit).add(to: &routes)
        ProfilePages(sources: sources, audit: users.audit, work: work, records: records).add(to: &routes)
        DataPages(sources: sources, names: names, keys: keys, rejects: rejects, tail: tail).add(to: &routes)
        ImportPages(imports: imports, sources: sources).add(to: &routes)
        SettingsPages(sources: sources, users: users, webhooks: webhooks, records: records).add(to: &routes)
        WorkspacePages(sources: sources, audit: users.audit).add(to: &routes)
        KeyPages(keys: keys, sources: sources).add(to: &routes)
        WebhookPages(sender: webhooks, audit: users.audit, sources: sources).add(to: &routes)
        AssetRoutes().add(to: &routes)
        LoginRoutes(signIn: signIn).add(to: &routes)
        SetupRoutes(signIn: signIn).add(to: &routes)
        PasswordRoutes(signIn: signIn).add(to: &routes)
        described = routes.described
        responder = routes.finished(metrics).buildResponder()
    }

    /// Takes nothing more, and writes what was taken.
    func close() {
        queue.close()
        webhooks.close()
        segments.memberships.close()
        try? database.close()
    }

    /// Serves until the process is told to stop, or the task is cancelled; then finishes what was taken.
    ///
    /// - Parameter onListening: called once with the port that is listened on.
    /// - Throws: `EventStoreError.stopped` when the disk failed in a way that leaves it in doubt.
    package func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let serving = Locked<ServingFile?>(nil)
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { [connectionSettings] responder in
                LoopChannel(base: HTTP1Channel(responder: responder, configuration: connectionSettings))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: "shoal",
                availableConnectionsDelegate: MaximumAvailableConnections(
                    options.connections + Limits.spareConnections.value)),
            onServerRunning: { [options, store, logger, localToken] channel in
                let port = channel.localAddress?.port ?? 0
                let file = ServingFile(host: options.host, port: port, token: localToken)
                do {
                    try file.write(to: store.directory)
                    serving.withLock { $0 = file }
                } catch {
                    logger.error("commands cannot find this server", metadata: ["error": "\(error)"])
                }
                onListening(port)
            },
            logger: logger)
        // Beside connections there are the parts of the store, and some more.
        let files = options.connections + Limits.spareConnections.value + 2_048
        if OpenFiles.allow(files) < files {
            logger.warning("the system allows fewer open files than there may be connections (ulimit -n)")
        }
        webhooks.start()
        let deciding = Task { await segments.run(logger) }
        let warming = Task { await overview.keepWarm() }
        let result = await serve(application)
        await imports.close()
        // Whoever still evaluates must have ended before anything is closed.
        deciding.cancel()
        warming.cancel()
        await deciding.value
        await warming.value
        if let file = serving.withLock({ $0 }) { file.remove(from: store.directory) }
        close()
        do { try result.get() } catch let error as IOError {
            throw ServiceError.notBound(host: options.host, port: options.port, detail: "\(error)")
        }
    }

    /// What each connection goes by.
    private var connectionSettings: HTTP1Channel.Configuration {
        let counter = ConnectionCounter(most: options.connections)
        let (deadlines, metrics) = (options.deadlines, metrics)
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(deadlines, counter, metrics)],
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: Limits.headFieldBytes.value, maxHeaderListSize: Limits.headBytes.value,
                maxHeaderFieldCount: Limits.headFields.value))
    }

    /// Until the process is told to stop, or the disk is in doubt.
    private func serve(_ application: some ApplicationProtocol) async -> Result<Void, any Error> {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await application.runService() }
                group.addTask { [watch] in try await watch.wait() }
                defer { group.cancelAll() }
                try await group.next()
            }
            try watch.check()
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}
