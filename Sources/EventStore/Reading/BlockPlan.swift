import EventModel

extension HistoryAssembler {
    /// Rows spread over a range of profile numbers, taken as even.
    private struct Spread {
        let first: ProfileNumber
        let last: ProfileNumber
        let rows: Int

        var density: Double { Double(rows) / Double(Int(last) - Int(first) + 1) }
    }

    /// How many rows a range has when all of them are recent.
    private static let rowsWithoutParts = 32_768

    /// Cuts all profiles into ranges of about equal work, where possible at the block borders of the largest part.
    ///
    /// - Parameters:
    ///   - rows: how many rows a range shall have, about; nil: as many as the blocks of the largest part, which so need
    ///     not be joined.
    ///   - recent: profiles of recent messages with their rows, ascending.
    func plan(
        rows wanted: Int? = nil, recent: [(profile: ProfileNumber, rows: Int)] = []
    ) -> [Range<ProfileNumber>] {
        let count = ProfileNumber(identity.count)
        guard count > 0 else { return [] }
        let largest = parts.max { $0.index.totals.rows < $1.index.totals.rows }
        let borders = Set(largest?.index.rowBlocks.map(\.firstProfile) ?? [])
        let ownBlocks = largest.map { $0.index.totals.rows / max($0.index.rowBlocks.count, 1) }
        let target = Double(max(wanted ?? ownBlocks ?? Self.rowsWithoutParts, 1))

        var changes: [ProfileNumber: Double] = [:]
        for spread in spreads(recent) {
            changes[spread.first, default: 0] += spread.density
            if spread.last < .max { changes[spread.last + 1, default: 0] -= spread.density }
        }
        for border in borders { changes[border, default: 0] += 0 }

        var ranges: [Range<ProfileNumber>] = []
        var start: ProfileNumber = 0
        var rows = 0.0
        var density = 0.0
        var position: ProfileNumber = 0
        func cut(_ end: ProfileNumber) {
            guard end > start else { return }
            ranges.append(start..<end)
            start = end
            rows = 0
        }
        for (next, change) in changes.sorted(by: { $0.key < $1.key }) where next < count {
            // Within a stretch of one density, cuts come at even distances.
            while density > 0, rows + density * Double(next - position) > target * 2 {
                let step = max(1, ProfileNumber(min((target - rows) / density, Double(next - position))))
                position = min(next, position + step)
                cut(position)
            }
            rows += density * Double(next - position)
            position = next
            if rows >= target || (borders.contains(next) && rows >= target / 2) { cut(next) }
            density = max(0, density + change)
        }
        while density > 0, rows + density * Double(count - position) > target * 2 {
            let step = max(1, ProfileNumber(min(max(target - rows, 0) / density, Double(count - position))))
            position = min(count, position + step)
            cut(position)
        }
        cut(count)
        return ranges
    }

    private func spreads(_ recent: [(profile: ProfileNumber, rows: Int)]) -> [Spread] {
        var spreads: [Spread] = []
        for part in parts {
            for block in part.index.rowBlocks {
                spreads.append(Spread(first: block.firstProfile, last: block.lastProfile, rows: block.rows))
            }
        }
        var start = 0
        while start < recent.count {
            let end = min(start + 1_024, recent.count)
            let rows = recent[start..<end].reduce(0) { $0 + $1.rows }
            spreads.append(Spread(first: recent[start].profile, last: recent[end - 1].profile, rows: rows))
            start = end
        }
        return spreads
    }
}
