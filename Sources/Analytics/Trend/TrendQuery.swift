package import EventModel
import EventStore
import SegmentEngine
package import SegmentLanguage

/// Figures by calendar period in the workspace zone: active profiles, events, sums and averages.
package struct TrendQuery: Sendable {
    package enum Series: Sendable {
        /// Profiles with such an event.
        case profiles(EventQuery)
        /// Events.
        case events(EventQuery)
        /// The exact sum of the numbers that events have.
        case sum(SegmentLanguage.Value, EventQuery)
        /// Their average, half-even at 34 digits.
        case average(SegmentLanguage.Value, EventQuery)
    }

    package let series: [Series]
    package let unit: CalendarUnit

    package init(_ series: [Series], by unit: CalendarUnit) {
        self.series = series
        self.unit = unit
    }

    package struct Answer: Sendable, Equatable {
        package let unit: CalendarUnit
        /// From the first period in which anything happened to the last; those without events are there too, unless
        /// there are more than `mostPeriods`.
        package let points: [Point]
    }

    package struct Point: Sendable, Equatable {
        /// The number of the period.
        package let period: Int
        package let firstDay: CalendarDay
        /// By series. Nil: the average of nothing, or a number out of range.
        package let values: [Decimal128?]
    }

    package static let mostPeriods = 10_000

    /// Complexity: O(rows of the events).
    @concurrent
    package func answer(from input: ReportInput) async throws -> Answer {
        let asked = Asked(series)
        let rows = EventRows(asked.queries, values: asked.values, settings: input.settings)
        let empty = TrendSums(count: series.count, PeriodFinder(unit, in: input.settings.zone))
        let gathered = try await input.gather(rows, into: empty) { sums, reader in sums.add(reader, asked) }
        var all = empty
        for sums in gathered { all.merge(sums) }
        return Answer(unit: unit, points: all.points(series, unit))
    }

    /// The series taken apart: queries that are asked for once, and values over them.
    struct Asked: Sendable {
        private(set) var queries: [EventQuery] = []
        private(set) var values: [(of: SegmentLanguage.Value, query: Int)] = []
        /// By series: its query, and its value if it has one.
        private(set) var parts: [(query: Int, value: Int?)] = []
        /// Which series count profiles.
        private(set) var countsProfiles: [Bool] = []

        init(_ series: [Series]) {
            for one in series {
                switch one {
                case .profiles(let query), .events(let query): parts.append((place(of: query), nil))
                case .sum(let value, let query), .average(let value, let query):
                    let query = place(of: query)
                    values.append((value, query))
                    parts.append((query, values.count - 1))
                }
                if case .profiles = one { countsProfiles.append(true) } else { countsProfiles.append(false) }
            }
        }

        private mutating func place(of query: EventQuery) -> Int {
            if let known = queries.firstIndex(of: query) { return known }
            queries.append(query)
            return queries.count - 1
        }
    }
}
