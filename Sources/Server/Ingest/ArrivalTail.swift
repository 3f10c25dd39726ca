import EventModel
import EventStore
import Synchronization

/// The newest messages that came in, with what became of them, for whoever watches them come.
final class ArrivalTail: Sendable {
    enum Outcome: Hashable, Sendable {
        case accepted, duplicate
        /// With a code and what was wrong.
        case refused(Text, String)
    }

    struct Entry: Sendable {
        /// From 1, ascending, without gaps.
        var number: Int
        var received: Timestamp
        var source: Text
        /// Nil for what could not be read.
        var message: Message?
        var outcome: Outcome
    }

    private struct State {
        var entries: [Entry] = []
        var last = 0
        var listeners: [Int: @Sendable () -> Void] = [:]
        var nextListener = 0
    }

    /// So many are kept.
    static let most = 200

    private let state = Locked(State())

    /// Takes note of a request's messages; of a large batch only of the last ones.
    func note(_ job: IngestQueue.Job, _ verdicts: [EventStore.Verdict], at now: Timestamp) {
        let listeners = state.withLock { state in
            func append(_ message: Message?, _ received: Timestamp, _ outcome: Outcome) {
                state.last += 1
                state.entries.append(
                    Entry(
                        number: state.last, received: received, source: job.source, message: message, outcome: outcome))
            }
            for refused in job.refused.suffix(Self.most) {
                append(nil, refused.received, .refused(refused.code, refused.message))
            }
            for (message, verdict) in zip(job.messages, verdicts).suffix(Self.most) {
                append(message, now, verdict == .accepted ? .accepted : .duplicate)
            }
            state.entries.removeFirst(max(0, state.entries.count - Self.most))
            return Array(state.listeners.values)
        }
        for listener in listeners { listener() }
    }

    /// Entries after a number, ascending.
    func entries(after number: Int) -> [Entry] { state.withLock { $0.entries.filter { $0.number > number } } }

    /// Calls something whenever messages came in, until it is cancelled.
    func listen(_ body: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = body
            return state.nextListener
        }
    }

    func cancel(_ listener: Int) { state.withLock { $0.listeners[listener] = nil } }
}
