import EventModel

/// Remembers the last day asked for; rows of one run often share it.
struct DayMemo {
    private var start: Int64 = 0
    private var end: Int64 = 0
    private var day = CalendarDay(daysSinceEpoch: 0)

    mutating func day(of time: Int64, in zone: Zone) -> CalendarDay {
        if start <= time, time < end { return day }
        let instant = Timestamp(milliseconds: time)
        day = zone.day(of: instant)
        // Only where the clocks do not change: there the day is a plain stretch of time.
        let span = zone.offsetSpan(at: instant)
        let midnight = Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay
        start = max(midnight.subtractingSaturating(span.offset), span.start)
        end = min(midnight.subtractingSaturating(span.offset).addingSaturating(Timestamp.millisecondsPerDay), span.end)
        return day
    }
}
