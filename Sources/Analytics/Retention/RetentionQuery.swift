package import EventModel
import EventStore
import SegmentEngine
package import SegmentLanguage

/// How many of those who did something first in one calendar period did something in the periods after it.
///
/// A profile belongs to the cohort of the period of its first event of `first`; it is retained in a period when it has
/// an event of `returning` in it, at or after that first event. Events may be the same: then everybody is retained in
/// their own period.
package struct RetentionQuery: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Active in that very period.
        case exact
        /// Active in that period or in a later one: whoever comes back once was not lost until then.
        case rolling
    }

    package let first: EventQuery
    package let returning: EventQuery
    package let unit: CalendarUnit
    package let kind: Kind

    /// A cohort is followed for so many periods.
    package static let mostPeriods = 1_000

    package init(first: EventQuery, returning: EventQuery, unit: CalendarUnit, kind: Kind = .exact) {
        self.first = first
        self.returning = returning
        self.unit = unit
        self.kind = kind
    }

    package struct Answer: Sendable, Equatable {
        package let unit: CalendarUnit
        /// By the period of the first event, ascending; periods in which nobody began are left out.
        package let cohorts: [Cohort]
    }

    package struct Cohort: Sendable, Equatable {
        /// The number of the period.
        package let period: Int
        package let firstDay: CalendarDay
        package let size: Int
        /// How many were active so many periods later, in a rolling report then or later still, from 0 up to the period
        /// of the instant of the report, at most `mostPeriods`.
        package let active: [Int]

        /// The share of the cohort that was active so many periods later; nil past the end.
        package func share(after periods: Int) -> Double? {
            active.indices.contains(periods) && size > 0 ? Double(active[periods]) / Double(size) : nil
        }
    }

    /// Complexity: O(rows of both events).
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let rows = EventRows([first, returning], settings: input.settings)
        var finder = PeriodFinder(unit, in: input.settings.zone)
        let current = finder.number(at: input.now.milliseconds)
        let isSame = first == returning
        let empty = CohortGrid(endingAt: current, finder, kind)
        let grids = try await input.gather(rows, into: empty) { grid, reader in
            grid.add(reader, isSame: isSame)
        }
        // A period that begins with the very instant of the report is not one to show, unless something happened in it.
        let before = finder.number(at: input.now.adding(milliseconds: -1).milliseconds)
        let last = grids.contains { $0.isActive(in: current) } ? current : before
        return Answer(unit: unit, cohorts: CohortGrid.cohorts(of: grids, self, until: last))
    }
}
