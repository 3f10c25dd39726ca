import ArgumentParser
import EventModel
import SegmentEngine

/// `shoal segments`: the board, and one segment in full.
struct Segments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The segment board: who is who, how many, worth how much.",
        discussion: """
            Orders and revenue are those of the members over all their history, net of cancellations and refunds. \
            The sparkline shows the size over the last 30 days, "+n −m" who came in and who left since then.

            EXAMPLES
              shoal segments
              shoal segments --as-of 2026-01-01
              shoal segments show lapsed_vip
              shoal segments --json | jq '.segments[] | {name, size}'
            """,
        subcommands: [Board.self, SegmentsShow.self],
        defaultSubcommand: Board.self)

    /// The board itself, so that `shoal segments` needs no second word.
    struct Board: WorkspaceCommand {
        enum Order: String, ExpressibleByArgument, CaseIterable { case file, size, revenue, name }

        static let configuration = CommandConfiguration(
            commandName: "board", abstract: "All segments, a line each (what \"shoal segments\" alone shows).",
            discussion: Segments.configuration.discussion)

        @Option(name: .long, help: "The order of the lines: file, size, revenue or name.")
        var sort: Order = .file

        @Flag(name: .long, inversion: .prefixedNo, help: "Evaluate the last 30 days too, for the sparkline.")
        var trend = true

        @Flag(name: .long, help: "Show helpers too: segments that are there for other definitions only.")
        var all = false

        @OptionGroup var data: DataOptions
        @OptionGroup var instant: InstantOptions
        @OptionGroup var output: OutputOptions

        func run(in workspace: Workspace, _ console: Console) async throws {
            let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
            let report = try await BoardReport(workspace, asOf: asOf, hasTrend: trend, sort: sort, console)
            try console.show(
                report.json, or: { report.text(width: $0, style: $1, showsHelpers: all) }, asJSON: output.json)
        }
    }
}

extension Console {
    /// Prints an answer in the form that was asked for.
    func show(_ json: JSONValue, or text: (Int?, Style) -> String, asJSON: Bool) throws(CommandError) {
        try print(asJSON ? json.lineText : text(output.width, output.style))
    }
}
