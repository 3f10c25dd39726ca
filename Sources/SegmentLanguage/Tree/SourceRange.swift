/// A place in a source text.
package struct SourcePosition: Hashable, Sendable, Comparable {
    /// UTF-8 bytes from the start of the text.
    package var offset: Int
    /// Line, the first being 1.
    package var line: Int
    /// Column in Unicode scalars, the first being 1.
    package var column: Int

    package init(offset: Int, line: Int, column: Int) {
        self.offset = offset
        self.line = line
        self.column = column
    }

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool { left.offset < right.offset }
}

/// A stretch of a source text, end excluded. Trees made from JSON have `SourceRange.none`.
package struct SourceRange: Hashable, Sendable {
    package var start: SourcePosition
    package var end: SourcePosition

    package init(start: SourcePosition, end: SourcePosition) {
        self.start = start
        self.end = end
    }

    /// The range of nodes that come from no text.
    package static let none = SourceRange(
        start: SourcePosition(offset: 0, line: 0, column: 0), end: SourcePosition(offset: 0, line: 0, column: 0))

    /// The smallest range that holds both.
    package func joined(with other: SourceRange) -> SourceRange {
        SourceRange(start: min(start, other.start), end: max(end, other.end))
    }
}
