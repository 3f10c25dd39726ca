import ArgumentParser
import EventModel
import EventStore

/// `shoal info`: what the data directory holds and how it is kept.
struct Info: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        abstract: "What the data directory holds: profiles, events, times, files, definitions.",
        discussion: """
            EXAMPLES
              shoal info
              shoal info --data shop --json | jq .events
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace, _ console: Console) async throws {
        let report = InfoReport(info: try workspace.store.info(), library: workspace.library)
        try console.show(report.json, or: { report.text(width: $0, style: $1) }, asJSON: output.json)
    }
}
