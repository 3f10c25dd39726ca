import EventModel
import SegmentLanguage

/// What a check of definition files found.
struct CheckReport: Sendable {
    let sources: [DefinitionSource]
    let diagnostics: [Diagnostic]
    /// Those that could not be read included.
    let definitionCount: Int

    /// - Parameter surroundings: the workspace the definitions are meant for; nil checks them by themselves.
    init(_ sources: [DefinitionSource], in surroundings: WorkspaceSurroundings?) {
        self.sources = sources
        let names = Set(sources.flatMap { $0.parsed.definitions.map(\.name) + $0.parsed.broken.map(\.name) })
        let others = surroundings?.files(without: names) ?? []
        let (_, found) = Binder.bind(
            others + sources.map(\.parsed), workspace: surroundings?.names, zone: surroundings?.zone ?? .utc)
        let own = Set(sources.map(\.path))
        diagnostics = found.filter { own.contains($0.file ?? "") }
        definitionCount = sources.reduce(0) { $0 + $1.parsed.definitions.count + $1.parsed.broken.count }
    }

    var hasErrors: Bool { diagnostics.hasErrors }

    func text(style: Style) -> String {
        let found = diagnosticText(diagnostics, sources: sources, style: style)
        return found + (found.isEmpty ? "" : "\n") + summary(style) + "\n"
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
            ("diagnostics", .array(diagnostics.map { DiagnosticRenderer.json($0) })),
        ])
    }
}
