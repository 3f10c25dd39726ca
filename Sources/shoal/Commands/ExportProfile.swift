import ArgumentParser
import EventModel
import Server

/// `shoal export-profile`: all that a person is to the store.
struct ExportProfile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "All there is of one person as JSON, also while the directory is served.",
        discussion: """
            Ids and how they belong together, traits, consent, the segments of this moment, and every message as it came in. \
            Nobody else's data is among it.

            EXAMPLES
              shoal export-profile customer-17 > customer-17.json
              shoal export-profile ann@example.com --data shop
            """)

    @Argument(help: "A user id, an anonymous id or an e-mail address.")
    var id: String

    @OptionGroup var data: DataOptions

    func run() async throws {
        let progress = LocalProgress { _, _ in }
        let result = try await Shoal.keep(.exportProfile, [("id", .text(id))], at: data.path, progress: progress)
        try Console.standard.print(String(decoding: result, as: UTF8.self))
    }
}
