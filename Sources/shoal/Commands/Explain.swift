import ArgumentParser
import EventModel

/// `shoal explain`: why somebody is in a segment or not, and when that changes.
struct Explain: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "Why somebody is in a segment, or not, and when that changes.",
        discussion: """
            For each condition: whether it holds, what was found and what is asked for, what is missing, up to five \
            events behind it, and until when the answer is sure if nothing happens. Metrics are explained too.

            EXAMPLES
              shoal explain lapsed_vip customer-17
              shoal explain cart_abandoners ann@example.com
              shoal explain loyal_customers customer-17 --as-of 2026-01-01 --json
            """)

    @Argument(help: "The segment or metric.")
    var name: String

    @Argument(help: "A user id, an anonymous id or an e-mail address.")
    var profile: String

    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace, _ console: Console) async throws {
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let definition = try workspace.definition(named: name)
        let subject = try await workspace.profile(named: profile, at: asOf, console)
        let report = try await ExplanationReport(definition, subject, in: workspace, asOf: asOf)
        try console.show(report.json, or: { report.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
