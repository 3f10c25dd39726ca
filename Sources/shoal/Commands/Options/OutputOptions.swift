import ArgumentParser

/// How a command answers: in words and tables, or in JSON for programs.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Answer in JSON on standard output (docs/commands.md has the shapes).")
    var json = false
}
