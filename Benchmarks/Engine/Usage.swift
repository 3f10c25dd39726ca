import Foundation

/// What the process has used so far.
struct Usage {
    /// User and system time of all threads, nanoseconds.
    let cpu: UInt64
    /// Nanoseconds of the steady clock.
    let wall: UInt64

    static var now: Usage {
        Usage(cpu: nanoseconds(CLOCK_PROCESS_CPUTIME_ID), wall: nanoseconds(CLOCK_MONOTONIC))
    }

    /// User and system time of this thread, nanoseconds.
    static var ofThread: UInt64 { nanoseconds(CLOCK_THREAD_CPUTIME_ID) }

    /// The most memory that was resident, MB of 2^20 bytes.
    static var peakMegabytes: Int {
        var usage = rusage()
        // Linux counts kilobytes here.
        return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? usage.ru_maxrss / 1_024 : 0
    }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// A median, and the best of several, in milliseconds.
struct Cost: Codable {
    var cpuMs: Double
    var cpuMinMs: Double
    var wallMs: Double
    var wallMinMs: Double

    /// Does some work once, to warm up, then measures it.
    ///
    /// - Returns: the last answer beside the cost.
    static func of<Answer>(_ repetitions: Int, _ work: () async throws -> Answer) async throws -> (Answer, Cost) {
        var answer = try await work()
        var cpu: [UInt64] = []
        var wall: [UInt64] = []
        for _ in 0..<repetitions {
            let before = Usage.now
            answer = try await work()
            let after = Usage.now
            cpu.append(after.cpu - before.cpu)
            wall.append(after.wall - before.wall)
        }
        return (answer, Cost(cpu: cpu.sorted(), wall: wall.sorted()))
    }

    private init(cpu: [UInt64], wall: [UInt64]) {
        cpuMs = milliseconds(cpu[cpu.count / 2])
        cpuMinMs = milliseconds(cpu[0])
        wallMs = milliseconds(wall[wall.count / 2])
        wallMinMs = milliseconds(wall[0])
    }
}

private func milliseconds(_ nanoseconds: UInt64) -> Double {
    (Double(nanoseconds) / 10_000).rounded() / 100
}

/// How single measurements spread, in microseconds.
struct Spread: Codable {
    var count: Int
    var mean: Double
    var p50: Double
    var p95: Double
    var p99: Double
    var most: Double

    /// - Parameter nanoseconds: at least one.
    init(nanoseconds: [UInt64]) {
        let sorted = nanoseconds.sorted()
        func at(_ share: Double) -> Double {
            microseconds(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
        }
        count = sorted.count
        mean = microseconds(sorted.reduce(0, &+) / UInt64(sorted.count))
        p50 = at(0.5)
        p95 = at(0.95)
        p99 = at(0.99)
        most = at(1)
    }
}

private func microseconds(_ nanoseconds: UInt64) -> Double {
    (Double(nanoseconds) / 10).rounded() / 100
}

/// Lines on standard error, which tell how far the measuring is.
enum Progress {
    static func say(_ line: String) {
        FileHandle.standardError.write(Data("engine-benchmarks: \(line)\n".utf8))
    }
}
