import EventModel
import HTTPTypes
import Hummingbird
import Outbound
import Synchronization

/// Keeps one key or one client from taking the whole server.
///
/// Messages are counted for their key and for the client that sends them, before their body is read where that can be
/// known; all other requests for their key.
package final class RateLimits: Sendable {
    /// What there may be in a second; 0: no limit.
    package struct Settings: Hashable, Sendable {
        package var eventsPerKey = Limits.eventsPerKey.value
        package var eventsPerAddress = Limits.eventsPerAddress.value
        package var requestsPerKey = Limits.requestsPerKey.value

        package init() {}
    }

    /// One of the limits, named like its setting.
    enum Bound: String, CaseIterable, Sendable {
        case eventsPerKey = "events-per-key"
        case eventsPerAddress = "events-per-address"
        case requestsPerKey = "requests-per-key"
    }

    private struct State {
        var eventsPerKey: TokenBuckets
        var eventsPerAddress: TokenBuckets
        var requestsPerKey: TokenBuckets
    }

    private let settings: Settings
    private let proxies: TrustedProxies
    private let clock: any Clock
    private let metrics: ServerMetrics
    private let state: Locked<State>

    /// - Parameter subjectsMax: of so many clients, and of so many keys, what they took is remembered.
    init(
        _ settings: Settings, proxies: TrustedProxies, clock: any Clock, metrics: ServerMetrics,
        subjectsMax: Int = Limits.rateSubjects.value
    ) {
        self.settings = settings
        self.proxies = proxies
        self.clock = clock
        self.metrics = metrics
        func buckets(_ rate: Int) -> TokenBuckets {
            TokenBuckets(rate: rate, burstSeconds: Limits.burstSeconds.value, subjectsMax: subjectsMax)
        }
        state = Locked(
            State(
                eventsPerKey: buckets(settings.eventsPerKey), eventsPerAddress: buckets(settings.eventsPerAddress),
                requestsPerKey: buckets(settings.requestsPerKey)))
    }

    /// Who sends a request with messages.
    struct Sender: Sendable {
        fileprivate let client: TokenBuckets.Subject?
    }

    /// Who asks: the peer, or whom a trusted proxy asks for.
    func client(of request: Request, peer: ClientAddress?) -> ClientAddress? {
        proxies.client(of: request, peer: peer)
    }

    /// A request with messages begins: counts one for its client.
    ///
    /// - Parameter key: as far as it is known before the body.
    /// - Throws: `rate-limited` when the client or the key has none left.
    func begin(_ request: Request, _ context: ServerContext, key: AccessKey?) throws(APIError) -> Sender {
        let client = client(of: request, peer: context.peer).map { TokenBuckets.Subject($0) }
        let key = key.map { TokenBuckets.Subject($0) }
        let now = clock.now().milliseconds
        let refusal = state.withLock { state -> (Bound, Int)? in
            if let client, let wait = state.eventsPerAddress.wait(client, at: now) { return (.eventsPerAddress, wait) }
            if let key, let wait = state.eventsPerKey.wait(key, at: now) { return (.eventsPerKey, wait) }
            if let client { state.eventsPerAddress.take(1, from: client, at: now) }
            return nil
        }
        if let (bound, wait) = refusal { throw error(bound, wait) }
        return Sender(client: client)
    }

    /// The messages of a request are known: counts them for its key, and all but the first for its client.
    ///
    /// - Throws: `rate-limited` when the key has none left.
    func take(_ events: Int, of sender: Sender, key: AccessKey) throws(APIError) {
        let key = TokenBuckets.Subject(key)
        let now = clock.now().milliseconds
        let wait = state.withLock { state -> Int? in
            if let wait = state.eventsPerKey.wait(key, at: now) { return wait }
            state.eventsPerKey.take(max(events, 1), from: key, at: now)
            if let client = sender.client { state.eventsPerAddress.take(events - 1, from: client, at: now) }
            return nil
        }
        if let wait { throw error(.eventsPerKey, wait) }
    }

    /// Counts a request that is no message, for its key.
    ///
    /// - Throws: `rate-limited` when the key has none left.
    func takeRequest(key: AccessKey) throws(APIError) { try takeRequest(TokenBuckets.Subject(key)) }

    /// The same for somebody who is signed in.
    func takeRequest(session: Session) throws(APIError) { try takeRequest(TokenBuckets.Subject(session)) }

    private func takeRequest(_ key: TokenBuckets.Subject) throws(APIError) {
        let now = clock.now().milliseconds
        let wait = state.withLock { state -> Int? in
            if let wait = state.requestsPerKey.wait(key, at: now) { return wait }
            state.requestsPerKey.take(1, from: key, at: now)
            return nil
        }
        if let wait { throw error(.requestsPerKey, wait) }
    }

    private func error(_ bound: Bound, _ wait: Int) -> APIError {
        metrics.countRateLimited(bound)
        let (rate, words) =
            switch bound {
            case .eventsPerKey: (settings.eventsPerKey, "events a second with this key")
            case .eventsPerAddress: (settings.eventsPerAddress, "events a second from this address")
            case .requestsPerKey: (settings.requestsPerKey, "requests a second with this key or session")
            }
        return APIError(
            .tooManyRequests, Limits.eventsPerKey.code,
            "There are more than \(rate) \(words); send the same again after \(wait) seconds.",
            details: JSONObject([
                ("limit", .string(Text(bound.rawValue))), ("perSecond", .number(Decimal128(rate))),
            ]), retryAfter: wait)
    }
}
