import EventModel
import SegmentLanguage

/// What a check of definition files found.
struct CheckReport: Sendable {
    let sources: [DefinitionSource]
    let diagnostics: [Diagnostic]
    let segmentCount: Int
    let metricCount: Int

    /// - Parameter surroundings: the workspace the definitions are meant for; nil checks them by themselves.
    init(_ sources: [DefinitionSource], in surroundings: WorkspaceSurroundings?) {
        self.sources = sources
        let names = Set(sources.flatMap { $0.parsed.definitions.map(\.name) + $0.parsed.broken.map(\.name) })
        let others = surroundings?.files(without: names) ?? []
        let (_, found) = Binder.bind(
            others + sources.map(\.parsed), workspace: surroundings?.names, zone: surroundings?.zone ?? .utc)
        let own = Set(sources.map(\.path))
        diagnostics = found.filter { own.contains($0.file ?? "") }
        let definitions = sources.flatMap(\.parsed.definitions)
        segmentCount = definitions.count { $0.condition != nil }
        metricCount = definitions.count - segmentCount
    }

    var hasErrors: Bool { diagnostics.hasErrors }

    func text(style: Style) -> String {
        var text = ""
        for source in sources {
            let own = diagnostics.filter { $0.file == source.path }
            guard !own.isEmpty else { continue }
            text += DiagnosticText.text(own, source: source, style: style) + "\n"
        }
        return text + summary(style) + "\n"
    }

    private func summary(_ style: Style) -> String {
        let read = "\(counted(segmentCount, "segment")), \(counted(metricCount, "metric"))"
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
            ("segments", .count(segmentCount)),
            ("metrics", .count(metricCount)),
            ("diagnostics", DiagnosticRenderer.json(diagnostics)),
        ])
    }
}
