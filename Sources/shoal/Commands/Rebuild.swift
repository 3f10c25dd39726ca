import ArgumentParser
import EventModel
import EventStore

/// `shoal rebuild`: makes everything that can be derived anew from the original messages.
struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make everything that can be derived anew from the original messages.",
        discussion: """
            Columns, directories, keys and, where it is damaged or lost, the manifest. Damaged files are kept beside \
            the new ones. Exits with 65 when messages could not be read any more; it says which.

            EXAMPLES
              shoal rebuild
              shoal rebuild --data shop --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = Console.standard
        try Shoal.requireDirectory(data.path)
        let printer = ProgressPrinter("rebuilding", unit: "messages", on: console.notes, clock: Shoal.clock)
        let report = try EventStore.rebuild(directory: data.path, clock: Shoal.clock) { done in
            printer.show(done: done, fraction: nil)
        }
        printer.clear()
        try console.show(report.json, or: { _, style in report.text(style: style) }, asJSON: output.json)
        if !report.losses.isEmpty { throw ExitCode(ExitStatus.data.rawValue) }
    }
}

extension RebuildReport {
    fileprivate func text(style: Style) -> String {
        var text = "\(counted(messages, "message")) made anew: "
        text += "\(counted(partsBefore, "part")) before, \(grouped(partsAfter)) now\n"
        if restoredManifest {
            text +=
                "the manifest was made anew from the parts; messages that were only in its journal are gone, "
                + "and what was unmerged is merged again\n"
        }
        for loss in losses {
            text +=
                style.text("lost:", .bad) + " \(counted(loss.messages, "message")) of part \(loss.part), "
                + "arrivals \(loss.arrivals.lowerBound) to \(loss.arrivals.upperBound); import their files again\n"
        }
        return text
    }

    fileprivate var json: JSONValue {
        .object([
            ("messages", .count(messages)),
            ("partsBefore", .count(partsBefore)),
            ("partsAfter", .count(partsAfter)),
            ("restoredManifest", .bool(restoredManifest)),
            (
                "losses",
                .array(
                    losses.map { loss in
                        .object([
                            ("part", .text(loss.part)), ("messages", .count(loss.messages)),
                            ("firstArrival", .number(Decimal128(Int(clamping: loss.arrivals.lowerBound)))),
                            ("lastArrival", .number(Decimal128(Int(clamping: loss.arrivals.upperBound)))),
                        ])
                    })
            ),
        ])
    }
}
