import Analytics
import ArgumentParser
import EventModel
import SegmentLanguage

/// `shoal top`: the most frequent values of a property.
struct Top: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "The most frequent values of a property.",
        discussion: """
            The property and the events are written as in a metric: PROPERTY of EVENTS [where FILTER]. With --per a \
            list for each value of another property of the same events.

            EXAMPLES
              shoal top 'product_id of "Product Viewed"'
              shoal top 'product_id of "Product Viewed"' --per category --limit 3
              shoal top 'context.campaign.source of any event' --from 2026-06-01 --json
            """)

    @Argument(help: ArgumentHelp("Which property of which events.", valueName: "property of events"))
    var values: String

    @Option(name: .long, help: ArgumentHelp("A list for each value of this property.", valueName: "property"))
    var per: String?

    @Option(name: .long, help: "How long a list may be.")
    var limit = 10

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func run(in workspace: Workspace, _ console: Console) async throws {
        let words = ReportWords(zone: workspace.zone, window: try report.window(zone: workspace.zone))
        let (value, events) = try words.values(values)
        var group: SegmentLanguage.Value?
        if let per { group = try words.property(per) }
        let query = TopQuery(value, of: events, by: group, limit: limit)
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let answer = try await workspace.answer(at: asOf, among: report.segment, console) {
            try await query.answer(from: $0)
        }
        let shown = TopReport(
            asOf: asOf, zone: workspace.zone, values: values, per: per, lists: answer.lists, segment: report.segment)
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
