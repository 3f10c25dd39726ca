import ArgumentParser
import EventModel
import Server

/// `shoal restore`: a data directory out of a backup.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a new data directory of a backup.",
        discussion: """
            Every file is compared with its digest before the directory gets its name; nothing that is there is ever \
            overwritten. Whoever was erased since the backup is erased again: by the log of the newest backup beside it, or \
            by the erasures.log that is named. Webhooks are paused: what was sent since the backup is not known in it.

            EXAMPLES
              shoal restore /backups/2026-03-01 --data shop
              shoal restore /backups/2026-03-01 --data shop --erasures old/erasures.log
            """)

    @Argument(help: ArgumentHelp("The folder that a backup made.", valueName: "folder"))
    var source: String

    @Option(
        name: .long,
        help: ArgumentHelp("The erasures.log of the store, from the directory or a later backup.", valueName: "file"))
    var erasures: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let restoring = Restoring(source: source, target: LocalFiles.absolute(data.path), erasures: erasures)
        Interruption.listen()
        let json = try await console.withProgress("restoring") { try await restoring.run($0) }
        try console.show(json, or: { _, _ in Self.text(json) }, asJSON: output.json)
    }

    private static func text(_ json: JSONValue) -> String {
        var text =
            "\(counted(json.count(of: "messages"), "message")) as of \(json.words(of: "mark")) in "
            + "\(printable(json.words(of: "restored")))\n"
        if json.object?["erasureLog"] != nil {
            text +=
                "\(counted(json.count(of: "erasedAgain"), "profile")) erased again, by \(printable(json.words(of: "erasureLog")))\n"
        } else {
            text += "no later log of erasures was found; name one with --erasures if somebody was erased since\n"
        }
        if json.count(of: "pausedWebhooks") > 0 {
            text +=
                "\(counted(json.count(of: "pausedWebhooks"), "webhook")) paused until PATCH /v1/webhooks/ID "
                + "with {\"paused\": false}\n"
        }
        return text
    }
}
