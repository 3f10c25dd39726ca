package import EventModel
import EventStore
import SegmentEngine
package import SegmentLanguage

/// How many of those who did something in one calendar period did it again in the next: the retention and churn rate.
///
/// Retention rate = those of both periods / those of the period before; churn rate = 1 - retention rate. Somebody who
/// pauses for a period has churned, and comes back as reactivated.
package struct RetentionRateQuery: Sendable {
    package let events: EventQuery
    package let unit: CalendarUnit

    /// - Parameter events: a window, if it has one, leaves out what lies outside it.
    package init(_ events: EventQuery, by unit: CalendarUnit) {
        self.events = events
        self.unit = unit
    }

    package struct Answer: Sendable, Equatable {
        package let unit: CalendarUnit
        /// From the first period with anybody to the last, at most `mostPoints`, the latest ones; the last one may not be
        /// over yet.
        package let points: [Point]
    }

    package struct Point: Sendable, Equatable {
        package let firstDay: CalendarDay
        /// Profiles with such an event in the period.
        package let active: Int
        /// Those for whom it is the first period of all.
        package let new: Int
        /// Those who were active in the period before, too.
        package let retained: Int
        /// Profiles that were active in the period before.
        package let activeBefore: Int

        package var reactivated: Int { active - new - retained }
        package var churned: Int { activeBefore - retained }
        /// Nil when nobody was active in the period before.
        package var retentionRate: Double? { activeBefore > 0 ? Double(retained) / Double(activeBefore) : nil }
        package var churnRate: Double? { retentionRate.map { 1 - $0 } }
    }

    package static let mostPoints = 1_000

    /// Complexity: O(rows of the events).
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let rows = EventRows([events], settings: input.settings)
        let empty = RateCounts(PeriodFinder(unit, in: input.settings.zone))
        let gathered = try await input.gather(rows, into: empty) { counts, reader in counts.add(reader) }
        var (active, new, retained) = ([Int: Int](), [Int: Int](), [Int: Int]())
        for counts in gathered {
            counts.active.forEachCount { active[$0, default: 0] += $1 }
            counts.new.forEachCount { new[$0, default: 0] += $1 }
            counts.retained.forEachCount { retained[$0, default: 0] += $1 }
        }
        guard let first = active.keys.min(), let last = active.keys.max() else { return Answer(unit: unit, points: []) }
        let points = (max(first, last - Self.mostPoints + 1)...last).map { period in
            Point(
                firstDay: unit.firstDay(of: period), active: active[period] ?? 0, new: new[period] ?? 0,
                retained: retained[period] ?? 0, activeBefore: active[period - 1] ?? 0)
        }
        return Answer(unit: unit, points: points)
    }
}

/// What one worker has counted, by calendar period.
private struct RateCounts: Sendable {
    private var finder: PeriodFinder
    var active = PeriodCounts()
    var new = PeriodCounts()
    var retained = PeriodCounts()

    init(_ finder: PeriodFinder) { self.finder = finder }

    mutating func add(_ reader: EventRows.Reader) {
        let marks = PeriodMarks(reader, query: 0, finder: &finder)
        for profile in 0..<reader.block.profileCount {
            var last: Int?
            marks.forEachPeriod(of: profile) { period in
                active.add(1, to: period)
                if last == nil { new.add(1, to: period) }
                if last == period - 1 { retained.add(1, to: period) }
                last = period
            }
        }
    }
}
