package import EventModel

/// Shows diagnostics to people and to programs.
package enum DiagnosticRenderer {
    // MARK: - Text

    /// One diagnostic with the line it speaks of:
    ///
    /// ```
    /// warning: no event is called "Order Compleated" in this workspace          [unknown-event]
    ///   shop.shoal:2:7
    ///   did "Order Compleated" at least 2 times in last 30 days
    ///       ^~~~~~~~~~~~~~~~~~ did you mean "Order Completed"?
    /// ```
    ///
    /// - Parameter source: the text the diagnostic was found in; without it only the message is shown.
    package static func text(_ diagnostic: Diagnostic, source: String? = nil) -> String {
        var lines = [head(diagnostic)]
        let shown = source.flatMap { excerpt(diagnostic, $0) }
        if let place = place(diagnostic) { lines.append("  \(place)") }
        if let shown {
            lines.append("  " + shown.line)
            lines.append("  " + shown.marker + (diagnostic.suggestion.map { " did you mean \($0)?" } ?? ""))
        } else if let suggestion = diagnostic.suggestion {
            lines.append("  did you mean \(suggestion)?")
        }
        if let help = diagnostic.help { lines.append("  help: \(help)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Several diagnostics, an empty line between them. Sources are looked up by the diagnostics' file names.
    package static func text(_ diagnostics: [Diagnostic], source: (String?) -> String?) -> String {
        diagnostics.map { text($0, source: source($0.file)) }.joined(separator: "\n")
    }

    package static func text(_ diagnostics: [Diagnostic], source: String) -> String {
        text(diagnostics) { _ in source }
    }

    /// The message, and the code from column 76 on where there is room.
    private static func head(_ diagnostic: Diagnostic) -> String {
        let message = "\(diagnostic.severity.rawValue): \(diagnostic.message)"
        let gap = max(1, 74 - message.unicodeScalars.count)
        return message + String(repeating: " ", count: gap) + "[\(diagnostic.code.rawValue)]"
    }

    private static func place(_ diagnostic: Diagnostic) -> String? {
        let start = diagnostic.range.start
        guard diagnostic.range != .none else { return diagnostic.file }
        return diagnostic.file.map { "\($0):\(start.line):\(start.column)" } ?? "line \(start.line)"
    }

    /// The first line of the range and a marker under it. Tabs and control characters become single spaces, and a
    /// long line is cut around the range, so that the marker stands where it should.
    private static func excerpt(_ diagnostic: Diagnostic, _ source: String) -> (line: String, marker: String)? {
        let range = diagnostic.range
        guard range != .none, let whole = line(around: range.start.offset, of: source) else { return nil }
        let scalars: [Unicode.Scalar] = whole.map { scalar in
            let isHarmful = scalar.value < 0x20 || scalar.value == 0x7F || scalar.properties.isBidiControl
            return isHarmful ? " " : scalar
        }
        let from = min(max(0, range.start.column - 1), scalars.count)
        let until = range.end.line == range.start.line ? min(range.end.column - 1, scalars.count) : scalars.count
        let first = from > 80 ? from - 40 : 0
        let last = min(scalars.count, first + 140)
        var shown = String.UnicodeScalarView()
        shown.append(contentsOf: scalars[first..<last])
        let width = max(1, min(until, last) - from)
        let marker =
            String(repeating: " ", count: from - first) + "^" + String(repeating: "~", count: width - 1)
        return (String(shown), marker)
    }

    /// The line around a byte of the source, without its end.
    private static func line(around offset: Int, of source: String) -> [Unicode.Scalar]? {
        let bytes = source.utf8
        guard offset >= 0, let place = bytes.index(bytes.startIndex, offsetBy: offset, limitedBy: bytes.endIndex)
        else { return nil }
        var start = place
        while start > bytes.startIndex, !isLineEnd(bytes[bytes.index(before: start)]) {
            start = bytes.index(before: start)
        }
        var end = place
        while end < bytes.endIndex, !isLineEnd(bytes[end]) { end = bytes.index(after: end) }
        let line = String(decoding: bytes[start..<end], as: UTF8.self)
        return line.unicodeScalars.filter { $0 != "\u{FEFF}" }
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    // MARK: - JSON

    /// `{"diagnostics": [{"severity", "code", "message", "file", "line", "column", "endLine", "endColumn",
    /// "suggestion", "help"}]}`; what a diagnostic has not is left out.
    package static func json(_ diagnostics: [Diagnostic]) -> JSONValue {
        JSONForm.tree(("diagnostics", .array(diagnostics.map(json))))
    }

    package static func json(_ diagnostic: Diagnostic) -> JSONValue {
        let range: SourceRange? = diagnostic.range == .none ? nil : diagnostic.range
        return JSONForm.tree(
            ("severity", JSONForm.string(diagnostic.severity.rawValue)),
            ("code", JSONForm.string(diagnostic.code.rawValue)),
            ("message", JSONForm.string(diagnostic.message)),
            ("file", diagnostic.file.map(JSONForm.string)),
            ("line", range.map { JSONForm.number($0.start.line) }),
            ("column", range.map { JSONForm.number($0.start.column) }),
            ("endLine", range.map { JSONForm.number($0.end.line) }),
            ("endColumn", range.map { JSONForm.number($0.end.column) }),
            ("suggestion", diagnostic.suggestion.map(JSONForm.string)),
            ("help", diagnostic.help.map(JSONForm.string)))
    }
}
