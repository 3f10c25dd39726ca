import EventModel
import SegmentLanguage

/// A stretch of history: bounds that are not nil must all be kept.
struct Span {
    var after: Int64?
    var from: Int64?
    var through: Int64?
    var before: Int64?
    var afterPlace: Place?
    var beforePlace: Place?
    var isEmpty = false

    func contains(_ place: Place) -> Bool {
        if let afterPlace, place <= afterPlace { return false }
        if let beforePlace, place >= beforePlace { return false }
        return keepsTimes(place.time)
    }

    /// For changes of membership, which have a time but no place: strictly after, or before, the event's time.
    func contains(instant: Int64) -> Bool {
        if let afterPlace, instant <= afterPlace.time { return false }
        if let beforePlace, instant >= beforePlace.time { return false }
        return keepsTimes(instant)
    }

    private func keepsTimes(_ time: Int64) -> Bool {
        if isEmpty { return false }
        if let after, time <= after { return false }
        if let from, time < from { return false }
        if let through, time > through { return false }
        if let before, time >= before { return false }
        return true
    }
}

extension Scope {
    /// What a window is at this instant (language, section 3).
    func span(of window: Window) -> Span {
        switch window {
        case .inLast(let length):
            return Span(after: ago(length))
        case .fromAgo(let start, let end):
            return Span(after: ago(start), through: end.map { ago($0) })
        case .beforeAgo(let length):
            return Span(through: ago(length))
        case .from(let start, let end):
            return Span(from: start.instant(in: zone).milliseconds, before: end.instant(in: zone).milliseconds)
        case .before(let end):
            return Span(before: end.instant(in: zone).milliseconds)
        case .onOrAfter(let start):
            return Span(from: start.instant(in: zone).milliseconds)
        case .since(let edge, let query):
            return Span(afterPlace: anchor(edge, query))
        case .beforeEvent(let edge, let query):
            return Span(beforePlace: anchor(edge, query))
        case .withinAfter(let length, let edge, let query):
            guard let place = anchor(edge, query) else { return Span(isEmpty: true) }
            return Span(through: shift(place.time, by: length.milliseconds), afterPlace: place)
        case .calendar(let period):
            return calendarSpan(period)
        }
    }

    private func ago(_ length: DurationLiteral) -> Int64 { shift(now, by: -length.milliseconds) }

    /// The place of the first or last event that a window is measured from.
    private func anchor(_ edge: Window.Edge, _ query: EventQuery) -> Place? {
        let found = matches(query)
        return (edge == .first ? found.first : found.last)?.place
    }

    /// Notes when something that happened at `time` passes a bound of the window that moves with the clock.
    func watchLeaving(of time: Int64, _ window: Window) {
        switch window {
        case .inLast(let length), .beforeAgo(let length):
            watch.note(time, plus: length.milliseconds)
        case .fromAgo(let start, let end):
            watch.note(time, plus: start.milliseconds)
            if let end { watch.note(time, plus: end.milliseconds) }
        default:
            break
        }
    }

    private func calendarSpan(_ period: CalendarPeriod) -> Span {
        let today = zone.day(of: Timestamp(milliseconds: now))
        let (start, end, next): (CalendarDay, CalendarDay, CalendarDay)
        switch period {
        case .today:
            (start, end, next) = (today, today.adding(days: 1), today.adding(days: 1))
        case .yesterday:
            (start, end, next) = (today.adding(days: -1), today, today.adding(days: 1))
        case .thisWeek:
            let week = today.startOfWeek
            (start, end, next) = (week, week.adding(days: 7), week.adding(days: 7))
        case .lastWeek:
            let week = today.startOfWeek
            (start, end, next) = (week.adding(days: -7), week, week.adding(days: 7))
        case .thisMonth:
            let coming = today.startOfMonth(adding: 1)
            (start, end, next) = (today.startOfMonth, coming, coming)
        case .lastMonth:
            (start, end, next) = (today.startOfMonth(adding: -1), today.startOfMonth, today.startOfMonth(adding: 1))
        case .thisYear:
            let coming = today.startOfMonth(adding: 13 - today.month)
            (start, end, next) = (today.startOfYear, coming, coming)
        case .lastYear:
            let year = today.startOfYear
            (start, end, next) = (year.startOfMonth(adding: -12), year, year.startOfMonth(adding: 12))
        }
        watch.note(zone.startOfDay(next).milliseconds)
        return Span(from: zone.startOfDay(start).milliseconds, before: zone.startOfDay(end).milliseconds)
    }
}
