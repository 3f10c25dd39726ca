import Columns
import EventModel
import EventStore
import SegmentEngine

/// What one worker has counted and summed, by series and period.
struct TrendSums: Sendable {
    private var finder: PeriodFinder
    private var counts: [PeriodCounts]
    private var sums: [PeriodSums]

    init(count: Int, _ finder: PeriodFinder) {
        self.finder = finder
        counts = Array(repeating: PeriodCounts(), count: count)
        sums = Array(repeating: PeriodSums(), count: count)
    }

    mutating func add(_ reader: EventRows.Reader, _ asked: TrendQuery.Asked) {
        for (index, part) in asked.parts.enumerated() {
            if let value = part.value {
                addValues(index, value, part.query, reader)
            } else if asked.countsProfiles[index] {
                let marks = PeriodMarks(reader, query: part.query, finder: &finder)
                for profile in 0..<reader.block.profileCount {
                    marks.forEachPeriod(of: profile) { counts[index].add(1, to: $0) }
                }
            } else {
                addEvents(index, part.query, reader)
            }
        }
    }

    private mutating func addEvents(_ index: Int, _ query: Int, _ reader: EventRows.Reader) {
        let times = reader.block.times
        reader.forEachStretch(of: query) { _, rows in
            for row in rows { counts[index].add(1, to: finder.number(at: times[row])) }
        }
    }

    private mutating func addValues(_ index: Int, _ value: Int, _ query: Int, _ reader: EventRows.Reader) {
        let times = reader.block.times
        guard let column = reader.column(of: value, over: query) else {
            return reader.forEachEvent(of: query, values: [value]) { _, row, values in
                guard let number = values[0].numeric else { return }
                sums[index].withSum(of: finder.number(at: times[row])) { $0.add(number) }
            }
        }
        let numbers = ColumnNumbers(column)
        reader.forEachStretch(of: query) { _, rows in
            for row in rows {
                sums[index].withSum(of: finder.number(at: times[row])) { numbers.add(row, to: &$0) }
            }
        }
    }

    mutating func merge(_ other: TrendSums) {
        for index in counts.indices {
            other.counts[index].forEachCount { counts[index].add($1, to: $0) }
            for (period, sum) in other.sums[index].all { sums[index].withSum(of: period) { $0.add(sum) } }
        }
    }

    /// The points of all periods between the first and the last that have anything.
    func points(_ series: [TrendQuery.Series], _ unit: CalendarUnit) -> [TrendQuery.Point] {
        var counted = Array(repeating: [Int: Int](), count: series.count)
        for index in counts.indices { counts[index].forEachCount { counted[index][$0] = $1 } }
        let sums = sums.map(\.all)
        let known = Set(counted.flatMap(\.keys) + sums.flatMap(\.keys))
        guard let first = known.min(), let last = known.max() else { return [] }
        let periods = last - first < TrendQuery.mostPeriods ? Array(first...last) : known.sorted()
        return periods.map { period in
            let values = series.enumerated().map { index, one -> Decimal128? in
                switch one {
                case .profiles, .events: Decimal128(counted[index][period] ?? 0)
                case .sum: (sums[index][period] ?? ExactSum()).value()
                case .average: (sums[index][period] ?? ExactSum()).average()
                }
            }
            return TrendQuery.Point(period: period, firstDay: unit.firstDay(of: period), values: values)
        }
    }
}
