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
            all steps up to it in order, the last one within the conversion window from the first. --from and --to \
            speak of the first step. With --definitions: who dropped off at each step, as segments to copy.

            EXAMPLES
              shoal funnel "Product Viewed" "Product Added" "Order Completed"
              shoal funnel "Product Added where price > 50" "Order Completed" --json
              shoal funnel "Checkout Started" "Order Completed" --within "1 day"
            """)

    @Argument(help: ArgumentHelp("The steps, in order.", valueName: "step"))
    var steps: [String]

    @Option(name: .long, help: ArgumentHelp("The conversion window, from the first step.", valueName: "duration"))
    var within = "7 days"

    @Flag(name: .long, help: "Print who dropped off at each step as definitions.")
    var definitions = false

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if steps.isEmpty { throw ValidationError("name a step or more") }
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
        let funnel = FunnelQuery(steps: queries, within: try words.duration(within, option: "--within"))
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let answer = try await workspace.answer(at: asOf, among: report.segment, console) {
            try await funnel.answer(from: $0)
        }
        let shown = FunnelReport(
            asOf: asOf, zone: workspace.zone, funnel: funnel, reached: answer.reached, segment: report.segment)
        if definitions, !output.json { return try console.print(shown.definitions) }
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
