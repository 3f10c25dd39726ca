import Analytics
import ArgumentParser
import EventModel

/// `shoal board`: how the store does in a period, beside the one before.
struct StoreBoard: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "board",
        abstract: "Revenue, orders, conversion, carts, shoppers, products and channels of a period.",
        discussion: """
            Everything stands beside the period of the same length before it; whole months are compared with as many \
            months. Without a period: the last 30 days. docs/glossary.md says what each figure means.

            EXAMPLES
              shoal board
              shoal board --month 2026-03
              shoal board --from 2026-01-01 --to 2026-04-01 --by week
              shoal board --segment loyal_customers --json
            """)

    @Option(name: .long, help: ArgumentHelp("A calendar month, as in 2026-03.", valueName: "month"))
    var month: String?

    @Option(name: .long, help: "What the chart counts by: day, week (from Monday) or month.")
    var by: CalendarUnit = .day

    @Option(name: .long, help: "How long the lists of products, categories and channels may be.")
    var limit = 10

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is at least 1") }
        if month != nil, report.from ?? report.to != nil {
            throw ValidationError("--month is a whole period: leave out --from and --to")
        }
    }

    func run(in workspace: Workspace, _ console: Console) async throws {
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let query = OverviewQuery(try period(asOf, zone: workspace.zone), by: by, limit: limit)
        let answer = try await workspace.answer(at: asOf, among: report.segment, console) {
            try await query.answer(from: $0)
        }
        let shown = StoreBoardReport(
            asOf: asOf, zone: workspace.zone, currency: workspace.settings.baseCurrency?.string, answer: answer,
            segment: report.segment)
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }

    private func period(_ asOf: Timestamp, zone: Zone) throws(CommandError) -> Period {
        if let month {
            if let period = Period.month(month, in: zone) { return period }
            throw CommandError(
                "invalid-instant", .usage, "--month \"\(month)\" is no month", advice: "write it like 2026-03")
        }
        _ = try report.window(zone: zone)
        let (from, to) = try report.bounds(zone: zone)
        let end = to ?? asOf
        let start = from ?? Period.last(Period.usualDays, upTo: end, in: zone).from
        guard start < end else {
            throw CommandError(
                "empty-period", .usage, "the period is over before it begins",
                advice: "--to names the first instant that no longer counts; without it the period ends with --as-of")
        }
        return Period(from: start, to: end)
    }
}
