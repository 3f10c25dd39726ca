import EventModel
import SegmentLanguage

/// All definition files of a workspace, bound into one program.
///
/// A file with an error is left out as a whole, and so is every file that refers to it; the others work.
struct DefinitionLibrary: Sendable {
    let all: [DefinitionSource]
    let working: [DefinitionSource]
    let broken: [BrokenFile]
    let program: Program

    /// Reads every `*.shoal` below a folder, in the order of the names.
    init(folder: String, names: WorkspaceNames? = nil, zone: Zone) {
        var sources: [DefinitionSource] = []
        var unreadable: [BrokenFile] = []
        for path in LocalFiles.files(below: folder, ending: ".shoal") {
            do throws(CommandError) {
                sources.append(try DefinitionSource(path: folder + "/" + path, shownAs: path))
            } catch {
                unreadable.append(BrokenFile(path: path, problems: [.unreadable(error)]))
            }
        }
        self.init(sources, unreadable: unreadable, names: names, zone: zone)
    }

    init(_ sources: [DefinitionSource], unreadable: [BrokenFile] = [], names: WorkspaceNames? = nil, zone: Zone) {
        all = sources
        var working = sources
        var broken = unreadable
        var stubs: [ParsedFile] = []
        while true {
            let (program, diagnostics) = Binder.bind(working.map(\.parsed) + stubs, workspace: names, zone: zone)
            var errors: [String: [Diagnostic]] = [:]
            for diagnostic in diagnostics where diagnostic.isError {
                errors[diagnostic.file ?? "", default: []].append(diagnostic)
            }
            let failing = working.filter { errors[$0.path] != nil }
            guard !failing.isEmpty else {
                self.working = working
                self.broken = broken.sorted { $0.path < $1.path }
                self.program = program
                return
            }
            working.removeAll { errors[$0.path] != nil }
            for source in failing {
                let problems = (errors[source.path] ?? []).map(BrokenFile.Problem.diagnostic)
                broken.append(BrokenFile(path: source.path, problems: problems, names: source.names))
                stubs.append(source.stub)
            }
        }
    }
}

/// A definition file that is left out, and why.
struct BrokenFile: Sendable {
    enum Problem: Sendable {
        case diagnostic(Diagnostic)
        case unreadable(CommandError)
    }

    let path: String
    let problems: [Problem]
    /// The names it would define, as far as they could be read.
    var names: [String] = []
}

extension DefinitionSource {
    fileprivate var names: [String] { (parsed.definitions.map(\.name) + parsed.broken.map(\.name)).map(\.string) }

    /// A file that has the names of this one, all of them broken: whoever refers to them hears why.
    fileprivate var stub: ParsedFile {
        let names = parsed.definitions.map { ParsedFile.BrokenDefinition(name: $0.name, nameRange: $0.nameRange) }
        return ParsedFile(definitions: [], broken: parsed.broken + names, file: path)
    }
}

extension BrokenFile.Problem {
    var code: String {
        switch self {
        case .diagnostic(let diagnostic): diagnostic.code.rawValue
        case .unreadable(let error): error.code
        }
    }

    var message: String {
        switch self {
        case .diagnostic(let diagnostic): diagnostic.message
        case .unreadable(let error): error.message
        }
    }

    /// Line and column, the first being 1; nil when the whole file is meant.
    var position: (line: Int, column: Int)? {
        guard case .diagnostic(let diagnostic) = self, diagnostic.range != .none else { return nil }
        return (diagnostic.range.start.line, diagnostic.range.start.column)
    }
}

extension BrokenFile {
    func text(style: Style) -> String {
        var lines = [style.text("left out:", .warning) + " segments/\(printable(path)), until it is mended"]
        for problem in problems.prefix(3) {
            let place = problem.position.map { "\($0.line):\($0.column)" } ?? "file"
            lines.append("  \(place)  \(printable(problem.message))  " + style.dim("[\(problem.code)]"))
        }
        if problems.count > 3 { lines.append("  and \(counted(problems.count - 3, "more problem"))") }
        return lines.joined(separator: "\n") + "\n"
    }

    var json: JSONValue {
        .object([
            ("file", .text(path)),
            (
                "problems",
                .array(
                    problems.map { problem in
                        .object([
                            ("code", .text(problem.code)),
                            ("message", .text(problem.message)),
                            ("line", problem.position.map { .count($0.line) }),
                            ("column", problem.position.map { .count($0.column) }),
                        ])
                    })
            ),
        ])
    }
}
