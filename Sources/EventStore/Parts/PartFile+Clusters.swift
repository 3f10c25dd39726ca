import Columns
import EventModel

extension PartFile {
    /// The blocks of rows that may hold profiles of a range.
    func rowBlocks(overlapping range: Range<ProfileNumber>) -> Range<Int> {
        let blocks = index.rowBlocks
        var (lower, upper) = (0, blocks.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if blocks[middle].lastProfile < range.lowerBound { lower = middle + 1 } else { upper = middle }
        }
        var end = lower
        while end < blocks.count, blocks[end].firstProfile < range.upperBound { end += 1 }
        return lower..<end
    }

    /// Whether an identifier's rows were put under this profile when the part was written.
    func hasMoved(_ identifier: ProfileNumber, to profile: ProfileNumber) -> Bool {
        let moved = index.moved
        var (lower, upper) = (0, moved.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if (moved[middle].identifier, moved[middle].profile) < (identifier, profile) {
                lower = middle + 1
            } else {
                upper = middle
            }
        }
        return lower < moved.count && moved[lower] == MovedIdentifier(identifier: identifier, profile: profile)
    }

    /// The identifiers of a block's rows that stand under another profile than their own, by arrival.
    func identifiersOfMovedRows(_ number: Int) throws(EventStoreError) -> [UInt64: ProfileNumber] {
        let moved = try movedRows(number)
        guard !moved.isEmpty else { return [:] }
        let arrivals = try arrivals(number)
        var identifiers: [UInt64: ProfileNumber] = [:]
        for entry in moved { identifiers[arrivals[entry.row]] = entry.identifier }
        return identifiers
    }

    /// The same of the rows of one profile of the block.
    func identifiersOfMovedRows(
        _ number: Int, _ directory: BlockDirectory, _ position: Int
    ) throws(EventStoreError) -> [UInt64: ProfileNumber] {
        let rows = directory.rows(of: position)
        let moved = try movedRows(number).filter { entry in rows.contains { $0.contains(entry.row) } }
        guard !moved.isEmpty else { return [:] }
        let arrivals = try arrivals(number)
        var identifiers: [UInt64: ProfileNumber] = [:]
        for entry in moved { identifiers[arrivals[entry.row]] = entry.identifier }
        return identifiers
    }

    /// The identifier of every row of a cluster, by arrival.
    func identifiersOfRows(of cluster: ProfileNumber) throws(EventStoreError) -> [UInt64: ProfileNumber] {
        for number in rowBlocks(overlapping: cluster..<(cluster + 1)) {
            let directory = try directory(number)
            guard let position = directory.position(of: cluster) else { continue }
            let moved = try identifiersOfMovedRows(number, directory, position)
            let arrivals = try arrivals(number)
            var identifiers: [UInt64: ProfileNumber] = [:]
            for row in directory.rows(of: position).joined() {
                let arrival = arrivals[row]
                identifiers[arrival] = moved[arrival] ?? cluster
            }
            return identifiers
        }
        return [:]
    }
}
