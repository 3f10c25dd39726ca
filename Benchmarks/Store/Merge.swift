import ArgumentParser
import Connectors
import EventModel
import EventStore
import Foundation

/// What histories in several parts cost, and what making one part of them does.
struct Merge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import a file into several parts, decode them together, merge them, and decode again.")

    @Argument(help: "The file.") var file: String
    @Argument(help: "A new data directory.") var data: String
    @Option(help: "How many messages a part takes.") var part = 2_000_000
    @Flag(help: "Leave the parts as they are.") var unmerged = false

    func run() async throws {
        var options = EventStore.Options()
        options.bulkMessages = part
        options.maintenance = .none
        let store = try EventStore.open(directory: data, mode: .createIfMissing, options: options)
        defer { try? store.close() }
        if try !store.hasSettings() { try store.update { $0.zone = .utc } }
        var start = StoreBenchmarks.cpuNanoseconds()
        let importer = Importer(options: ImportOptions(), settings: store.settings, clock: SystemClock())
        let summary = try await importer.run(try importer.plan(file), into: EventStoreSink(store))
        Self.report("import", summary.taken, since: start)
        print("\(try store.info().parts) parts")
        try Decode.measure(try store.snapshot(), repetitions: 1)
        if unmerged { return }
        start = StoreBenchmarks.cpuNanoseconds()
        try store.compactIfNeeded(minimumParts: 2)
        Self.report("merge", summary.taken, since: start)
        print("\(try store.info().parts) parts")
        try Decode.measure(try store.snapshot(), repetitions: 1)
    }

    static func report(_ work: String, _ messages: Int, since start: Double) {
        let seconds = (StoreBenchmarks.cpuNanoseconds() - start) / 1e9
        let each = messages == 0 ? 0 : seconds * 1e6 / Double(messages)
        Swift.print("\(work): \(round(seconds * 100) / 100) s of CPU, \(round(each * 1000) / 1000) us a message")
    }
}

/// What merging the parts of a store costs.
struct Compact: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Merge all parts of a store into one.")

    @Argument(help: "The data directory.") var data: String

    func run() throws {
        let store = try EventStore.open(directory: data)
        defer { try? store.close() }
        let messages = try store.info().messages
        let start = StoreBenchmarks.cpuNanoseconds()
        try store.compactIfNeeded(minimumParts: 2)
        Merge.report("merge", messages, since: start)
    }
}
