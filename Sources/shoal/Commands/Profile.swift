import Analytics
import ArgumentParser
import EventModel

/// `shoal profile`: everything about one shopper.
struct Profile: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "One shopper: traits, timeline, orders, cart, interests, segments.",
        discussion: """
            Interests are counts of what was looked at and bought; each halves in weight every 30 days.

            EXAMPLES
              shoal profile customer-17
              shoal profile ann@example.com --all
              shoal profile customer-17 --as-of 2026-01-01
              shoal profile customer-17 --json | jq .segments
            """)

    @Argument(help: "A user id, an anonymous id or an e-mail address.")
    var profile: String

    @Flag(name: .long, help: "The whole timeline, not only the latest events; segments that are helpers too.")
    var all = false

    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace, _ console: Console) async throws {
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let subject = try await workspace.profile(named: profile, at: asOf, console)
        let report = try await ProfileReport(subject, in: workspace, asOf: asOf)
        let timelineLimit = all ? nil : 20
        try console.show(
            report.json(timelineLimit: timelineLimit),
            or: { report.text(width: $0, style: $1, timelineLimit: timelineLimit) }, asJSON: output.json)
    }
}
