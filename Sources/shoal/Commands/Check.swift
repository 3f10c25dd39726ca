import ArgumentParser
import EventModel
import SegmentLanguage

/// `shoal check`: every problem of definition files at once, with line, column and what to do.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check definition files: every problem at once.",
        discussion: """
            Exits with 0 when there is no error (warnings are allowed), with 65 when there is one.

            EXAMPLES
              shoal check segments.shoal                 one file by itself
              shoal check shoal-data/segments/*.shoal    files that use each other's names
              shoal check new.shoal --data shoal-data    beside what the store has
              shoal check new.shoal --json               for an editor
            """)

    @Argument(help: ArgumentHelp("Definition files; - is standard input.", valueName: "file"))
    var files: [String]

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        var sources: [DefinitionSource] = []
        for file in files { sources.append(try DefinitionSource(path: file)) }
        let surroundings = data.data == nil ? nil : try await surroundings(of: sources, console)
        let report = CheckReport(sources, in: surroundings)
        if output.json {
            try console.print(report.json.lineText)
        } else {
            try console.print(report.text(style: console.output.style))
        }
        if report.hasErrors { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private func surroundings(
        of sources: [DefinitionSource], _ console: Console
    ) async throws -> WorkspaceSurroundings {
        try await Shoal.withWorkspace(at: data.path) { workspace in
            let definitions = sources.flatMap(\.parsed.definitions)
            var names = try workspace.names(of: definitions.mentionedEvents)
            names.mostlyZeroMetrics = try await workspace.mostlyZeroMetrics(ranksIn: definitions, console)
            return WorkspaceSurroundings(sources: workspace.library.all, names: names, zone: workspace.zone)
        }
    }
}
