import ArgumentParser
import EventModel

/// `shoal segments show`: one segment in full.
struct SegmentsShow: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One segment: definition, size over a year, revenue, metrics, overlaps, members.",
        discussion: """
            EXAMPLES
              shoal segments show lapsed_vip
              shoal segments show lapsed_vip --as-of 2026-01-01
              shoal segments show lapsed_vip --json | jq .history
            """)

    @Argument(help: "The segment.")
    var segment: String

    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace, _ console: Console) async throws {
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let definition = try workspace.segment(named: segment)
        let report = try await SegmentReport(definition, in: workspace, asOf: asOf, console)
        try console.show(report.json, or: { report.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
