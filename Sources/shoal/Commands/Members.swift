import ArgumentParser
import EventModel

/// `shoal members`: who is in a segment, as a list to take elsewhere.
struct Members: AsyncParsableCommand {
    enum ListFormat: String, ExpressibleByArgument, CaseIterable { case csv, jsonl, ids }

    static let configuration = CommandConfiguration(
        abstract: "Who is in a segment, as a list to take elsewhere.",
        discussion: """
            The list is in the order of the ids. CSV has the columns profile_id, email, net_orders, net_revenue and
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

    func run() async throws {
        let console = Console.standard
        let workspace = try Workspace(at: data.path)
        let asOf = try workspace.instant(instant, console)
        let definition = try workspace.segment(named: segment)
        let result = try await workspace.evaluate([definition.name], with: MemberFacts.definitions, at: asOf, console)
        let list = MemberList(of: definition.name, in: result)
        try list.write(as: json ? .jsonl : format, to: console)
        console.note("\(counted(list.members.count, "member")) of \(segment) as of \(spokenInstant(asOf, in: workspace.zone))\n")
    }
}
