import ArgumentParser
import Connectors
import DemoStore
import EventModel

/// `shoal demo`: a whole store to look at, made from a seed.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a demonstration store, import it, and show its segments.",
        discussion: """
            A year of a plausible shop that ends today: visits, searches, carts, coupons, orders, refunds, e-mails and \
            surveys. The same seed, size, end and zone give the same store.

            EXAMPLES
              shoal demo
              shoal demo --seed 7 --profiles 2000 --data small-shop
              shoal demo --until 2026-01-01 --zone Europe/Berlin
              shoal demo --write shop-export --events 1000000
            """)

    @Option(name: .long, help: "The seed from which everything is made.")
    var seed: UInt64 = 1

    @Option(name: .long, help: "How many shoppers there are.")
    var profiles: Int = DemoStoreGenerator.defaultProfiles

    @Option(
        name: .long, help: ArgumentHelp("About how many messages there are (default: 26 a shopper).", valueName: "n"))
    var events: Int?

    @Option(name: .long, help: ArgumentHelp("The end of the year (default: today).", valueName: "instant"))
    var until: String?

    @Option(name: .long, help: ArgumentHelp("The shop's time zone.", valueName: "zone"))
    var zone = "UTC"

    @Option(
        name: .long,
        help: ArgumentHelp("Write the shop's export into this folder and import nothing.", valueName: "folder"))
    var write: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...5_000_000).contains(profiles) { throw ValidationError("--profiles is between 1 and 5000000") }
        if let events, !(1...1_000_000_000).contains(events) {
            throw ValidationError("--events is between 1 and 1000000000")
        }
    }

    func run() async throws {
        let console = Console.standard
        if let write {
            let zone = try parsedZone(zone)
            let files = try writeExport(to: write, endingAt: try end(in: zone), zone: zone, console)
            console.note("wrote \(files.joined(separator: " and "))\n")
            return
        }
        let made = try DemoRecord.read(from: data.path)
        let end: Timestamp
        if let made {
            end = made
            console.note("the demonstration store \(data.path) is there already\n")
        } else {
            end = try await make(console)
        }
        let board = try await Shoal.withWorkspace(at: data.path) { workspace in
            try await BoardReport(workspace, asOf: end, hasTrend: true, sort: .file, console)
        }
        console.note("\n")
        try console.show(board.json, or: { board.text(width: $0, style: $1) }, asJSON: output.json)
        console.note(nextSteps)
    }

    /// Makes the shop and imports it; answers where its year ends.
    private func make(_ console: Console) async throws -> Timestamp {
        let zone = try parsedZone(zone)
        let end = try end(in: zone)
        guard !LocalFiles.exists(data.path + "/shoal.db") || LocalFiles.exists(data.path + "/demo") else {
            throw CommandError(
                "data-exists", .cantCreate, "the data directory \"\(data.path)\" holds another store",
                advice: "\"shoal segments\" shows it; --data NAME makes the demonstration elsewhere")
        }
        let export = try writeExport(to: data.path + "/demo", endingAt: end, zone: zone, console)
        var options = ImportOptions()
        options.zone = zone
        let importing = Importing(dataPath: data.path, options: options, console: console)
        let reports = try await importing.run(try importing.plans(for: export)) { report in
            console.note(report.text(style: console.notes.style))
        }
        if reports.contains(where: { $0.isInterrupted || $0.outcomeError != nil }) { try importing.end(reports) }
        try DemoRecord.write(end: end, seed: seed, to: data.path)
        return end
    }

    /// The end of the shop's year.
    private func end(in zone: Zone) throws(CommandError) -> Timestamp {
        guard let until else { return zone.startOfDay(zone.day(of: Shoal.clock.now())) }
        return try parsedInstant(until, option: "--until", zone: zone)
    }

    /// The export of the shop, as two files.
    private func writeExport(
        to folder: String, endingAt end: Timestamp, zone: Zone, _ console: Console
    ) throws -> [String] {
        try LocalFiles.makeFolder(folder)
        let paths = [folder + "/products.jsonl", folder + "/events.jsonl"]
        let progress = ProgressPrinter("making the shop", unit: "bytes", on: console.notes, clock: Shoal.clock)
        let generator = DemoStoreGenerator(
            seed: seed, profiles: profiles, targetEvents: events, endingAt: end, zone: zone)
        let products = try LocalFileWriter(paths[0])
        let messages = try LocalFileWriter(paths[1])
        let expected = Double(events ?? profiles * 26) * 330
        _ = try generator.write(
            events: { (bytes: [UInt8]) throws(CommandError) in
                try messages.write(bytes)
                progress.show(done: messages.count, fraction: min(0.99, Double(messages.count) / expected))
            },
            products: { (bytes: [UInt8]) throws(CommandError) in try products.write(bytes) })
        try products.close()
        try messages.close()
        progress.clear()
        return paths
    }

    private var nextSteps: String {
        let option = data.path == "shoal-data" ? "" : " --data \(data.path)"
        return """

            next: shoal segments show loyal_customers\(option)
                  shoal profile shopper-00042\(option)
                  shoal explain lapsed_customers shopper-00042\(option)
                  shoal serve\(option)   (the same in a browser: open the link that it shows)
                  \(data.path)/segments holds the definitions, to read, copy and change

            """
    }
}

/// What says that a demonstration store is complete: a small file beside its export.
private enum DemoRecord {
    private static func path(_ data: String) -> String { data + "/demo/demo.json" }

    /// The end of the year of a complete demonstration store; nil when there is none.
    static func read(from data: String) throws(CommandError) -> Timestamp? {
        guard LocalFiles.exists(path(data)) else { return nil }
        let object = (try? JSONReader.parse(try LocalFiles.read(path(data))))?.object
        return object?["until"]?.text.flatMap { Timestamp(iso8601: $0, zone: .utc) }
    }

    static func write(end: Timestamp, seed: UInt64, to data: String) throws(CommandError) {
        let record = JSONValue.object([("seed", .text("\(seed)")), ("until", .time(end))])
        try LocalFiles.write(record.lineText, to: path(data))
    }
}
