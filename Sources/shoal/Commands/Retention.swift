import Analytics
import ArgumentParser
import EventModel
import SegmentLanguage

extension CalendarUnit: ExpressibleByArgument {}

/// `shoal retention`: how many come back, by when they first came.
struct Retention: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "How many come back in the periods after their first.",
        discussion: """
            A line for each cohort: the profiles whose first event of --first lies in that calendar day, week or \
            month; then the share of them with an event of --returning in the same period and in each after it; with \
            --rolling in that period or any later one. --from and --to choose cohorts.

            EXAMPLES
              shoal retention
              shoal retention --first "Order Completed" --by month
              shoal retention --returning "Product Viewed" --from 2026-01-01
              shoal retention --by day --segment couponers --rolling --json
            """)

    @Option(name: .long, help: ArgumentHelp("What makes a profile begin.", valueName: "events"))
    var first = "any event"

    @Option(
        name: .long, help: ArgumentHelp("What counts as coming back (default: as --first).", valueName: "events"))
    var returning: String?

    @Option(name: .long, help: "day, week (from Monday) or month.")
    var by: CalendarUnit = .week

    @Flag(name: .long, help: "Count whoever comes back in a later period, too.")
    var rolling = false

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace, _ console: Console) async throws {
        let words = ReportWords(zone: workspace.zone)
        let query = RetentionQuery(
            first: try words.events(first), returning: try words.events(returning ?? first), unit: by,
            kind: rolling ? .rolling : .exact)
        let bounds = try report.bounds(zone: workspace.zone)
        _ = try report.window(zone: workspace.zone)
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let answer = try await workspace.answer(at: asOf, among: report.segment, console) {
            try await query.answer(from: $0)
        }
        let zone = workspace.zone
        let cohorts = answer.cohorts.filter { cohort in
            let start = zone.startOfDay(cohort.firstDay)
            return bounds.from.map { start >= $0 } ?? true && bounds.to.map { start < $0 } ?? true
        }
        let shown = RetentionReport(
            asOf: asOf, zone: zone, query: query, cohorts: cohorts, segment: report.segment)
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
