import ArgumentParser
import Connectors
import EventModel
import EventStore
import Foundation

/// What importing a file costs, without the evaluation that ends `shoal import`.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import a file into a new data directory, as 'shoal import' does.")

    @Argument(help: "The file.") var file: String
    @Argument(help: "A new data directory.") var data: String

    func run() async throws {
        let clock = ContinuousClock()
        let wallStart = clock.now
        let start = StoreBenchmarks.cpuNanoseconds()
        let store = try EventStore.open(directory: data, mode: .createIfMissing)
        if try !store.hasSettings() { try store.update { $0.zone = .utc } }
        let importer = Importer(options: ImportOptions(), settings: store.settings, clock: SystemClock())
        let summary = try await importer.run(try importer.plan(file), into: EventStoreSink(store))
        let info = try store.info()
        try store.close()
        Merge.report("import", summary.taken, since: start)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let system = Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6
        print(
            "\(summary.taken) taken, \(summary.duplicates) known; \(clock.now - wallStart) elapsed, "
                + "\(system) s in the kernel, \(usage.ru_maxrss / 1024) MB at the peak, \(info.parts) parts")
    }
}
