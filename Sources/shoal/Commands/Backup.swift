import ArgumentParser
import EventModel
import Server

/// `shoal backup`: a copy that is whole and consistent, also while the directory is served.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy everything into a new folder, also while it is served.",
        discussion: """
            The copy holds every message that was acknowledged before its mark and nothing of later, the definitions, and \
            the keys of the tracking API. Each file stands in it with its digest. The folder gets its name when it is whole \
            and on the disk; put it on another one. The dashboard says when the last one was made.

            EXAMPLES
              shoal backup /backups/2026-03-01
              shoal backup /backups/2026-03-01 --verify
              shoal backup /backups/2026-03-01 --data shop --json
            """)

    @Argument(help: ArgumentHelp("The folder to make.", valueName: "folder"))
    var target: String

    @Flag(name: .long, help: "Read the copy again, and compare every file with its digest.")
    var verify = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let target = LocalFiles.absolute(target)
        let result = try await console.withProgress("copying") { progress in
            try await Shoal.keep(
                .backup, [("to", .text(target)), ("verify", .bool(verify))], at: data.path, progress: progress)
        }
        let json = try JSONReader.parse(result)
        try console.show(json, or: { _, _ in Self.text(json) }, asJSON: output.json)
    }

    private static func text(_ json: JSONValue) -> String {
        "\(counted(json.count(of: "messages"), "message")) as of \(json.words(of: "mark")), "
            + "\(byteSize(json.count(of: "bytes"))) in \(counted(json.count(of: "files"), "file"))\n"
            + "the backup is \(printable(json.words(of: "backup")))\n"
            + (json.object?["verified"] == .bool(true) ? "all of it was read again, and is whole\n" : "")
    }
}
