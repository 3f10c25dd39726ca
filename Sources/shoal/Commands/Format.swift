import ArgumentParser
import EventModel
import SegmentLanguage

/// `shoal format`: definitions in their one layout, or in the other of their two forms.
struct Format: AsyncParsableCommand {
    enum Form: String, ExpressibleByArgument, CaseIterable { case text, json }

    static let configuration = CommandConfiguration(
        abstract: "Lay out definition files, or turn them into JSON and back.",
        discussion: """
            Comments stay where they are. A file with errors is left alone.

            EXAMPLES
              shoal format vip.shoal                       print it, laid out
              shoal format segments/*.shoal --write        lay the files out in place
              shoal format segments/*.shoal --check        65 when one is not laid out
              shoal format vip.shoal --to json > vip.json  as a tree, and back again
            """)

    @Argument(
        help: ArgumentHelp("Definition files, in the text or the JSON form; - is standard input.", valueName: "file"))
    var files: [String]

    @Flag(name: .long, help: "Change nothing; exit with 65 when a file is not laid out.")
    var check = false

    @Flag(name: .long, help: "Write the files instead of printing them.")
    var write = false

    @Option(name: .long, help: ArgumentHelp("The form to print: text or json.", valueName: "form"))
    var to: Form = .text

    func validate() throws {
        if check && write { throw ValidationError("--check and --write exclude each other") }
        if to == .json && (check || write) {
            throw ValidationError("--to json prints; it goes with neither --check nor --write")
        }
        if write && files.contains("-") {
            throw ValidationError("standard input can't be written back: leave --write out")
        }
    }

    func run() async throws {
        let console = Console.standard
        var untidy: [String] = []
        var isBroken = false
        for file in files {
            let source = try DefinitionSource(path: file)
            guard let laidOut = source.laidOut else {
                console.note(
                    diagnosticText(
                        source.parsed.diagnostics.filter(\.isError), sources: [source], style: console.notes.style))
                isBroken = true
                continue
            }
            if check {
                if laidOut != source.text { untidy.append(file) }
            } else if write {
                guard laidOut != source.text else { continue }
                try LocalFiles.write(laidOut, to: file)
                console.note("laid out \(printable(file))\n")
            } else if to == .json {
                try console.print(
                    JSONWriter.text(of: JSONForm.encode(source.parsed.definitions), layout: .pretty) + "\n")
            } else {
                try console.print(laidOut)
            }
        }
        for file in untidy { console.note("\(printable(file)) is not laid out  [not-formatted]\n") }
        if isBroken || !untidy.isEmpty { throw ExitCode(ExitStatus.data.rawValue) }
    }
}
