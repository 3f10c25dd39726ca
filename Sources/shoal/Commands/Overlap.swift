import ArgumentParser
import Columns
import EventModel
import SegmentEngine
import SegmentLanguage

/// `shoal overlap`: how far segments share their members.
struct Overlap: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "How far segments share their members.",
        discussion: """
            For every two segments: how many profiles are in both, as a share of each, and the Jaccard index \
            (both, divided by either).

            EXAMPLES
              shoal overlap couponers loyal_customers
              shoal overlap vip weekend_buyers evening_buyers --as-of 2026-01-01
              shoal overlap vip couponers --json
            """)

    @Argument(help: ArgumentHelp("Two or more segments.", valueName: "segment"))
    var names: [String]

    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if names.count < 2 { throw ValidationError("name two segments or more") }
    }

    func run(in workspace: Workspace, _ console: Console) async throws {
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let segments = try names.map { try workspace.segment(named: $0).name }
        let evaluation = Evaluation(workspace, segments, console)
        let result = try await evaluation.run(at: asOf)
        evaluation.end()
        let members = segments.map { result.members[$0] ?? Bitmap() }
        let report = OverlapReport(
            asOf: asOf, zone: workspace.zone, names: names,
            shared: members.map { first in members.map { first.intersectionCount($0) } })
        try console.show(report.json, or: { report.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
