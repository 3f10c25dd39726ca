import Columns

/// Some rows of a stored block, in order: what a reader wants of it.
///
/// The selected rows are renumbered from 0 in the decoded block.
struct RowSelection {
    /// Ascending, none empty, none touching the next.
    let ranges: [Range<Int>]
    /// How many rows are selected.
    let count: Int
    /// How many rows the stored block has.
    let total: Int

    /// - Parameter ranges: ascending and not overlapping; neighbours are joined.
    init(_ ranges: [Range<Int>], of total: Int) {
        var joined: [Range<Int>] = []
        joined.reserveCapacity(ranges.count)
        var count = 0
        for range in ranges where !range.isEmpty {
            count += range.count
            if let last = joined.last, last.upperBound == range.lowerBound {
                joined[joined.count - 1] = last.lowerBound..<range.upperBound
            } else {
                joined.append(range)
            }
        }
        self.ranges = joined
        self.count = count
        self.total = total
    }

    var isEverything: Bool { count == total }

    /// The selected ones of a list that has a value for every row.
    func take(_ chunk: IntegerChunk) -> [Int64] {
        if isEverything { return chunk.values() }
        var values: [Int64] = []
        values.reserveCapacity(count)
        for range in ranges { values.append(contentsOf: chunk.values(range)) }
        return values
    }

    /// Which values of a column belong to selected rows.
    func pick(_ presence: Presence) -> Picked {
        if isEverything {
            if case .all(let rows) = presence { return Picked(rows: (0..<UInt32(rows)).map { $0 }, values: .all) }
            var rows: [UInt32] = []
            rows.reserveCapacity(presence.count)
            presence.forEachRow { rows.append(UInt32($0)) }
            return Picked(rows: rows, values: .all)
        }
        var rows: [UInt32] = []
        var values: [Range<Int>] = []
        var start = 0
        for range in ranges {
            let slice = presence.slice(range)
            slice.rows.forEachRow { rows.append(UInt32($0 + start)) }
            if !slice.values.isEmpty { values.append(slice.values) }
            start += range.count
        }
        return Picked(rows: rows, values: .ranges(values))
    }

    /// Selected rows that have a value, and where their values stand among those of the column.
    struct Picked {
        enum Values {
            case all
            case ranges([Range<Int>])
        }

        /// New row numbers, ascending.
        let rows: [UInt32]
        let values: Values

        func take(_ chunk: IntegerChunk) -> [Int64] {
            switch values {
            case .all: return chunk.values()
            case .ranges(let ranges):
                var taken: [Int64] = []
                taken.reserveCapacity(rows.count)
                for range in ranges { taken.append(contentsOf: chunk.values(range)) }
                return taken
            }
        }

        /// Codes counted from 1, each checked to be at most `limit`.
        func takeCodes(_ chunk: IntegerChunk, below limit: Int) throws(ColumnError) -> [UInt32] {
            switch values {
            case .all: return try chunk.indexes(0..<chunk.count, below: limit, adding: 1)
            case .ranges(let ranges):
                var taken: [UInt32] = []
                taken.reserveCapacity(rows.count)
                for range in ranges { taken.append(contentsOf: try chunk.indexes(range, below: limit, adding: 1)) }
                return taken
            }
        }
    }
}
