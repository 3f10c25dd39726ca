import ArgumentParser
import EventModel
import SegmentEngine
import SegmentLanguage

/// `shoal evaluate`: definitions over a file of events in one go, without a data directory.
struct Evaluate: AsyncParsableCommand {
    enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case json }

    static let configuration = CommandConfiguration(
        abstract: "Evaluate definitions over a file of events, in one go.",
        discussion: """
            Events are Segment-protocol messages, one JSON object a line, in the order of arrival. The answer is \
            {"segments": {name: [profile ids]}, "metrics": {name: {profile id: value}}}. Definitions with errors end \
            with exit code 65 and their diagnostics in JSON on standard error.

            EXAMPLES
              shoal evaluate --events events.jsonl --definitions vip.shoal
              shoal evaluate --events events.jsonl --definitions vip.shoal --now 2026-03-15
              zcat e.jsonl.gz | shoal evaluate --events - --definitions vip.shoal
              shoal evaluate --events e.jsonl --definitions d.shoal --zone Europe/Berlin
            """)

    @Option(
        name: .long, help: ArgumentHelp("Messages, one JSON object a line; - is standard input.", valueName: "file"))
    var events: String

    @Option(name: .long, help: ArgumentHelp("Segments and metrics in the segment language.", valueName: "file"))
    var definitions: String

    @Option(
        name: .long,
        help: ArgumentHelp("The catalogue: product objects with product_id, one a line.", valueName: "file"))
    var products: String?

    @Option(
        name: .long, help: ArgumentHelp("The evaluation instant (default: the current time).", valueName: "instant"))
    var now: String?

    @Option(name: .long, help: ArgumentHelp("The workspace's time zone.", valueName: "zone"))
    var zone = "UTC"

    @Option(name: .long, help: "The form of the answer.")
    var format: OutputFormat = .json

    func run() async throws {
        let console = Console.standard
        let zone = try parsedZone(zone)
        let instant =
            try now.map { (text) throws(CommandError) in try parsedInstant(text, option: "--now", zone: zone) }
            ?? Shoal.clock.now()
        let source = try DefinitionSource(path: definitions)
        let (program, diagnostics) = Binder.bind([source.parsed], zone: zone)
        guard !diagnostics.hasErrors else {
            console.note(DiagnosticRenderer.json(diagnostics.filter(\.isError)).lineText)
            throw ExitCode(ExitStatus.data.rawValue)
        }
        let input = try EvaluationInput(events: events, products: products, zone: zone, receivedAt: instant)
        for note in input.notes { console.note(note + "\n") }
        let backend = Shoal.backend(of: program, over: input.source)
        let result = try await backend.evaluate(at: instant, BatchEvaluator.Request(), progress: nil)
        try console.print(result.json.lineText)
    }
}
