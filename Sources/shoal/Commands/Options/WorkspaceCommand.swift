import ArgumentParser

/// A command that asks a data directory: opened before, closed after.
protocol WorkspaceCommand: AsyncParsableCommand {
    var data: DataOptions { get }

    func run(in workspace: Workspace, _ console: Console) async throws
}

extension WorkspaceCommand {
    func run() async throws {
        try await Shoal.withWorkspace(at: data.path) { try await run(in: $0, .standard) }
    }
}
