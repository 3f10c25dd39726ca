import Glibc
import Synchronization

/// Ctrl-C, and being told to end: the first time asks the work to stop, the second ends the process.
enum Interruption {
    private static let requests = Atomic(0)

    static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

    /// From here on both signals count as requests; before, they end the process.
    static func listen() {
        // The handler may not be the first to touch the counter: that would take a lock.
        requests.store(0, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                if Interruption.requests.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { _exit(128 + number) }
            }
        }
    }
}
