/// What one client, one connection and one request may take of a server; those of rates, connections and times can be
/// set (`shoal serve --help`), and these are what is usual.
extension Limits {
    // MARK: Rates

    package static let eventsPerKey = Limit(100_000, "rate-limited", "events a second with one key")
    package static let eventsPerAddress = Limit(100_000, "rate-limited", "events a second from one client address")
    package static let requestsPerKey = Limit(
        10_000, "rate-limited", "requests a second with one key that are no events")
    package static let burstSeconds = Limit(
        2, "rate-limited", "seconds whose worth of events or requests may come at once")
    package static let rateSubjects = Limit(
        65_536, "rate-limited",
        "clients, and keys, whose rates are remembered; then those that took least are forgotten")

    // MARK: Connections

    package static let connections = Limit(4_096, "too-many-connections", "connections at once")
    package static let spareConnections = Limit(
        256, "too-many-connections", "further connections, which are told so; more than these wait")
    package static let headSeconds = Limit(10, "request-timeout", "seconds for the head of a request")
    package static let bodySeconds = Limit(
        30, "request-timeout", "seconds for the body of a request, unless it comes at the rate below")
    package static let answerSeconds = Limit(
        30, "request-timeout", "seconds for reading an answer, unless it is read at the rate below")
    package static let bytesPerSecond = Limit(
        1_024, "request-timeout", "bytes a second, on average, of bodies and answers that take longer")
    package static let idleSeconds = Limit(75, "request-timeout", "seconds between an answer and the next request")
    package static let lingerSeconds = Limit(
        1, "request-timeout", "seconds for which a refused connection may still be read by its client")

    // MARK: Requests

    package static let urlBytes = Limit(8 * 1024, "request-url-too-long", "bytes of the URL of a request")
    package static let headFields = Limit(100, "head-too-large", "header fields of a request")
    package static let headFieldBytes = Limit(16 * 1024, "head-too-large", "bytes of a header field of a request")
    package static let headBytes = Limit(64 * 1024, "head-too-large", "bytes of the head of a request")
    package static let bytesAfterAnswer = Limit(
        1024 * 1024, "batch-too-large", "bytes of a body that are read, and thrown away, after its answer")
    package static let queuedMessages = Limit(50_000, "queue-full", "messages that wait for the disk")
    package static let queuedBytes = Limit(64 << 20, "queue-full", "bytes of messages that wait for the disk")

    package static let ofServing: [Limit] = [
        eventsPerKey, eventsPerAddress, requestsPerKey, burstSeconds, rateSubjects, connections, spareConnections,
        headSeconds, bodySeconds, answerSeconds, bytesPerSecond, idleSeconds, lingerSeconds, urlBytes, headFields,
        headFieldBytes, headBytes, bytesAfterAnswer, queuedMessages, queuedBytes,
    ]
}
