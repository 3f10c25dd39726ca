import EventModel
import SegmentLanguage

/// What a check of definition files found.
struct CheckReport: Sendable {
    let sources: [DefinitionSource]
    let diagnostics: [Diagnostic]
    /// Those that could not be read included.
    let definitionCount: Int
    /// What deciding them costs, costliest first; those with errors of other kinds are left out.
    let costs: [(name: Text, looks: Int)]

    /// - Parameter surroundings: the workspace the definitions are meant for; nil checks them by themselves.
    init(_ sources: [DefinitionSource], in surroundings: WorkspaceSurroundings?) {
        self.sources = sources
        let names = Set(sources.flatMap { $0.parsed.definitions.map(\.name) + $0.parsed.broken.map(\.name) })
        let others = surroundings?.files(without: names) ?? []
        let (program, found) = Binder.bind(
            others + sources.map(\.parsed), workspace: surroundings?.names, zone: surroundings?.zone ?? .utc)
        let own = Set(sources.map(\.path))
        diagnostics = found.filter { own.contains($0.file ?? "") }
        costs = program.costs.filter { names.contains($0.key) }
            .map { (name: $0.key, looks: $0.value.looks) }
            .sorted { $0.looks != $1.looks ? $0.looks > $1.looks : $0.name < $1.name }
        definitionCount = sources.reduce(0) { $0 + $1.parsed.definitions.count + $1.parsed.broken.count }
    }

    var hasErrors: Bool { diagnostics.hasErrors }

    func text(style: Style) -> String {
        let found = diagnosticText(diagnostics, sources: sources, style: style)
        return found + (found.isEmpty ? "" : "\n") + summary(style) + "\n" + costliest
    }

    private var costliest: String {
        guard let first = costs.first else { return "" }
        let limit = grouped(Limits.looks.value)
        let looks = first.looks == .max ? "countless looks" : counted(first.looks, "look")
        return "costliest: \(first.name), about \(looks) at each event of a profile (at most \(limit))\n"
    }

    private func summary(_ style: Style) -> String {
        let read = counted(definitionCount, "definition")
        let counts = [Diagnostic.Severity.error, .warning, .hint].compactMap { severity in
            let count = diagnostics.count { $0.severity == severity }
            return count == 0 ? nil : counted(count, severity.rawValue)
        }
        if counts.isEmpty { return style.text("no problem", .good) + " in \(read)" }
        return style.text(counts.joined(separator: ", "), hasErrors ? .bad : .warning) + " in \(read)"
    }

    var json: JSONValue {
        .object([
            ("valid", .bool(!hasErrors)),
            ("files", .array(sources.map { .text($0.path) })),
            ("definitions", .count(definitionCount)),
            (
                "costs",
                .array(costs.map { .object([("name", .text($0.name.string)), ("looks", .count($0.looks))]) })
            ),
            ("costLimit", .count(Limits.looks.value)),
            ("diagnostics", .array(diagnostics.map { DiagnosticRenderer.json($0) })),
        ])
    }
}
