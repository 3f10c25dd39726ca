internal import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Says what time it is. Passed in wherever the time matters, so that tests own it.
package protocol Clock: Sendable {
    func now() -> Timestamp
}

/// The clock of the machine.
package struct SystemClock: Clock {
    package init() {}

    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// A clock that stands still until it is moved; for tests and replays.
package final class ManualClock: Clock {
    private let instant: Locked<Timestamp>

    package init(_ start: Timestamp) {
        instant = Locked(start)
    }

    package func now() -> Timestamp { instant.withLock { $0 } }

    package func set(_ time: Timestamp) { instant.withLock { $0 = time } }

    package func advance(milliseconds: Int64) {
        instant.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }
}
