/// Some rows of a stored block, by section: what a reader wants of it.
///
/// The selected rows are numbered from 0 in the decoded block, section after section.
struct RowSelection: Sendable {
    /// The selected rows of one section.
    struct Piece: Sendable {
        /// Which section of the stored block.
        let section: Int
        /// Rows counted from the section's first; ascending, none empty, none touching the next.
        let ranges: [Range<Int>]
        /// The first of them in the decoded block.
        let start: Int
        let count: Int
    }

    private(set) var pieces: [Piece] = []
    /// How many rows are selected.
    private(set) var count = 0

    /// Adds rows of the next section.
    ///
    /// - Parameter ranges: ascending and not overlapping, none empty; neighbours are joined.
    mutating func append(section: Int, _ ranges: [Range<Int>]) {
        var joined: [Range<Int>] = []
        var selected = 0
        for range in ranges {
            selected += range.count
            if let last = joined.last, last.upperBound == range.lowerBound {
                joined[joined.count - 1] = last.lowerBound..<range.upperBound
            } else {
                joined.append(range)
            }
        }
        guard selected > 0 else { return }
        pieces.append(Piece(section: section, ranges: joined, start: count, count: selected))
        count += selected
    }

    /// Calls `body` with each selected range of each section, and where its rows stand in the decoded block.
    func forEachRange<Failure: Error>(
        _ body: (_ section: Int, _ range: Range<Int>, _ start: Int) throws(Failure) -> Void
    ) throws(Failure) {
        for piece in pieces {
            var start = piece.start
            for range in piece.ranges {
                try body(piece.section, range, start)
                start += range.count
            }
        }
    }
}
