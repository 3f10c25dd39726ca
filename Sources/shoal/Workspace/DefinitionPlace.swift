import EventModel
import SegmentLanguage

/// Where a working definition stands.
struct DefinitionPlace: Sendable {
    /// Relative to the folder of definitions.
    let path: String
    /// The order of files, and within a file of the text.
    let order: Order
    /// The comment lines right above it, without their marks.
    let comments: [String]
    /// It is there for other definitions only: lists for people leave it out. So says a comment above it that begins
    /// with `Helper`, or one at the head of its file that begins with `Helpers`.
    let isHelper: Bool

    struct Order: Comparable, Sendable {
        let fileIndex: Int
        /// Bytes from the start of the file.
        let offset: Int

        static let last = Order(fileIndex: .max, offset: .max)

        static func < (left: Order, right: Order) -> Bool {
            (left.fileIndex, left.offset) < (right.fileIndex, right.offset)
        }
    }
}

extension DefinitionLibrary {
    /// The places of all working definitions.
    var places: [Text: DefinitionPlace] {
        var places: [Text: DefinitionPlace] = [:]
        for (index, source) in working.enumerated() {
            let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
            let isFileOfHelpers = Self.headComments(of: lines).contains { $0.hasPrefix("Helpers") }
            for definition in source.parsed.definitions {
                let comments = Self.comments(above: definition.range.start.line, in: lines)
                places[definition.name] = DefinitionPlace(
                    path: source.path,
                    order: DefinitionPlace.Order(fileIndex: index, offset: definition.range.start.offset),
                    comments: comments, isHelper: isFileOfHelpers || comments.contains { $0.hasPrefix("Helper") })
            }
        }
        return places
    }

    private static func comments(above line: Int, in lines: [Substring]) -> [String] {
        commentRun(lines.prefix(max(0, line - 1)).reversed()).reversed()
    }

    private static func headComments(of lines: [Substring]) -> [String] { commentRun(lines) }

    /// The comments that a list of lines begins with.
    private static func commentRun(_ lines: some Swift.Sequence<Substring>) -> [String] {
        lines.lazy.map { $0.drop { $0 == " " || $0 == "\t" } }.prefix { $0.hasPrefix("#") }
            .map { String($0.dropFirst().drop { $0 == " " }) }
    }
}
