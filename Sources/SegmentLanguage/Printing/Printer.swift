/// Writes trees as canonical text: the parser makes the same tree of it again.
package enum Printer {
    /// Lines are broken to be no longer than this where they can be, in Unicode scalars.
    package static let width = 100

    /// A condition on one line.
    package static func text(of condition: Condition) -> String {
        var maker = LayoutMaker()
        var writer = LayoutWriter(width: nil)
        return writer.write(maker.condition(condition, .or, atRightEdge: true))
    }

    /// A value on one line.
    package static func text(of value: Value) -> String {
        var maker = LayoutMaker()
        var writer = LayoutWriter(width: nil)
        return writer.write(maker.value(value, .sum))
    }

    /// A window on one line.
    package static func text(of window: Window) -> String {
        var maker = LayoutMaker()
        var writer = LayoutWriter(width: nil)
        return writer.write(maker.window(window))
    }

    /// The events of a query with its filter and window, on one line.
    package static func text(of query: EventQuery) -> String {
        var maker = LayoutMaker()
        var writer = LayoutWriter(width: nil)
        return writer.write(maker.query(query))
    }

    /// A definition in lines, without a line end behind the last.
    package static func text(of definition: Definition) -> String {
        text(of: definition, comments: [])
    }

    /// Definitions with an empty line between them.
    package static func text(of definitions: [Definition]) -> String {
        definitions.map { text(of: $0) + "\n" }.joined(separator: "\n")
    }

    /// A whole file again, with its comments and the empty lines between its definitions; nil when something in it
    /// could not be read, because that would be lost.
    package static func text(of file: ParsedFile) -> String? {
        guard file.broken.isEmpty, !file.diagnostics.hasErrors else { return nil }
        var printer = FilePrinter(file)
        return printer.run()
    }

    /// How deep the text of a definition nests.
    static func nesting(of definition: Definition) -> Int {
        var maker = LayoutMaker()
        _ = maker.definition(definition)
        return maker.deepest
    }

    fileprivate static func text(of definition: Definition, comments: ArraySlice<Comment>) -> String {
        var maker = LayoutMaker(comments: comments)
        var writer = LayoutWriter(width: width)
        return writer.write(maker.definition(definition))
    }
}

/// Walks the definitions and comments of a file in the order of its text.
private struct FilePrinter {
    let definitions: [Definition]
    var comments: ArraySlice<Comment>
    var output = ""
    var lastLine: Int?

    init(_ file: ParsedFile) {
        definitions = file.definitions.sorted { $0.range.start < $1.range.start }
        comments = file.comments[...]
    }

    mutating func run() -> String {
        for definition in definitions {
            writeComments { $0.range.start < definition.range.start }
            let inside = takeComments { $0.range.start < definition.range.end }
            separate(from: definition.range.start.line)
            output += Printer.text(of: definition, comments: inside)
            let end = definition.range.end.line
            for comment in takeComments(while: { !$0.standsAlone && $0.range.start.line == end }) {
                output += "  " + comment.text
            }
            output += "\n"
            lastLine = end
        }
        writeComments { _ in true }
        return output
    }

    private mutating func takeComments(while belongs: (Comment) -> Bool) -> ArraySlice<Comment> {
        let taken = comments.prefix(while: belongs)
        comments = comments.dropFirst(taken.count)
        return taken
    }

    private mutating func writeComments(while belongs: (Comment) -> Bool) {
        for comment in takeComments(while: belongs) {
            separate(from: comment.range.start.line)
            output += comment.text + "\n"
            lastLine = comment.range.end.line
        }
    }

    /// One empty line where the source has any.
    private mutating func separate(from line: Int) {
        if let lastLine, line > lastLine + 1 { output += "\n" }
    }
}
