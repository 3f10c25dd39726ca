/// Comma-separated lines (RFC 4180) that no spreadsheet takes for a formula.
///
/// A cell whose first visible character could start a formula (`=`, `+`, `-`, `@`, and their full-width
/// forms) gets an apostrophe before it, as OWASP advises; leading blanks do not hide it. Numbers that are
/// nothing but a number stay as they are.
package enum CommaSeparated {
    package static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    package static func cell(_ text: String) -> String {
        let safe = startsFormula(text) ? "'" + text : text
        let needsQuotes =
            safe.unicodeScalars.contains { "\",\r\n\t;".unicodeScalars.contains($0) }
            || safe.first?.isWhitespace == true || safe.last?.isWhitespace == true || safe.hasPrefix("'")
        return needsQuotes ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
    }

    private static func startsFormula(_ text: String) -> Bool {
        if let first = text.unicodeScalars.first, first == "\t" || first == "\r" || first == "\n" { return true }
        let visible = text.unicodeScalars.first {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .format
        }
        guard let visible, "=+-@＝＋－＠".unicodeScalars.contains(visible) else { return false }
        return !isPlainNumber(text)
    }

    private static func isPlainNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }
}
