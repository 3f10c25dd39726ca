import Dispatch
import EventModel
import Foundation
import Synchronization

/// Does work that may wait, one piece after another, on a thread that lets others go first.
///
/// The thread is there as long as there is work: a priority that was lowered may not be raised again, so it can be none that
/// others use as well.
final class MaintenanceThread: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let state = Locked(State())
    private let pending = DispatchGroup()

    /// How much others go first, as `nice` counts: taking and deciding messages get about three times as much of a core.
    private static let niceness: Int32 = 5

    func async(_ work: @escaping @Sendable () -> Void) {
        pending.enter()
        let mustStart = state.withLock { state in
            state.waiting.append(work)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart { Thread.detachNewThread { [self] in run() } }
    }

    /// Returns when all work that was given before is done.
    func wait() { pending.wait() }

    private func run() {
        #if canImport(Glibc)
            // On Linux this is of the thread alone.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        #endif
        while let work = next() {
            work()
            pending.leave()
        }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}
