package import EventModel

/// The calendar periods that reports count by; weeks start on Monday.
///
/// Periods have numbers that follow one another: days since 1970-01-01, weeks since that of 1969-12-29, months since
/// January of the year 0.
package enum CalendarUnit: String, Sendable, CaseIterable {
    case day, week, month

    /// The number of the period that a day lies in.
    package func number(of day: CalendarDay) -> Int {
        switch self {
        case .day: return Int(day.daysSinceEpoch)
        case .week: return (Int(day.startOfWeek.daysSinceEpoch) + 3) / 7
        case .month:
            let first = day.startOfMonth
            return first.year * 12 + first.month - 1
        }
    }

    /// The first day of a period.
    package func firstDay(of number: Int) -> CalendarDay {
        switch self {
        case .day: CalendarDay(daysSinceEpoch: Int32(clamping: number))
        case .week: CalendarDay(daysSinceEpoch: Int32(clamping: number * 7 - 3))
        case .month: CalendarDay(daysSinceEpoch: 0).startOfMonth(adding: number - 1970 * 12)
        }
    }
}

/// Finds the period of one instant after another; instants of the same period cost next to nothing.
struct PeriodClock: Sendable {
    private let unit: CalendarUnit
    private let zone: Zone
    /// The period found last, and a stretch of time that lies in it.
    private var number = 0
    private var start: Int64 = 0
    private var end: Int64 = 0
    private var span: Zone.OffsetSpan

    init(_ unit: CalendarUnit, in zone: Zone) {
        self.unit = unit
        self.zone = zone
        span = zone.offsetSpan(at: Timestamp(milliseconds: 0))
    }

    /// The number of the period of an instant in the zone.
    mutating func number(at time: Int64) -> Int {
        if time < start || time >= end { turn(to: time) }
        return number
    }

    private mutating func turn(to time: Int64) {
        if time < span.start || time >= span.end { span = zone.offsetSpan(at: Timestamp(milliseconds: time)) }
        let local = Timestamp(milliseconds: time).adding(milliseconds: span.offset).milliseconds
        let length = Timestamp.millisecondsPerDay
        let day = Int(local >= 0 ? local / length : (local + 1) / length - 1)
        let first: Int
        let next: Int
        switch unit {
        case .day:
            (number, first, next) = (day, day, day + 1)
        case .week:
            let week = day >= -3 ? (day + 3) / 7 : (day - 3) / 7
            (number, first, next) = (week, week * 7 - 3, week * 7 + 4)
        case .month:
            let month = CalendarDay(daysSinceEpoch: Int32(clamping: day)).startOfMonth
            number = unit.number(of: month)
            (first, next) = (Int(month.daysSinceEpoch), Int(month.startOfMonth(adding: 1).daysSinceEpoch))
        }
        // Only where the clocks do not change: there a period is a plain stretch of time.
        start = max(Int64(first) * length - span.offset, span.start)
        end = min(Int64(next) * length - span.offset, span.end)
    }
}
