import ArgumentParser
import EventModel
import EventStore
import SegmentEngine

/// `engine-benchmarks`: opens an imported data directory once and measures evaluation inside the process, warm.
///
/// What it measures stands in `Benchmarks/segments`, not here; figures come out as JSON on standard output.
@main
struct EngineBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine-benchmarks",
        abstract: "Measures the evaluation of segments in process, over an imported data directory.",
        discussion: """
            Times are medians: CPU is that of the whole process, user and system, so all threads count. Each piece of \
            work is done once before it is measured. Digests are SHA-256 of the sorted ids of the members as unsigned \
            32-bit numbers, little-endian, the first 16 hexadecimal digits; only for stores whose ids are such numbers.

            EXAMPLES
              engine-benchmarks /tmp/data --as-of 2026-07-01
              engine-benchmarks /tmp/data --as-of 2026-07-01 --only together --only live --repeat 9
              engine-benchmarks /tmp/data --as-of 2026-07-01 --only alone --segment s08 --segment s17
            """)

    @Argument(help: "The data directory.")
    var data: String

    @Option(name: .customLong("as-of"), help: "The instant to evaluate at: a date or a time, ISO 8601.")
    var asOf: String

    @Option(help: "The file of the segments to measure.")
    var segments = "Benchmarks/segments/behaviour.shoal"

    @Option(name: .customLong("constructs"), help: "The file with a definition for each construct of the language.")
    var constructs = "Benchmarks/segments/constructs.shoal"

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Measure only this: \(Section.names). May be given several times.", valueName: "section"))
    var only: [Section] = []

    @Option(
        help: ArgumentHelp("With alone, constructs and reports: only this definition or report.", valueName: "name"))
    var segment: [String] = []

    @Option(name: .customLong("repeat"), help: "How often each piece of work is measured.")
    var repetitions = 5

    @Option(help: "How many blocks are evaluated at once.")
    var threads = 2

    @Option(help: "How many profiles the live measurements ask about.")
    var profiles = 3_000

    func validate() throws {
        guard repetitions > 0, threads > 0, profiles > 0 else {
            throw ValidationError("--repeat, --threads and --profiles are at least 1")
        }
    }

    func run() async throws {
        let opened = try OpenedStore(directory: data, asOf: asOf, threads: threads, repetitions: repetitions)
        defer { opened.close() }
        var figures = Figures(opened)
        for section in only.isEmpty ? Section.allCases : only {
            Progress.say("\(section.rawValue)")
            try await measure(section, opened, into: &figures)
        }
        figures.peakMegabytes = Usage.peakMegabytes
        print(try figures.json)
    }

    private func measure(_ section: Section, _ opened: OpenedStore, into figures: inout Figures) async throws {
        switch section {
        case .together:
            figures.together = try await opened.together(try Definitions(file: segments, zone: opened.zone))
        case .alone:
            figures.alone = try await opened.alone(try Definitions(file: segments, zone: opened.zone), only: segment)
        case .constructs:
            let definitions = try Definitions(file: constructs, zone: opened.zone)
            figures.constructs = try await opened.alone(definitions, only: segment)
        case .reports:
            figures.reports = try await opened.reports(only: segment)
        case .board:
            figures.board = try await opened.board()
        case .preview:
            figures.preview = try await opened.preview(try Definitions(file: segments, zone: opened.zone))
        case .live:
            figures.live = try await opened.live(try Definitions(file: segments, zone: opened.zone), profiles: profiles)
        }
    }
}

/// What can be measured by itself.
enum Section: String, CaseIterable, ExpressibleByArgument {
    case together, alone, constructs, reports, board, preview, live

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
