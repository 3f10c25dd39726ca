import ArgumentParser
import EventModel
import EventStore

/// `shoal compact`: seals what is in the journal and merges parts.
struct Compact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Seal recent messages and merge parts; answers do not change, they come quicker.",
        discussion: """
            Imports do this by themselves; it is here for whoever wants it done now.

            EXAMPLES
              shoal compact
              shoal compact --data shop --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        let store = try Shoal.store(at: data.path)
        let before = try store.info()
        try store.seal()
        try store.compactIfNeeded(minimumParts: 2)
        let after = try store.info()
        try store.close()
        let json = JSONValue.object([
            ("partsBefore", .count(before.parts)), ("partsAfter", .count(after.parts)),
            ("bytesBefore", .count(before.partBytes)), ("bytesAfter", .count(after.partBytes)),
        ])
        let text =
            "\(counted(before.parts, "part")) of \(byteSize(before.partBytes)) before, "
            + "\(counted(after.parts, "part")) of \(byteSize(after.partBytes)) now\n"
        try console.show(json, or: { _, _ in text }, asJSON: output.json)
    }
}
