import EventModel
import Foundation
import Logging
import Outbound
import Synchronization
import TestSupport

@testable import Server

/// Changes that a test makes, at positions 10, 20, 30 and so on.
final class ScriptedFeed: ChangeFeed {
    private let made = Locked<[(position: Int64, segment: Text, body: JSONValue)]>([])
    private let reads = Locked(0)

    func add(_ segment: Text, _ profile: String) {
        made.withLock { made in
            let position = Int64(made.count + 1) * 10
            let body: JSONValue = [
                "type": "segment.entered", "timestamp": "2026-09-21T14:13:20.000Z",
                "data": ["segment": .string(segment), "profile": .string(Text(profile))],
            ]
            made.append((position, segment, body))
        }
    }

    func clear() { made.withLock { $0 = [] } }

    /// How often changes were asked for.
    var readCount: Int { reads.withLock { $0 } }

    func changes(
        after position: Int64, segments: Set<Text>?, limit: Int
    ) -> (changes: [(position: Int64, body: JSONValue)], searchedTo: Int64) {
        reads.withLock { $0 += 1 }
        return made.withLock { made in
            let found = made.filter { $0.position > position && segments?.contains($0.segment) ?? true }.prefix(limit)
            let searchedTo = found.count < limit ? made.last?.position ?? position : found.last?.position ?? position
            return (found.map { (position: $0.position, body: $0.body) }, searchedTo)
        }
    }

    func end() -> Int64 { made.withLock { $0.last?.position ?? 0 } }
}

/// A client whose answers a test decides; nil is none, ever.
final class ScriptedClient: OutboundSending {
    typealias Answer = @Sendable (OutboundRequest, _ number: Int) -> OutboundAnswer?

    private let seen = Locked<[OutboundRequest]>([])
    private let decision: Locked<Answer>
    private let held = Locked<HeldAnswers?>(nil)
    let width: Int

    init(width: Int = 16, _ answer: @escaping Answer = { _, _ in OutboundAnswer(.answered, status: 204) }) {
        self.width = width
        decision = Locked(answer)
    }

    func post(_ request: OutboundRequest, then finished: @escaping @Sendable (OutboundAnswer) -> Void) {
        let number = seen.withLock { seen in
            seen.append(request)
            return seen.count
        }
        if let answer = decision.withLock({ $0 })(request, number) { return finished(answer) }
        held.withLock { $0 }?.hold(finished)
    }

    func close() {}

    /// Keeps requests without an answer for later.
    func hold(_ answers: HeldAnswers) { held.withLock { $0 = answers } }
    func answer(_ next: @escaping Answer) { decision.withLock { $0 = next } }
    func answer(status: Int) { answer { _, _ in OutboundAnswer(.answered, status: status) } }

    var requests: [OutboundRequest] { seen.withLock { $0 } }
}

/// Requests that get their answer later.
final class HeldAnswers: Sendable {
    private let waiting = Locked<[@Sendable (OutboundAnswer) -> Void]>([])

    func hold(_ finished: @escaping @Sendable (OutboundAnswer) -> Void) { waiting.withLock { $0.append(finished) } }

    func answer(_ answer: OutboundAnswer) {
        let all = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for finished in all { finished(answer) }
    }
}

extension OutboundRequest {
    func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The profile of the change that it tells of.
    var profile: String? {
        (try? JSONReader.parse(body))?.object?["data"]?.object?["profile"]?.text?.string
    }
}

/// A sender over a fresh directory, on a clock that stands still.
final class Deliveries {
    static let start = Timestamp(milliseconds: 1_790_000_000_000)

    let feed = ScriptedFeed()
    let client: ScriptedClient
    let clock = ManualClock(start)
    let directory: TemporaryDirectory
    private(set) var sender: WebhookSender

    init(_ client: ScriptedClient = ScriptedClient()) throws {
        self.client = client
        directory = try TemporaryDirectory()
        sender = try Self.sender(directory, feed, client, clock)
    }

    private static func sender(
        _ directory: TemporaryDirectory, _ feed: ScriptedFeed, _ client: any OutboundSending, _ clock: ManualClock
    ) throws -> WebhookSender {
        try WebhookSender(
            WebhookStore(in: directory.path, .ofTests), feed: feed, client: client, clock: clock,
            random: SeededRandomSource(seed: 1),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit { sender.close() }

    /// Another process over the same directory; the one before was killed, what it had under way came to nothing.
    func restart(_ client: (any OutboundSending)? = nil) throws {
        sender.close()
        sender = try Self.sender(directory, feed, client ?? self.client, clock)
    }

    /// A webhook that is told of everything that comes.
    func add(_ url: String = "http://a.example/", _ more: String = "") async throws -> String {
        let body = #"{"url":"\#(url)"\#(more)}"#
        let input = try WebhookInput(
            Array(body.utf8), members: ["url", "description", "segments", "paused", "after"])
        return try await sender.create(input).webhook.id
    }

    func webhook(_ id: String) async throws -> Webhook { try await sender.entry(id).webhook }

    /// Lets everything happen that is due.
    func settle() async throws {
        var before = -1
        while before != client.requests.count {
            before = client.requests.count
            for _ in 0..<2 { try await sender.perform { $0.step(&$1) } }
        }
    }

    /// Moves the clock to the next try of a webhook, and lets it happen.
    ///
    /// - Returns: how long it waited; nil when it is not to be tried again.
    func wait(for id: String) async throws -> Int64? {
        guard let next = try await webhook(id).progress.nextTry else { return nil }
        let wait = next.milliseconds(since: clock.now())
        clock.set(next)
        try await settle()
        return wait
    }

    var profiles: [String] { client.requests.compactMap(\.profile) }
}
