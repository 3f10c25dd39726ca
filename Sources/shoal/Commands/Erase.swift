import ArgumentParser
import EventModel
import Server

/// `shoal erase`: takes people out of everything, for good.
struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase people for good, down to the bytes, also while the directory is served.",
        discussion: """
            Everything that is linked to an id goes: events as they came, traits, ids, refused messages that name it. When \
            the command is done, the bytes are in no file of the data directory. Only a keyed hash of the ids is kept, so \
            that restoring an older backup erases them again. A later message of the same id begins a new profile. Look \
            first with "shoal export-profile": there is no way back.

            EXAMPLES
              shoal erase customer-17
              shoal erase ann@example.com customer-18
              shoal erase customer-17 --data shop --json
            """)

    @Argument(help: "User ids, anonymous ids or e-mail addresses.")
    var ids: [String]

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let arguments = [("ids", JSONValue.array(ids.map { .text($0) }))]
        let progress = LocalProgress { _, _ in }
        let json = try JSONReader.parse(
            try await Shoal.keep(.erase, arguments, at: data.path, progress: progress))
        try console.show(json, or: { _, style in Self.text(json, style) }, asJSON: output.json)
        if json.object?["unknownFiles"]?.elements?.isEmpty == false { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private static func text(_ json: JSONValue, _ style: Style) -> String {
        var text =
            "erased \(counted(json.count(of: "profiles"), "profile")) with \(counted(json.count(of: "identifiers"), "id")), "
            + "\(counted(json.count(of: "messages"), "message")) and \(counted(json.count(of: "rejects"), "refused message"))\n"
        for id in json.object?["unknown"]?.elements ?? [] { text += "nobody has \(printable(id.text?.string ?? ""))\n" }
        if json.count(of: "sharedIdentifiers") > 0 {
            text +=
                "\(counted(json.count(of: "sharedIdentifiers"), "anonymous id")) kept: messages of somebody else name it too\n"
        }
        for file in json.object?["unknownFiles"]?.elements ?? [] {
            text +=
                style.text("look at:", .bad)
                + " \(printable(file.text?.string ?? "")): a file of messages that the store "
                + "does not know; remove it when it is not needed\n"
        }
        return text
    }
}
