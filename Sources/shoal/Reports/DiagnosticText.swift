import SegmentLanguage

/// Diagnostics as people read them, each with its line and a caret; an empty line between them.
func diagnosticText(_ diagnostics: [Diagnostic], sources: [DefinitionSource] = [], style: Style) -> String {
    diagnostics.map { diagnostic in
        let source = sources.first { $0.path == diagnostic.file }
        let text = DiagnosticRenderer.text(diagnostic, source: source?.text)
        let word = diagnostic.severity.rawValue + ":"
        let tone: Style.Tone = diagnostic.isError ? .bad : .warning
        let shown = text.split(separator: "\n").map { printable(String($0)) }.joined(separator: "\n") + "\n"
        return shown.hasPrefix(word) ? style.text(word, tone) + shown.dropFirst(word.count) : shown
    }.joined(separator: "\n")
}
