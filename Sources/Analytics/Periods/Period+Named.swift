package import EventModel

extension Period {
    /// So many days before the day of an instant, and that day up to the instant: what a report is about unless somebody
    /// says otherwise.
    package static func last(_ days: Int, upTo end: Timestamp, in zone: Zone) -> Period {
        Period(from: zone.startOfDay(zone.day(of: end).adding(days: -days)), to: end)
    }

    /// The days of a report that nobody chose a period for.
    package static let usualDays = 30

    /// A calendar month, as in `2026-03`; nil for what is none.
    package static func month(_ text: String, in zone: Zone) -> Period? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let year = parts[0], let number = parts[1],
            let first = CalendarDay(year: year, month: number, day: 1)
        else { return nil }
        return month(of: first, in: zone)
    }

    /// The calendar month that a day lies in.
    package static func month(of day: CalendarDay, in zone: Zone) -> Period {
        let first = day.startOfMonth
        return Period(first, through: first.startOfMonth(adding: 1).adding(days: -1), in: zone)
    }
}
