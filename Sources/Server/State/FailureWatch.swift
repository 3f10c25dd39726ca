import EventModel
import EventStore
import Synchronization

/// Ends the server when what it writes to has stopped: only opening it again shows what the disk holds.
///
/// A service manager starts the process again; a failed sync is never tried a second time.
final class FailureWatch: Sendable {
    /// Until the process ends requests are answered, with 503, so that nobody waits in vain.
    private static let grace = Duration.milliseconds(200)

    private let failures: AsyncStream<EventStoreError>
    private let reporting: AsyncStream<EventStoreError>.Continuation
    private let first = Locked<EventStoreError?>(nil)

    init() { (failures, reporting) = AsyncStream.makeStream() }

    /// Says that something has stopped, and why; from any thread.
    func report(_ error: EventStoreError) {
        first.withLock { $0 = $0 ?? error }
        reporting.yield(error)
        reporting.finish()
    }

    /// Throws the first failure if there was one: a server that is told to stop in that moment ends with it all the same.
    func check() throws(EventStoreError) {
        if let error = first.withLock({ $0 }) { throw error }
    }

    /// Throws the first failure a moment after it was reported; returns when the task is cancelled.
    func wait() async throws {
        for await failure in failures {
            try? await Task.sleep(for: Self.grace)
            throw failure
        }
    }
}
