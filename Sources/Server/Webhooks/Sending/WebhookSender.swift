import Dispatch
import EventModel
import Logging
import Outbound
import Synchronization

/// Tells webhooks of changes: at least once, each in its order, none held up by another.
///
/// Everything but the requests themselves happens on one queue, which may wait for the disk: reading the feed, signing,
/// and keeping what became of each message. The place of a webhook in the feed moves only in the transaction that
/// keeps the answer, so a program that is killed sends a message twice rather than never.
final class WebhookSender: Sendable {
    struct State {
        var lanes: [String: WebhookLane] = [:]
        var lastNumber = 0
        var isClosed = false
        /// Whether something failed when it was looked for changes last; it is said once.
        var isBroken = false
    }

    /// How many changes of a webhook are read ahead.
    static let readAhead = 100
    /// After so many positions without a change of concern, it is kept how far the feed was searched.
    static let searchedWithoutKeeping: Int64 = 10_000
    /// How long it takes at most until a change is seen.
    static let lookMilliseconds = 200
    /// The wait after a dead letter failed again, or the disk did.
    static let pauseMilliseconds: Int64 = 5_000

    let store: WebhookStore
    /// Nil when there are no changes to tell of.
    let feed: (any ChangeFeed)?
    let client: any OutboundSending
    let clock: any Clock
    let random: any RandomSource
    let logger: Logger
    private let queue = DispatchQueue(label: "shoal.webhooks")
    /// Only touched on the queue.
    private let state: Locked<State>

    /// Nothing is sent before `start`.
    init(
        _ store: WebhookStore, feed: (any ChangeFeed)?, client: any OutboundSending, clock: any Clock,
        random: any RandomSource, logger: Logger
    ) throws {
        self.store = store
        self.feed = feed
        self.client = client
        self.clock = clock
        self.random = random
        self.logger = logger
        var state = State()
        for webhook in try store.webhooks() { state.lanes[webhook.id] = WebhookLane(webhook) }
        self.state = Locked(state)
    }

    /// Looks for changes now, and then several times a second.
    func start() {
        queue.async { [weak self] in
            guard let self, self.look() else { return }
            self.queue.asyncAfter(deadline: .now() + .milliseconds(Self.lookMilliseconds)) { [weak self] in
                self?.start()
            }
        }
    }

    /// - Returns: whether to look again.
    private func look() -> Bool {
        state.withLock { state in
            step(&state)
            return !state.isClosed
        }
    }

    /// Sends nothing more. What is under way is waited for a while; what got no answer is sent again by the next start.
    func close() {
        queue.sync { state.withLock { $0.isClosed = true } }
        client.close()
        // Answers that were called back while the client closed are kept still.
        queue.sync {}
        store.close()
    }

    /// Does something with all webhooks between two steps.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (WebhookSender, inout State) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try self.state.withLock { try body(self, &$0) } })
            }
        }
    }

    /// The same for a thread that may be kept waiting.
    func performAndWait<Value>(_ body: (inout State) throws -> Value) throws -> Value {
        try queue.sync { try state.withLock { try body(&$0) } }
    }

    /// Does something with all webhooks, soon.
    func later(_ body: @escaping @Sendable (WebhookSender, inout State) -> Void) {
        queue.async { self.state.withLock { body(self, &$0) } }
    }
}
