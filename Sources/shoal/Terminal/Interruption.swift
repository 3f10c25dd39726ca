import Dispatch
import Glibc
import Synchronization

/// Listens for Ctrl-C and for being told to end: the first time asks the work to stop, the second ends the process.
final class Interruption: Sendable {
    private let requested: Requested
    private let sources: [any DispatchSourceSignal]

    private final class Requested: Sendable {
        let value = Atomic(false)
    }

    init() {
        let requested = Requested()
        self.requested = requested
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                let isSecond = requested.value.exchange(true, ordering: .relaxed)
                if isSecond { _exit(128 + number) }
            }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }

    var isRequested: Bool { requested.value.load(ordering: .relaxed) }
}
