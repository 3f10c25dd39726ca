import ArgumentParser
import EventModel
import SegmentLanguage

/// `shoal members`: who is in a segment, as a list to take elsewhere.
struct Members: WorkspaceCommand {
    enum ListFormat: String, ExpressibleByArgument, CaseIterable { case csv, jsonl, ids }

    static let configuration = CommandConfiguration(
        abstract: "Who is in a segment, as a list to take elsewhere.",
        discussion: """
            The list is in the order of the ids. CSV has the columns profile_id, email, net_orders, net_revenue and \
            last_seen; cells that a spreadsheet could take for a formula begin with an apostrophe.

            EXAMPLES
              shoal members lapsed_vip > lapsed_vip.csv
              shoal members lapsed_vip --as-of 2026-01-01 --format ids
              shoal members cart_abandoners --format jsonl | head
            """)

    @Argument(help: "The segment.")
    var segment: String

    @Option(name: .long, help: "csv, jsonl (one object a line) or ids (one id a line).")
    var format: ListFormat = .csv

    @OptionGroup var data: DataOptions
    @OptionGroup var instant: InstantOptions
    @Flag(name: .long, help: "The same as --format jsonl.")
    var json = false

    func run(in workspace: Workspace, _ console: Console) async throws {
        let asOf = try workspace.instant(instant, clock: Shoal.clock, console)
        let definition = try workspace.segment(named: segment)
        let own = json || format != .ids ? MemberList.metrics : []
        let evaluation = Evaluation(workspace, [definition.name], and: own, console)
        let result = try await evaluation.run(at: asOf)
        evaluation.end()
        let list = MemberList(of: definition.name, in: result)
        for piece in list.pieces(as: json ? .jsonl : format) { try console.print(piece) }
        console.note(
            "\(counted(list.members.count, "member")) of \(segment) as of \(spokenInstant(asOf, in: workspace.zone))\n")
    }
}
