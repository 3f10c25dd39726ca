/// Something the check has to say about a text of definitions.
package struct Diagnostic: Hashable, Sendable {
    package var severity: Severity
    package var code: DiagnosticCode
    /// What is wrong, without a full stop at the end.
    package var message: String
    /// Where; `SourceRange.none` for definitions that come from no text.
    package var range: SourceRange
    /// What the text in `range` could be replaced by, literally.
    package var suggestion: String?
    /// What to do, where no literal replacement says it.
    package var help: String?
    /// The file the range belongs to, as the caller named it.
    package var file: String?

    package enum Severity: String, Hashable, Sendable, CaseIterable {
        /// The definition is left out.
        case error
        /// The definition works, probably not as meant.
        case warning
        case hint
    }

    package init(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange, suggestion: String? = nil,
        help: String? = nil, severity: Severity? = nil, file: String? = nil
    ) {
        self.severity = severity ?? code.severity
        self.code = code
        self.message = message
        self.range = range
        self.suggestion = suggestion
        self.help = help
        self.file = file
    }

    package var isError: Bool { severity == .error }
}

extension [Diagnostic] {
    package var hasErrors: Bool { contains(where: \.isError) }

    /// By file in the order of first appearance kept by the caller, then by place, errors before warnings.
    func sortedByPlace() -> [Diagnostic] {
        enumerated()
            .sorted { left, right in
                if left.element.range.start != right.element.range.start {
                    return left.element.range.start < right.element.range.start
                }
                return left.offset < right.offset
            }
            .map(\.element)
    }
}
