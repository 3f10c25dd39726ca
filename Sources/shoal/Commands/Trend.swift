import Analytics
import ArgumentParser
import EventModel
import SegmentLanguage

/// `shoal trend`: figures by day, week or month.
struct Trend: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "Active profiles, counts and sums by day, week or month.",
        discussion: """
            An event gives the profiles that did it; count(E), sum(X of E) and average(X of E) are as in a metric. \
            Without measures: active profiles, orders and revenue. Days are those of the workspace's zone.

            EXAMPLES
              shoal trend --from 2026-06-01
              shoal trend "Product Viewed" 'count("Product Viewed")' --by week
              shoal trend 'average(revenue of "Order Completed")' --segment couponers
            """)

    @Argument(help: ArgumentHelp("What to show.", valueName: "measure"))
    var measures: [String] = []

    @Option(name: .long, help: "day, week (from Monday) or month.")
    var by: CalendarUnit = .day

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    private static let usual = ["any event", "count(\"Order Completed\")", "sum(revenue of \"Order Completed\")"]

    func run(in workspace: Workspace, _ console: Console) async throws {
        let words = ReportWords(zone: workspace.zone, window: try report.window(zone: workspace.zone))
        let names = measures.isEmpty ? Self.usual : measures
        var series: [TrendQuery.Series] = []
        for name in names { series.append(try Self.series(name, words)) }
        let query = TrendQuery(series, by: by)
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let answer = try await workspace.answer(at: asOf, among: report.segment, console) {
            try await query.answer(from: $0)
        }
        let shown = TrendReport(
            asOf: asOf, zone: workspace.zone, names: names, answer: answer, segment: report.segment)
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }

    private static func series(_ text: String, _ words: ReportWords) throws(CommandError) -> TrendQuery.Series {
        guard let (aggregate, value, query) = try words.aggregate(text) else {
            return .profiles(try words.events(text))
        }
        return switch (aggregate, value) {
        case (.sum, let value?): .sum(value, query)
        case (.average, let value?): .average(value, query)
        default: .events(query)
        }
    }
}
