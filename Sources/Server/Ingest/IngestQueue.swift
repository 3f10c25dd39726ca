import Dispatch
import EventModel
import EventStore
import HTTPTypes
import Synchronization

/// The queue in front of the store: whoever's turn it is takes everything that waits and appends it at once.
final class IngestQueue: Sendable {
    /// Messages of one request.
    struct Job: Sendable {
        var source: Text
        var messages: [Message]
        var refused: [RejectLog.Entry]

        var bytes: Int { messages.reduce(0) { $0 + $1.original.count } }
    }

    private typealias Answer = CheckedContinuation<[EventStore.Verdict], any Error>

    private struct State {
        var waiting: [(job: Job, answer: Answer)] = []
        var messages = 0
        var bytes = 0
        var isRunning = false
        var isClosed = false
    }

    /// What may wait, beside what is being written.
    struct Limit: Sendable {
        var messages = Limits.queuedMessages.value
        var bytes = Limits.queuedBytes.value
        /// How many messages are appended at once, about.
        var together = 5_000
    }

    private let store: EventStore
    private let rejects: RejectLog
    private let limit: Limit
    private let metrics: ServerMetrics
    /// Called after messages were stored and answered.
    private let onStored: @Sendable () -> Void
    private let state = Locked(State())
    /// A thread of its own: appending waits for the disk.
    private let writer = DispatchQueue(label: "shoal.ingest")

    init(
        _ store: EventStore, _ rejects: RejectLog, _ metrics: ServerMetrics, limit: Limit = Limit(),
        onStored: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        self.rejects = rejects
        self.metrics = metrics
        self.limit = limit
        self.onStored = onStored
    }

    /// Appends the messages of a request, and answers what became of each when they are on the disk.
    func append(_ job: Job) async throws -> [EventStore.Verdict] {
        let bytes = job.bytes
        return try await withCheckedThrowingContinuation { answer in
            let refusal: APIError? = state.withLock { state in
                if state.isClosed {
                    return APIError(
                        .serviceUnavailable, "stopping", "The server is stopping; send the request again.",
                        retryAfter: 1)
                }
                let isFull =
                    state.messages + job.messages.count > limit.messages || state.bytes + bytes > limit.bytes
                if isFull, !state.waiting.isEmpty {
                    return APIError(
                        .serviceUnavailable, "queue-full",
                        "More comes in than the disk takes; send the request again in a moment.", retryAfter: 1)
                }
                state.waiting.append((job, answer))
                state.messages += job.messages.count
                state.bytes += bytes
                if !state.isRunning {
                    state.isRunning = true
                    writer.async { self.drain() }
                }
                return nil
            }
            if let refusal { answer.resume(throwing: refusal) }
        }
    }

    /// Writes until nothing waits.
    private func drain() {
        while true {
            let taken = state.withLock { state in
                var count = 0
                var messages = 0
                while count < state.waiting.count, count == 0 || messages < limit.together {
                    messages += state.waiting[count].job.messages.count
                    count += 1
                }
                let taken = Array(state.waiting.prefix(count))
                state.waiting.removeFirst(count)
                state.messages -= messages
                state.bytes -= taken.reduce(0) { $0 + $1.job.bytes }
                if taken.isEmpty { state.isRunning = false }
                return taken
            }
            if taken.isEmpty { return }
            write(taken)
        }
    }

    private func write(_ taken: [(job: Job, answer: Answer)]) {
        let refused = taken.flatMap(\.job.refused)
        do {
            if !refused.isEmpty { try rejects.append(refused) }
            let verdicts = try store.append(
                taken.map { EventStore.Portion(source: $0.job.source, messages: $0.job.messages) },
                rejected: refused.count)
            for verdicts in verdicts {
                metrics.countMessages(.accepted, verdicts.count { $0 == .accepted })
                metrics.countMessages(.duplicate, verdicts.count { $0 == .duplicate })
            }
            metrics.countMessages(.rejected, refused.count)
            // Those who wait come first: whoever else is woken up would take the processor from them.
            for ((_, answer), verdicts) in zip(taken, verdicts) { answer.resume(returning: verdicts) }
            onStored()
        } catch {
            for (_, answer) in taken { answer.resume(throwing: error) }
        }
    }

    /// How many messages wait.
    var depth: Int { state.withLock { $0.messages } }

    /// Takes nothing more, and returns when what was taken is written.
    func close() {
        state.withLock { $0.isClosed = true }
        writer.sync {}
    }
}
