import Columns
import EventModel
import EventStore
import SegmentEngine

/// What one worker has counted and summed, by series and period.
struct TrendSums: Sendable {
    private var counts: [[Int: Int]]
    private var sums: [[Int: ExactSum]]

    init(count: Int) {
        counts = Array(repeating: [:], count: count)
        sums = Array(repeating: [:], count: count)
    }

    mutating func add(_ reader: EventRows.Reader, _ asked: TrendQuery.Asked, _ clock: inout PeriodClock) {
        for (index, part) in asked.parts.enumerated() {
            if let value = part.value {
                addValues(index, value, part.query, reader, &clock)
            } else if asked.countsProfiles[index] {
                addProfiles(index, part.query, reader, &clock)
            } else {
                addEvents(index, part.query, reader, &clock)
            }
        }
    }

    private mutating func addProfiles(
        _ index: Int, _ query: Int, _ reader: EventRows.Reader, _ clock: inout PeriodClock
    ) {
        let marks = PeriodMarks(reader, query: query, clock: &clock)
        var found = PeriodCounts()
        for profile in 0..<reader.block.profileCount {
            marks.forEachPeriod(of: profile) { found.add(1, to: $0) }
        }
        found.forEachCount { counts[index][$0, default: 0] += $1 }
    }

    private mutating func addEvents(
        _ index: Int, _ query: Int, _ reader: EventRows.Reader, _ clock: inout PeriodClock
    ) {
        var found = PeriodCounts()
        reader.block.times.withUnsafeBufferPointer { times in
            reader.forEachStretch(of: query) { _, rows in
                clock.forEachPart(of: rows, times) { found.add($1.count, to: $0) }
            }
        }
        found.forEachCount { counts[index][$0, default: 0] += $1 }
    }

    private mutating func addValues(
        _ index: Int, _ value: Int, _ query: Int, _ reader: EventRows.Reader, _ clock: inout PeriodClock
    ) {
        let times = reader.block.times
        guard let column = reader.column(of: value, over: query) else {
            reader.forEachEvent(of: query, values: [value]) { _, row, values in
                guard let number = values[0].numeric else { return }
                sums[index][clock.number(at: times[row]), default: ExactSum()].add(number)
            }
            return
        }
        let numbers = ColumnNumbers(column)
        times.withUnsafeBufferPointer { times in
            reader.forEachStretch(of: query) { _, rows in
                clock.forEachPart(of: rows, times) { period, rows in
                    numbers.add(rows, to: &sums[index][period, default: ExactSum()])
                }
            }
        }
    }

    mutating func merge(_ other: TrendSums) {
        for index in counts.indices {
            counts[index].merge(other.counts[index], uniquingKeysWith: +)
            sums[index].merge(other.sums[index]) { mine, theirs in
                var sum = mine
                sum.add(theirs)
                return sum
            }
        }
    }

    /// The points of all periods between the first and the last that have anything.
    func points(_ series: [TrendQuery.Series], _ unit: CalendarUnit) -> [TrendQuery.Point] {
        let known = Set(counts.flatMap(\.keys) + sums.flatMap(\.keys))
        guard let first = known.min(), let last = known.max() else { return [] }
        let periods = last - first < TrendQuery.mostPeriods ? Array(first...last) : known.sorted()
        return periods.map { period in
            let values = series.enumerated().map { index, one -> Decimal128? in
                switch one {
                case .profiles, .events: Decimal128(counts[index][period] ?? 0)
                case .sum: (sums[index][period] ?? ExactSum()).value()
                case .average: (sums[index][period] ?? ExactSum()).average()
                }
            }
            return TrendQuery.Point(period: period, firstDay: unit.firstDay(of: period), values: values)
        }
    }
}

/// Counts by period: an array as wide as what was met, so that counting costs little more than adding.
struct PeriodCounts {
    /// Wider than this it stays a dictionary.
    private static let widest = 16_384
    private var base = 0
    private var dense: [Int] = []
    private var others: [Int: Int] = [:]

    @inline(__always)
    mutating func add(_ count: Int, to period: Int) {
        let place = period - base
        if place >= 0, place < dense.count { dense[place] += count } else { addOutside(count, period) }
    }

    private mutating func addOutside(_ count: Int, _ period: Int) {
        if dense.isEmpty {
            base = period - 512
            dense = Array(repeating: 0, count: 1_024)
        }
        let place = period - base
        if place >= dense.count, place < Self.widest {
            dense += repeatElement(0, count: place + 1 - dense.count)
        }
        if place >= 0, place < dense.count { dense[place] += count } else { others[period, default: 0] += count }
    }

    /// Calls `body` with each period that has a count.
    func forEachCount(_ body: (_ period: Int, _ count: Int) -> Void) {
        for (place, count) in dense.enumerated() where count != 0 { body(base + place, count) }
        for (period, count) in others { body(period, count) }
    }
}
