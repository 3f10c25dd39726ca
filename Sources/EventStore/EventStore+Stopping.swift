import EventModel
import Synchronization

/// A store that met a failure which leaves the disk in doubt writes no more: a second sync may succeed with the data gone.
/// It must be opened again, by a process that has not seen the failure.
extension EventStore {
    /// Calls `body` once, when the store stops, with why; from the thread that met the failure, which may be one of the
    /// store's own. At once when it has stopped already.
    package func whenStopped(_ body: @escaping @Sendable (EventStoreError) -> Void) {
        stopObserver.withLock { $0 = body }
        let cause = writing.withLock { $0.failure }
        if let cause { tell(.stopped(cause: cause)) }
    }

    /// Runs something that writes outside the writer's turn, with the same consequence of a failed sync.
    func stopping<Value>(_ body: () throws(EventStoreError) -> Value) throws(EventStoreError) -> Value {
        do throws(EventStoreError) { return try body() } catch {
            if error.stopsTheStore { writing.withLock { $0.failure = error.cause } }
            tellIfStopped(by: error)
            throw error
        }
    }

    /// - Note: Not to be called in the writer's turn.
    func tellIfStopped(by error: EventStoreError) {
        if error.stopsTheStore { tell(.stopped(cause: error.cause)) }
    }

    private func tell(_ error: EventStoreError) {
        let observer = stopObserver.withLock { observer in
            defer { observer = nil }
            return observer
        }
        observer?(error)
    }
}
