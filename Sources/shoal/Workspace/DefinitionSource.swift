import EventModel
import SegmentLanguage

/// A file of definitions as it was read: its text, and what the parser made of it.
struct DefinitionSource: Sendable {
    /// The path as the person named it, or relative to the folder of definitions.
    let path: String
    /// Empty for the JSON form.
    let text: String
    let parsed: ParsedFile

    /// Reads a file in either form; a text that starts with `{` or `[` is taken for JSON.
    ///
    /// - Throws: what keeps the file from being read at all; problems inside it become diagnostics.
    init(path: String, shownAs shown: String? = nil) throws(CommandError) {
        let bytes = try LocalFiles.read(path)
        self.path = shown ?? (path == "-" ? "standard input" : path)
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            text = ""
            parsed = DefinitionTree.parsed(bytes, file: self.path)
        } else {
            parsed = Parser.parse(Array(bytes.withoutByteOrderMark), file: self.path)
            text = parsed.source
        }
    }

    /// The definitions in their one layout, with the comments.
    var laidOut: String { Printer.text(of: parsed) }
}
