import EventModel
import SegmentLanguage

/// A file of definitions as it was read: its text, and what the parser made of it.
struct DefinitionSource: Sendable {
    /// The path as the person named it, or relative to the folder of definitions.
    let path: String
    let parsed: ParsedFile

    /// The text; empty for the JSON form.
    var text: String { parsed.source }

    /// Reads a file in either form; a text that starts with `{` or `[` is taken for JSON.
    ///
    /// - Throws: what keeps the file from being read at all; problems inside it become diagnostics.
    init(path: String, shownAs shown: String? = nil) throws(CommandError) {
        let bytes = try LocalFiles.read(path)
        self.path = shown ?? (path == "-" ? "standard input" : path)
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            parsed = Self.parsedTree(Array(bytes.withoutByteOrderMark), file: self.path)
        } else {
            parsed = Parser.parse(Array(bytes.withoutByteOrderMark), file: self.path)
        }
    }

    /// The definitions in their one layout, with the comments; nil when something in them could not be read.
    var laidOut: String? { Printer.text(of: parsed) }

    private static func parsedTree(_ bytes: [UInt8], file: String) -> ParsedFile {
        do throws(JSONFormError) {
            return ParsedFile(definitions: try JSONForm.parse(bytes), file: file)
        } catch {
            let place = error.pointer.isEmpty ? "" : " at \(error.pointer)"
            let diagnostic = Diagnostic(error.code, error.message + place, at: .none, file: file)
            return ParsedFile(definitions: [], diagnostics: [diagnostic], file: file)
        }
    }
}
