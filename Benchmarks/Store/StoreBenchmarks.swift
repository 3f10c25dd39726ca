import EventModel
import EventStore
import Foundation

/// How long decoding takes: every block of a store, with different projections. `store-benchmarks DIRECTORY [REPETITIONS]`
@main struct StoreBenchmarks {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else {
            print("usage: store-benchmarks DIRECTORY [REPETITIONS]")
            return
        }
        let store = try EventStore.open(directory: arguments[1])
        defer { try? store.close() }
        let snapshot = try store.snapshot()
        let repetitions = arguments.count > 2 ? Int(arguments[2]) ?? 5 : 5
        let orders: Set<Text> = ["Order Completed"]
        let revenue = PropertyPath(scope: .properties, parts: ["revenue"])
        let projections: [(name: String, projection: Projection)] = [
            ("sections alone", .nothing),
            ("times of all rows", Projection(events: nil, paths: [], traits: true)),
            ("Order Completed with revenue", Projection(events: orders, paths: [revenue], traits: false)),
            ("revenue of all rows", Projection(events: nil, paths: [revenue], traits: false)),
            ("all columns of all rows", .everything),
        ]
        for (name, projection) in projections {
            var best = Double.infinity
            var rows = 0
            var values = 0
            for _ in 0..<repetitions {
                let start = cpuNanoseconds()
                rows = 0
                values = 0
                for index in 0..<snapshot.blockCount {
                    let block = try snapshot.block(index, projection: projection)
                    rows += block.rowCount
                    values += block.rowCount * (1 + block.allColumns.count)
                }
                best = min(best, cpuNanoseconds() - start)
            }
            print(
                "\(name): \(round(best / 1e5) / 10) ms of CPU, \(rows) rows, \(ratio(best, rows)) ns a row, "
                    + "\(ratio(best, values)) ns a value")
        }
        try measureProfiles(snapshot)
    }

    /// One profile at a time, as live evaluation reads them.
    private static func measureProfiles(_ snapshot: Snapshot) throws {
        let count = min(snapshot.profileCount, 2_000)
        let step = max(snapshot.profileCount / max(count, 1), 1)
        var times: [Double] = []
        for profile in stride(from: 0, to: snapshot.profileCount, by: step) {
            let start = cpuNanoseconds()
            _ = try snapshot.history(of: ProfileNumber(profile), projection: .everything)
            times.append(cpuNanoseconds() - start)
        }
        times.sort()
        guard !times.isEmpty else { return }
        print(
            "history of one profile, everything: p50 \(round(times[times.count / 2] / 100) / 10) us, "
                + "p99 \(round(times[times.count * 99 / 100] / 100) / 10) us")
    }

    private static func ratio(_ nanoseconds: Double, _ count: Int) -> String {
        count == 0 ? "-" : "\(round(nanoseconds / Double(count) * 100) / 100)"
    }

    /// CPU time of the process, user and system.
    private static func cpuNanoseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
