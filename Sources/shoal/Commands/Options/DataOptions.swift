import ArgumentParser
import Foundation

/// Which data directory a command works on.
struct DataOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The data directory (default: $SHOAL_DATA, else ./shoal-data).", valueName: "dir"))
    var data: String?

    /// The directory: as given, else from the environment, else `shoal-data` in the current folder.
    var path: String { path(in: ProcessInfo.processInfo.environment) }

    func path(in environment: [String: String]) -> String {
        if let data, !data.isEmpty { return data }
        if let named = environment["SHOAL_DATA"], !named.isEmpty { return named }
        return "shoal-data"
    }
}
