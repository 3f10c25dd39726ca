import Columns
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

/// The paths that one worker has walked.
struct PathCounts: Sendable {
    private let query: PathsQuery
    private var tree = PathTree()
    private var labels = PathLabels()
    private var profiles = 0
    private var outsideVisits = 0

    init(_ query: PathsQuery) { self.query = query }

    mutating func add(_ reader: EventRows.Reader) {
        let block = reader.block
        let starts = ProfileRows(reader, query: 0)
        let steps = ProfileRows(reader, query: 1)
        var reading = PathLabels.Reading(reader, property: query.property)
        var visits: BlockVisits?
        if case .visit = query.scope { visits = BlockVisits(reader, browsing: 2) }
        for profile in 0..<block.profileCount {
            let rows = starts.places(of: profile)
            if rows.isEmpty { continue }
            let before = tree.paths
            var last: Stretch?
            for place in rows {
                let row = Int(starts.rows[place])
                let time = block.times[row]
                // Of the same visit, or within the reach of the start before.
                if let last, time <= last.end { continue }
                guard let stretch = stretch(of: profile, at: time, visits) else {
                    outsideVisits += 1
                    continue
                }
                last = stretch
                walk(from: row, steps, steps.places(of: profile), stretch, block, &reading)
            }
            if tree.paths > before { profiles += 1 }
        }
    }

    /// Where the steps of a path lie, ms, both ends included, and until when no other path begins.
    private struct Stretch {
        let first: Int64
        let last: Int64
        let end: Int64
    }

    private func stretch(of profile: Int, at time: Int64, _ visits: BlockVisits?) -> Stretch? {
        if case .within(let length) = query.scope {
            // Lengths are at most 100,000 years, so this is far from overflow.
            let (first, last) = (time - length.milliseconds, time + length.milliseconds)
            return Stretch(first: first, last: last, end: last)
        }
        guard let visits, let visit = visits.visit(of: profile, at: time) else { return nil }
        let last = visits.ends[visit] + BlockVisits.longestGap
        // The next visit begins later than that: its gap to the last event of this one is longer.
        return Stretch(first: visits.starts[visit], last: last, end: last)
    }

    private mutating func walk(
        from start: Int, _ steps: ProfileRows, _ places: Range<Int>, _ stretch: Stretch, _ block: HistoryBlock,
        _ reading: inout PathLabels.Reading
    ) {
        var node = tree.begin()
        var label = query.joinsRepeats ? reading.label(at: start, &labels) : -1
        var depth = 0
        let isAfter = query.direction == .after
        var place =
            isAfter ? firstPlace(after: start, steps, places, block) : lastPlace(before: start, steps, places, block)
        while places.contains(place) {
            let row = Int(steps.rows[place])
            let time = block.times[row]
            guard time >= stretch.first, time <= stretch.last else { break }
            place += isAfter ? 1 : -1
            let own = reading.label(at: row, &labels)
            if query.joinsRepeats, own == label { continue }
            // A step further than asked for: the path goes on.
            if depth == query.depth { return }
            label = own
            node = tree.step(from: node, own)
            depth += 1
        }
        tree.end(node)
    }

    private func firstPlace(after row: Int, _ steps: ProfileRows, _ places: Range<Int>, _ block: HistoryBlock) -> Int {
        var (low, high) = (places.lowerBound, places.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if block.isEarlier(row, than: Int(steps.rows[middle])) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func lastPlace(before row: Int, _ steps: ProfileRows, _ places: Range<Int>, _ block: HistoryBlock) -> Int {
        var (low, high) = (places.lowerBound, places.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if block.isEarlier(Int(steps.rows[middle]), than: row) { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }

    // MARK: - Together

    mutating func merge(_ other: PathCounts) {
        profiles += other.profiles
        outsideVisits += other.outsideVisits
        let mine = other.labels.numbers.map { labels.number(of: $0) }
        tree.merge(other.tree) { mine[Int($0)] }
    }

    func answer() -> PathsQuery.Answer {
        PathsQuery.Answer(
            profiles: profiles, outsideVisits: outsideVisits,
            root: tree.root(branches: query.branches) { labels.numbers[Int($0)] })
    }
}
