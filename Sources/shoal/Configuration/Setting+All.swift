import Server

/// The table of settings. What a server does without any is said by `ShoalServer.Options`.
extension Setting {
    private static let usually = ShoalServer.Options()

    static let host = Setting(
        "host", "address", .text, usual: .text(usually.host), "The address to listen on")
    static let port = Setting(
        "port", "n", .number(0...65_535), usual: .number(usually.port), "The port to listen on, 0 being a free one")
    static let data = Setting("data", "dir", .text, usual: .text("shoal-data"), "The data directory")
    static let zone = Setting("zone", "zone", .zone, usual: .text("UTC"), "The time zone of a new data directory")
    static let secretsKey = Setting(
        "secrets-key", "file", .text, usual: .text(SecretsKeyFile.usualPath),
        "The key that secrets are sealed with; made where there is none")
    static let connections = Setting(
        "connections", "n", .number(1...100_000), usual: .number(usually.connections),
        "How many connections there may be")
    static let trustProxy = Setting(
        "trust-proxy", "network", .networks, usual: .list([]),
        "A network of proxies whose X-Forwarded-For or Forwarded says who asks; may be repeated")
    static let allowWebhooksTo = Setting(
        "allow-webhooks-to", "network", .networks, usual: .list([]),
        "A network that webhooks may be sent to although it is private; may be repeated")
    static let eventsPerKey = Setting(
        "events-per-key", "n", .number(0...1_000_000_000), usual: .number(usually.rates.eventsPerKey),
        "Events a second with one key; 0: no limit")
    static let eventsPerAddress = Setting(
        "events-per-address", "n", .number(0...1_000_000_000), usual: .number(usually.rates.eventsPerAddress),
        "Events a second from one client; 0: no limit")
    static let requestsPerKey = Setting(
        "requests-per-key", "n", .number(0...1_000_000_000), usual: .number(usually.rates.requestsPerKey),
        "Requests a second with one key that are no events; 0: no limit")
    static let headSeconds = seconds("head", usually.deadlines.head, "Seconds for the head of a request")
    static let bodySeconds = seconds("body", usually.deadlines.body, "Seconds for the body of a request")
    static let answerSeconds = seconds("answer", usually.deadlines.answer, "Seconds for reading an answer")
    static let bytesPerSecond = Setting(
        "bytes-per-second", "n", .number(0...1_000_000), usual: .number(usually.deadlines.bytesPerSecond),
        "Bodies and answers may take longer at so many bytes a second on average; 0: they may not")
    static let idleSeconds = seconds("idle", usually.deadlines.idle, "Seconds between an answer and the next request")

    private static func seconds(_ name: String, _ usual: Duration, _ what: String) -> Setting {
        Setting(
            name + "-seconds", "n", .number(1...86_400), usual: .number(Int(usual.components.seconds)), what)
    }

    /// In the order in which help and documentation have them.
    static let all = [
        host, port, data, zone, secretsKey, connections, trustProxy, allowWebhooksTo, eventsPerKey, eventsPerAddress,
        requestsPerKey, headSeconds, bodySeconds, answerSeconds, bytesPerSecond, idleSeconds,
    ]
}
