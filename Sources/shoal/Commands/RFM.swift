import Analytics
import ArgumentParser
import EventModel
import SegmentEngine
import SegmentLanguage

/// `shoal rfm`: the grid of recency, frequency and monetary scores.
struct RFM: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "rfm",
        abstract: "The grid of recency, frequency and monetary scores, with sizes and revenue.",
        discussion: """
            Each score is a fifth of the buyers, 5 the most recent, the most orders, the most revenue. Every cell is a \
            segment: --cell prints its definition. Without options the metrics are those of the ready segments; \
            --by-day counts days with an order instead, whatever the definitions say.

            EXAMPLES
              shoal rfm --as-of 2026-01-01
              shoal rfm --cell 555 > shoal-data/segments/best.shoal
              shoal rfm --monetary aov --of repeat_buyers
              shoal rfm --by-day --json
            """)

    @Option(name: .long, help: ArgumentHelp("Scores recency (default: rfm_recency).", valueName: "metric"))
    var recency: String?

    @Option(name: .long, help: ArgumentHelp("Scores frequency (default: rfm_frequency).", valueName: "metric"))
    var frequency: String?

    @Option(name: .long, help: ArgumentHelp("Scores revenue (default: rfm_monetary).", valueName: "metric"))
    var monetary: String?

    @Option(name: .long, help: ArgumentHelp("Whose members are ranked (default: buyers).", valueName: "segment"))
    var of: String?

    @Flag(name: .customLong("by-day"), help: "Count days with an order, not orders.")
    var byDay = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Print a cell as definitions: its recency, frequency and, if wanted, monetary score.", valueName: "scores"))
    var cell: String?

    @Option(name: .long, help: ArgumentHelp("Show only its members, as of the same instant.", valueName: "segment"))
    var segment: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if byDay, recency ?? frequency ?? monetary ?? of != nil {
            throw ValidationError("--by-day brings its own metrics and segment")
        }
    }

    func run(in workspace: Workspace, _ console: Console) async throws {
        let query = try query(in: workspace)
        if let cell { return try console.print(Printer.text(of: try definitions(of: cell, query))) }
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let answer = try await workspace.answer(at: asOf, among: segment, console) { try await query.answer(from: $0) }
        let shown = RFMReport(
            asOf: asOf, zone: workspace.zone, currency: workspace.settings.baseCurrency?.string, query: query,
            answer: answer, segment: segment)
        try console.show(shown.json, or: { shown.text(width: $0, style: $1) }, asJSON: output.json)
    }

    private func query(in workspace: Workspace) throws(CommandError) -> RFMQuery {
        if byDay { return RFMQuery(.byDay(zone: workspace.zone)) }
        let metrics = [
            try workspace.metric(named: recency ?? "rfm_recency"),
            try workspace.metric(named: frequency ?? "rfm_frequency"),
            try workspace.metric(named: monetary ?? "rfm_monetary"),
        ]
        let population = try workspace.segment(named: of ?? "buyers").name
        let isReady = (recency ?? frequency ?? monetary ?? of) == nil
        let program = workspace.library.program
        let groups = isReady ? Self.readyGroups.filter { program[$0]?.condition != nil } : []
        let measures = RFMMeasures(
            program.selecting(metrics + [population] + groups), recency: metrics[0], frequency: metrics[1],
            monetary: metrics[2], of: population)
        return RFMQuery(measures, groups: groups)
    }

    /// The named cells of the ready segments.
    private static let readyGroups = ReadySegments.entries.filter { $0.kind == .segment && $0.file == "rfm.shoal" }
        .map { Text($0.name) }

    private func definitions(of cell: String, _ query: RFMQuery) throws(CommandError) -> [Definition] {
        let scores = cell.compactMap(\.wholeNumberValue)
        guard scores.count == cell.count, [2, 3].contains(scores.count), scores.allSatisfy((1...5).contains) else {
            throw CommandError(
                "bad-question", .usage, "--cell \"\(cell)\" is no cell of the grid",
                advice: "write recency and frequency score, and the monetary one if it matters: 55 or 555")
        }
        return query.definitions(
            recency: scores[0], frequency: scores[1], monetary: scores.count > 2 ? scores[2] : nil,
            named: Text("rfm_cell_\(cell)"))
    }
}
