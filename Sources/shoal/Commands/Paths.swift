import Analytics
import ArgumentParser
import EventModel
import SegmentLanguage

/// `shoal paths`: what people do after an event, or before it.
struct Paths: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "What people do after an event, or before it, as a tree.",
        discussion: """
            A path begins with the first such event of a visit and ends with the visit; with --within it takes what \
            lies at most so far from the event instead. Shares are those of the line above; (end) says how many have \
            no further step. --from and --to speak of the event.

            EXAMPLES
              shoal paths "Product Added"
              shoal paths "Order Completed" --before --depth 4 --join-repeats
              shoal paths "Page Viewed" --property path --branches 8
              shoal paths "Email Opened" --within "1 day" --json
            """)

    @Argument(help: ArgumentHelp("The event that paths start from, with a filter if you like.", valueName: "events"))
    var start: String

    @Flag(name: .long, help: "What came before, instead of what comes after.")
    var before = false

    @Option(name: .long, help: ArgumentHelp("How far from the event (default: its visit).", valueName: "duration"))
    var within: String?

    @Option(name: .long, help: ArgumentHelp("Which events are steps.", valueName: "events"))
    var steps = "any event"

    @Option(
        name: .long,
        help: ArgumentHelp("Tell events apart by this property, such as a page's path.", valueName: "property"))
    var property: String?

    @Option(name: .long, help: "How many steps to follow, at most 20.")
    var depth = 3

    @Option(name: .long, help: "How many branches of a line to show; the rest are gathered.")
    var branches = 5

    @Flag(name: .customLong("join-repeats"), help: "Take the same step several times in a row as one.")
    var joinsRepeats = false

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...PathsQuery.mostSteps).contains(depth) { throw ValidationError("--depth is 1 to 20") }
        if branches < 1 { throw ValidationError("--branches is at least 1") }
    }

    func run(in workspace: Workspace, _ console: Console) async throws {
        let words = ReportWords(zone: workspace.zone)
        var events = try words.events(start)
        if events.window == nil { events.window = try report.window(zone: workspace.zone) }
        let length = try within.map { text throws(CommandError) in try words.duration(text, option: "--within") }
        let path = try property.map { text throws(CommandError) in try words.path(text) }
        if let path, path.scope == .items {
            throw CommandError(
                "bad-question", .usage, "\"\(property ?? "")\" is a property of items, of which an event has many",
                advice: "name a property of the event itself, such as category or path")
        }
        let query = PathsQuery(
            before ? .before : .after, events, within: length.map { .within($0) } ?? .visit,
            steps: try words.events(steps), property: path, depth: depth, branches: branches,
            joinsRepeats: joinsRepeats)
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let answer = try await workspace.answer(at: asOf, among: report.segment, console) {
            try await query.answer(from: $0)
        }
        let shown = PathsReport(
            asOf: asOf, zone: workspace.zone, query: query, answer: answer, segment: report.segment)
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
