import ArgumentParser
import EventModel
import EventStore
import Server

/// `shoal verify`: whether the data is whole and the answers are right.
struct Verify: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check every checksum, and the answers for some profiles against the plain evaluator.",
        discussion: """
            Reads everything, service.db, memberships.db and webhooks.db too. For a sample of profiles, their columns are \
            compared with their original messages, and all segments and metrics with those of the reference evaluator. \
            Exits with 65 when anything is wrong.

            EXAMPLES
              shoal verify
              shoal verify --sample 200
              shoal verify --data shop --json
            """)

    @Option(name: .long, help: ArgumentHelp("How many profiles to compare.", valueName: "n"))
    var sample = 20

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(0...100_000).contains(sample) { throw ValidationError("--sample is between 0 and 100000") }
    }

    func run(in workspace: Workspace, _ console: Console) async throws {
        let printer = ProgressPrinter("checking", unit: nil, on: console.notes, clock: Shoal.clock)
        var drawn: [ProfileNumber] = []
        var found = try workspace.store.verify(
            sampleSize: sample,
            progress: { done, total in printer.show(done: done, fraction: total > 0 ? Double(done) / Double(total) : 1)
            },
            checking: { _, profiles in
                drawn = profiles
                return []
            })
        printer.clear()
        let databases = Self.databases(besideEventsIn: workspace.path, &found)
        let comparison = AnswerComparison(workspace)
        found.problems += try await comparison.problems(of: drawn)
        let report = VerificationReport(
            found: found, databases: databases, definitions: comparison.definitionCount, library: workspace.library)
        try console.show(report.json, or: { report.text(width: $0, style: $1) }, asJSON: output.json)
        if !found.isSound { throw ExitCode(ExitStatus.data.rawValue) }
    }

    /// The databases that a serving process keeps beside the events, as far as they are there; and what is wrong with them.
    private static func databases(besideEventsIn path: String, _ found: inout VerifyReport) -> [String] {
        let checked = ServiceRecords.check(path)
        for error in checked.compactMap(\.error) {
            let error = CommandError(describing: error)
            found.problems.append(VerifyReport.Problem(code: error.code, message: error.message))
        }
        return checked.map(\.file)
    }
}
