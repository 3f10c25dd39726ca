import EventModel
import SegmentLanguage

/// What a clock or calendar of a zone shows: `hour`, `weekday`, `month`, `year`, `date`.
enum ClockField {
    static func value(_ field: TimeField, of time: Timestamp, in zone: Zone) -> Value {
        switch field {
        case .hour: .number(Decimal128(zone.hour(of: time)))
        case .weekday: .number(Decimal128(zone.day(of: time).weekday))
        case .month: .number(Decimal128(zone.day(of: time).month))
        case .year: .number(Decimal128(zone.day(of: time).year))
        case .date: .day(zone.day(of: time), zone)
        }
    }

    /// The first instant after `time` at which the field may show something else; never later than the true change.
    static func nextChange(_ field: TimeField, after time: Timestamp, in zone: Zone) -> Int64 {
        switch field {
        case .hour:
            let span = zone.offsetSpan(at: time)
            let local = time.milliseconds.addingSaturating(span.offset)
            let intoHour = ((local % hourMilliseconds) + hourMilliseconds) % hourMilliseconds
            return min(
                time.milliseconds.addingSaturating(hourMilliseconds - intoHour), max(span.end, time.milliseconds + 1))
        case .weekday, .date:
            return nextDay(after: time, in: zone, zone.day(of: time).adding(days: 1))
        case .month:
            return nextDay(after: time, in: zone, zone.day(of: time).startOfMonth(adding: 1))
        case .year:
            return nextDay(
                after: time, in: zone, zone.day(of: time).startOfMonth(adding: 13 - zone.day(of: time).month))
        }
    }

    /// Where clocks go back over midnight the day may seem to have begun already; then look again very soon.
    private static func nextDay(after time: Timestamp, in zone: Zone, _ day: CalendarDay) -> Int64 {
        let offsetEnd = zone.offsetSpan(at: time).end
        let start = zone.startOfDay(day).milliseconds
        let next = start > time.milliseconds ? start : time.milliseconds.addingSaturating(hourMilliseconds)
        // A change of the clocks before that may bring another day.
        return offsetEnd > time.milliseconds ? min(next, offsetEnd) : next
    }

    private static let hourMilliseconds: Int64 = 3_600_000
}

extension Int64 {
    /// The sum, or the nearest number there is.
    func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    func subtractingSaturating(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}
