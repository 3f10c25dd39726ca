import Analytics
import ArgumentParser
import EventModel
import SegmentLanguage

/// `shoal funnel`: how many go how far through some steps.
struct Funnel: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "How many profiles go how far through steps in order.",
        discussion: """
            A step is an event, with a filter if you like, as in a segment. A profile has reached a step when it did \
            all steps up to it in order, the last one within the conversion window from the first. With --loose the \
            steps after the first may come in any order. --from and --to speak of the first step. With --definitions: \
            who dropped off at each step, as segments to copy.

            EXAMPLES
              shoal funnel "Product Viewed" "Product Added" "Order Completed"
              shoal funnel "Product Added where price > 50" "Order Completed" --json
              shoal funnel "Product Viewed" "Order Completed" --by category
              shoal funnel "Cart Viewed" "Order Completed" --per vips --within "1 day"
            """)

    @Argument(help: ArgumentHelp("The steps, in order.", valueName: "step"))
    var steps: [String]

    @Option(name: .long, help: ArgumentHelp("The conversion window, from the first step.", valueName: "duration"))
    var within = "7 days"

    @Flag(name: .long, help: "The steps after the first may come in any order.")
    var loose = false

    @Option(
        name: .long,
        help: ArgumentHelp("A line for each value of this property of the first step.", valueName: "property"))
    var by: String?

    @Option(name: .long, help: ArgumentHelp("Tell a segment by itself; as often as you like.", valueName: "segment"))
    var per: [String] = []

    @Option(name: .long, help: "How many values --by shows.")
    var limit = 10

    @Flag(name: .long, help: "Print who dropped off at each step as definitions.")
    var definitions = false

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if steps.isEmpty { throw ValidationError("name a step or more") }
        if limit < 1 { throw ValidationError("--limit is at least 1") }
        if by != nil, !per.isEmpty { throw ValidationError("--by and --per can't stand together") }
    }

    func run(in workspace: Workspace, _ console: Console) async throws {
        let words = ReportWords(zone: workspace.zone)
        var queries: [EventQuery] = []
        for step in steps {
            let query = try words.events(step)
            guard query.window == nil else {
                throw CommandError(
                    "bad-question", .usage, "a step has no window of its own: \"\(step)\"",
                    advice: "--within is the time from the first step, --from and --to are for the first step")
            }
            queries.append(query)
        }
        queries[0].window = try report.window(zone: workspace.zone)
        let length = try words.duration(within, option: "--within")
        let path = try by.map { text throws(CommandError) in try words.path(text) }
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let groups = try await workspace.groups(per, at: asOf, console)
        let split: FunnelQuery.Split? =
            path.map { .property($0, limit: limit) } ?? (groups.isEmpty ? nil : .segments(groups))
        let funnel = FunnelQuery(
            steps: queries, within: length, order: loose ? .loose : .ordered, by: split, wantsTimes: true)
        let answer = try await workspace.answer(at: asOf, among: report.segment, console) {
            try await funnel.answer(from: $0)
        }
        let shown = FunnelReport(
            asOf: asOf, zone: workspace.zone, funnel: funnel, answer: answer, segment: report.segment)
        if definitions, !output.json { return try console.print(shown.definitions) }
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
