package import EventModel

/// What the parser makes of one text.
package struct ParsedFile: Sendable {
    /// The definitions that were read without an error, in the order of the text.
    package var definitions: [Definition]
    /// Names of definitions with errors: a reference to one is broken, not unknown.
    package var broken: [BrokenDefinition]
    package var diagnostics: [Diagnostic]
    package var comments: [Comment]
    /// Where names, windows and counts stand inside the definitions.
    package var map: SourceMap
    /// The file as the caller named it, for diagnostics.
    package var file: String?
    /// The text itself, for the printer and for showing diagnostics; empty for definitions made from JSON.
    package var source: String

    package struct BrokenDefinition: Hashable, Sendable {
        package var name: Text
        package var nameRange: SourceRange

        package init(name: Text, nameRange: SourceRange) {
            self.name = name
            self.nameRange = nameRange
        }
    }

    package init(
        definitions: [Definition], broken: [BrokenDefinition] = [], diagnostics: [Diagnostic] = [],
        comments: [Comment] = [], map: SourceMap = SourceMap(), file: String? = nil, source: String = ""
    ) {
        self.definitions = definitions
        self.broken = broken
        self.diagnostics = diagnostics
        self.comments = comments
        self.map = map
        self.file = file
        self.source = source
    }
}

/// Ranges of the parts that carry none in the tree, by the place where their node starts.
package struct SourceMap: Sendable {
    package enum Part: Hashable, Sendable {
        case path, segment, metric, window, count, band
    }

    private struct Key: Hashable, Sendable {
        var offset: Int
        var part: Part
    }

    private var ranges: [Key: SourceRange] = [:]

    package init() {}

    mutating func note(_ part: Part, of node: SourcePosition, at range: SourceRange) {
        ranges[Key(offset: node.offset, part: part)] = range
    }

    mutating func merge(_ other: SourceMap) {
        ranges.merge(other.ranges) { _, new in new }
    }

    /// The range of a part, or that of the whole node where the part is not known.
    package func range(of part: Part, in node: SourceRange) -> SourceRange {
        node == .none ? node : ranges[Key(offset: node.start.offset, part: part)] ?? node
    }
}
