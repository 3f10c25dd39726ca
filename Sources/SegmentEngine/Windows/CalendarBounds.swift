import EventModel
import SegmentLanguage

/// The first and the end instant of a calendar period, and when the period becomes another.
struct CalendarBounds {
    let start: Int64
    /// The first instant after the period.
    let end: Int64
    /// The first instant after now at which `today` and the like mean another stretch.
    let next: Int64

    init(_ period: CalendarPeriod, now: Int64, zone: Zone) {
        let today = zone.day(of: Timestamp(milliseconds: now))
        let month = today.startOfMonth
        let year = today.startOfYear
        let current: CalendarDay
        let following: CalendarDay
        switch period {
        case .today, .yesterday:
            current = today
            following = today.adding(days: 1)
        case .thisWeek, .lastWeek:
            current = today.startOfWeek
            following = current.adding(days: 7)
        case .thisMonth, .lastMonth:
            current = month
            following = month.startOfMonth(adding: 1)
        case .thisYear, .lastYear:
            current = year
            following = year.startOfMonth(adding: 12)
        }
        let currentStart = zone.startOfDay(current).milliseconds
        let followingStart = zone.startOfDay(following).milliseconds
        next = followingStart > now ? followingStart : Self.secondStart(of: following, after: now, in: zone)
        switch period {
        case .today, .thisWeek, .thisMonth, .thisYear:
            start = currentStart
            end = followingStart
        case .yesterday:
            start = zone.startOfDay(today.adding(days: -1)).milliseconds
            end = currentStart
        case .lastWeek:
            start = zone.startOfDay(current.adding(days: -7)).milliseconds
            end = currentStart
        case .lastMonth:
            start = zone.startOfDay(month.startOfMonth(adding: -1)).milliseconds
            end = currentStart
        case .lastYear:
            start = zone.startOfDay(year.startOfMonth(adding: -12)).milliseconds
            end = currentStart
        }
    }

    /// Where clocks go back over midnight a day begins twice; the second time, or a bound for it.
    private static func secondStart(of day: CalendarDay, after now: Int64, in zone: Zone) -> Int64 {
        let span = zone.offsetSpan(at: Timestamp(milliseconds: now))
        let midnight = Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay
        let start = midnight.subtractingSaturating(span.offset)
        return [start, span.end].filter { $0 > now }.min() ?? now.addingSaturating(1)
    }
}
