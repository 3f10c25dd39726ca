import EventModel
import EventStore
import SegmentEngine

/// Counts of profiles by the period they began in and a period they were active in.
struct CohortGrid: Sendable {
    /// The last so many periods have a place each; what is further back is kept sparsely.
    private static let side = 512

    private let base: Int
    /// Whether only the last period of each profile is counted.
    private let isRolling: Bool
    private var finder: PeriodFinder
    private var cells = [Int](repeating: 0, count: side * side)
    private var sizes = PeriodCounts()
    private var others: [Cell: Int] = [:]

    private struct Cell: Hashable {
        let cohort: Int
        let period: Int
    }

    init(endingAt period: Int, _ finder: PeriodFinder, _ kind: RetentionQuery.Kind) {
        isRolling = kind == .rolling
        base = period - Self.side + 1
        self.finder = finder
    }

    /// - Parameter isSame: whether both queries of the reader are the same.
    mutating func add(_ reader: EventRows.Reader, isSame: Bool) {
        if isSame {
            let marks = PeriodMarks(reader, query: 0, finder: &finder)
            for profile in 0..<reader.block.profileCount {
                var cohort: Int?
                var last = 0
                marks.forEachPeriod(of: profile) { period in
                    let own = cohort ?? period
                    if cohort == nil { sizes.add(1, to: own) }
                    cohort = own
                    last = period
                    if !isRolling { count(own, period) }
                }
                if isRolling, let cohort { countLast(cohort, last) }
            }
        } else {
            let firstTimes = Self.firstTimes(reader)
            let marks = PeriodMarks(reader, query: 1, finder: &finder, notBefore: firstTimes)
            for (profile, time) in firstTimes.enumerated() where time != .max {
                let cohort = finder.number(at: time)
                sizes.add(1, to: cohort)
                var last: Int?
                marks.forEachPeriod(of: profile) { period in
                    last = period
                    if !isRolling { count(cohort, period) }
                }
                if isRolling, let last { countLast(cohort, last) }
            }
        }
    }

    @inline(__always)
    private mutating func count(_ cohort: Int, _ period: Int) {
        let row = cohort - base
        let column = period - base
        if row >= 0, column >= 0, column < Self.side {
            cells[row * Self.side + column] += 1
        } else if period - cohort < RetentionQuery.mostPeriods {
            others[Cell(cohort: cohort, period: period), default: 0] += 1
        }
    }

    private mutating func countLast(_ cohort: Int, _ period: Int) {
        count(cohort, min(period, cohort + RetentionQuery.mostPeriods - 1))
    }

    /// Each profile's first event of the first query; `.max` where there is none.
    private static func firstTimes(_ reader: EventRows.Reader) -> [Int64] {
        var first = [Int64](repeating: .max, count: reader.block.profileCount)
        let times = reader.block.times
        reader.forEachStretch(of: 0) { profile, rows in
            first[profile] = min(first[profile], times[rows.lowerBound])
        }
        return first
    }

    /// Whether anybody was active in a period.
    func isActive(in period: Int) -> Bool {
        (0..<Self.side).contains { active(base + $0, period) > 0 } || others.keys.contains { $0.period == period }
    }

    private func active(_ cohort: Int, _ period: Int) -> Int {
        let row = cohort - base
        let column = period - base
        let dense = row >= 0 && column >= 0 && column < Self.side ? cells[row * Self.side + column] : 0
        return dense + (others[Cell(cohort: cohort, period: period)] ?? 0)
    }

    /// What several grids counted together.
    static func cohorts(of grids: [CohortGrid], _ query: RetentionQuery, until current: Int) -> [RetentionQuery.Cohort]
    {
        var sizes: [Int: Int] = [:]
        for grid in grids { grid.sizes.forEachCount { sizes[$0, default: 0] += $1 } }
        return sizes.sorted { $0.key < $1.key }.map { period, size in
            let last = min(max(period, current), period + RetentionQuery.mostPeriods - 1)
            var active = (period...last).map { later in
                grids.reduce(0) { $0 + $1.active(period, later) }
            }
            if query.kind == .rolling {
                for later in active.indices.dropLast().reversed() { active[later] += active[later + 1] }
            }
            return RetentionQuery.Cohort(
                period: period, firstDay: query.unit.firstDay(of: period), size: size, active: active)
        }
    }
}
