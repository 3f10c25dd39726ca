import ArgumentParser
import EventModel
import EventStore
import Foundation

/// What the event store costs by itself.
@main struct StoreBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store-benchmarks", abstract: "Measures reading and merging of the event store.",
        discussion: """
            EXAMPLES
              store-benchmarks import events.csv /tmp/new
              store-benchmarks decode /tmp/data
              store-benchmarks merge events.csv /tmp/new --part 2000000
            """,
        subcommands: [Import.self, Decode.self, Merge.self, Compact.self])

    /// CPU time of the process, user and system.
    static func cpuNanoseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}

/// How long decoding takes: every block of a store, with different projections.
struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decode every block of a store with different projections, then single profiles.")

    @Argument(help: "The data directory.") var data: String
    @Option(help: "How often each is measured; the shortest counts.") var repetitions = 5

    func run() throws {
        let store = try EventStore.open(directory: data)
        defer { try? store.close() }
        try Self.measure(try store.snapshot(), repetitions: repetitions)
    }

    static func measure(_ snapshot: Snapshot, repetitions: Int) throws {
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
                let start = StoreBenchmarks.cpuNanoseconds()
                rows = 0
                values = 0
                for index in 0..<snapshot.blockCount {
                    let block = try snapshot.block(index, projection: projection)
                    rows += block.rowCount
                    values += block.rowCount * (1 + block.allColumns.count)
                }
                best = min(best, StoreBenchmarks.cpuNanoseconds() - start)
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
            let start = StoreBenchmarks.cpuNanoseconds()
            _ = try snapshot.history(of: ProfileNumber(profile), projection: .everything)
            times.append(StoreBenchmarks.cpuNanoseconds() - start)
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
}
