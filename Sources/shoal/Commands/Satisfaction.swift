import Analytics
import ArgumentParser
import EventModel
import SegmentLanguage

/// `shoal satisfaction`: what shoppers say, and whether they stay.
struct Satisfaction: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "NPS, CSAT and CES over time, comments, retention and churn rate.",
        discussion: """
            Answers are events "Survey Answered" with survey and score: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7. The \
            retention rate of a period is the share of those active in the period before who were active in it too; \
            --active says what counts as being active.

            EXAMPLES
              shoal satisfaction
              shoal satisfaction --by week --from 2026-01-01
              shoal satisfaction --per loyal_customers --per new_customers
              shoal satisfaction --active "any event" --json
            """)

    @Option(name: .long, help: "day, week (from Monday) or month.")
    var by: CalendarUnit = .month

    @Option(name: .long, help: ArgumentHelp("Tell a segment by itself; as often as you like.", valueName: "segment"))
    var per: [String] = []

    @Option(name: .long, help: ArgumentHelp("What counts as being active, for retention.", valueName: "events"))
    var active = "Order Completed"

    @Option(name: .long, help: "How many of the latest comments to show.")
    var comments = 5

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if comments < 0 { throw ValidationError("--comments is at least 0") }
    }

    func run(in workspace: Workspace, _ console: Console) async throws {
        let zone = workspace.zone
        let events = try ReportWords(zone: zone, window: try report.window(zone: zone)).events(active)
        let (from, to) = try report.bounds(zone: zone)
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let groups = try await workspace.groups(per, at: asOf, console)
        // Days outside four-digit years are in no store.
        let period =
            from == nil && to == nil ? nil : Period(from: from ?? .earliest, to: to ?? asOf.adding(milliseconds: 1))
        let query = SatisfactionQuery(period, by: by, groups: groups, commentLimit: comments)
        let rates = RetentionRateQuery(events, by: by)
        let (answer, retention) = try await workspace.answer(at: asOf, among: report.segment, console) {
            (try await query.answer(from: $0), try await rates.answer(from: $0))
        }
        let shown = SatisfactionReport(
            asOf: asOf, zone: zone, events: events, answer: answer, retention: retention.points,
            segment: report.segment)
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
