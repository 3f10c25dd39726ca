import ArgumentParser
import EventModel
import Foundation
import SegmentLanguage

/// The program: one subcommand a file in `Commands/`, joined to the other parts in `Shoal+build.swift`.
@main
struct Shoal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shoal",
        abstract: "Turns what shoppers do into segments that are always right.",
        discussion: """
            EXAMPLES
              shoal demo                             a whole store to look at, in a minute
              shoal import orders.csv                your own export into ./shoal-data
              shoal segments                         who is who, with size and revenue
              shoal explain lapsed_vip ann@shop.com  why somebody is in a segment, or not

            Data lives in one directory: --data DIR, else $SHOAL_DATA, else ./shoal-data.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(name: "To begin", subcommands: [Demo.self, Import.self]),
            CommandGroup(
                name: "To ask",
                subcommands: [Segments.self, Members.self, Overlap.self, Profile.self, Explain.self]),
            CommandGroup(
                name: "To measure",
                subcommands: [
                    StoreBoard.self, Funnel.self, Paths.self, Retention.self, RFM.self, Satisfaction.self, Trend.self,
                    Top.self,
                ]),
            CommandGroup(name: "To serve", subcommands: [Serve.self, Keys.self, Users.self]),
            CommandGroup(name: "To write definitions", subcommands: [Check.self, Format.self, Evaluate.self]),
            CommandGroup(
                name: "To look after the data",
                subcommands: [
                    Info.self, Identity.self, Verify.self, Compact.self, Rebuild.self, Backup.self, Restore.self,
                ]),
            CommandGroup(name: "To give people their right", subcommands: [ExportProfile.self, Erase.self]),
        ])

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try refuseUnknownCommand(arguments)
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error, asJSON: arguments.contains("--json"))
        }
    }

    /// Tells the person what went wrong and ends the process with the status that fits.
    private static func end(with error: any Error, asJSON: Bool) -> Never {
        if exitCode(for: error) == .success || error is ExitCode { exit(withError: error) }
        let failure =
            exitCode(for: error) == .validationFailure ? usageFailure(error) : CommandError(describing: error)
        let notes = Console.standard.notes
        Console.standard.note(asJSON ? failure.json.lineText : failure.text(style: notes.style))
        Foundation.exit(failure.exit.rawValue)
    }
}

extension Shoal {
    /// A first word that is no command, with the nearest one; the argument parser itself would only shrug.
    static func refuseUnknownCommand(_ arguments: [String]) throws(CommandError) {
        guard let word = arguments.first, !word.hasPrefix("-"), word != "help" else { return }
        let known = configuration.subcommandNames
        guard !known.contains(word) else { return }
        let advice = Spelling.closest(to: word, among: known).map { "did you mean \"shoal \($0)\"?" }
        throw CommandError(
            "unknown-command", .usage, "there is no command \"\(word)\"",
            advice: advice ?? "\"shoal --help\" lists the commands")
    }

    /// The argument parser's complaint in our own form.
    static func usageFailure(_ error: any Error) -> CommandError {
        let usage = fullMessage(for: error).split(separator: "\n").first { $0.hasPrefix("Usage:") }
        return CommandError(
            "bad-usage", .usage, lowercasingFirst(message(for: error)),
            advice: usage.map { "usage: " + $0.dropFirst("Usage: ".count) })
    }

    private static func lowercasingFirst(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }
}

extension CommandConfiguration {
    /// The names of all commands below this one.
    var subcommandNames: [String] {
        (ungroupedSubcommands + groupedSubcommands.flatMap(\.subcommands)).map { $0._commandName }
    }
}
