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
            for definition in source.parsed.definitions {
                places[definition.name] = DefinitionPlace(
                    path: source.path,
                    order: DefinitionPlace.Order(fileIndex: index, offset: definition.range.start.offset),
                    comments: Self.comments(above: definition.range.start.line, in: lines))
            }
        }
        return places
    }

    private static func comments(above line: Int, in lines: [Substring]) -> [String] {
        var comments: [String] = []
        for text in lines.prefix(max(0, line - 1)).reversed() {
            let bare = text.drop { $0 == " " || $0 == "\t" }
            guard bare.hasPrefix("#") else { break }
            comments.append(String(bare.dropFirst().drop { $0 == " " }))
        }
        return comments.reversed()
    }
}
