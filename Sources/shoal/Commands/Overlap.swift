import ArgumentParser
import EventModel

/// `shoal overlap`: how far segments share their members.
struct Overlap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How far segments share their members.",
        discussion: """
            For every two segments: how many profiles are in both, as a share of each, and the Jaccard index
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

    func run() async throws {
        let console = Console.standard
        let workspace = try Workspace(at: data.path)
        let asOf = try workspace.instant(instant, console)
        let segments = try names.map { (name) throws(CommandError) in try workspace.segment(named: name) }
        let result = try await workspace.evaluate(segments.map(\.name), at: asOf, console)
        let members = segments.map { result.members(of: $0.name) }
        let report = OverlapReport(
            asOf: asOf, zone: workspace.zone, names: names,
            shared: members.map { first in members.map { first.intersectionCount($0) } })
        try console.print(output.json ? report.json.lineText : report.text(width: console.output.width, style: console.output.style))
    }
}
