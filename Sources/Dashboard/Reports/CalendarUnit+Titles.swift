import Analytics
import EventModel

extension CalendarUnit {
    /// How a calendar period that begins on a day is called: "Mar 2026", and by its first day.
    func title(from day: CalendarDay) -> String {
        self == .month ? String(spokenDay(day).drop { $0 != " " }.dropFirst()) : spokenDay(day)
    }

    /// The same in a few letters, for charts.
    func label(from day: CalendarDay) -> String {
        self == .month ? "\(day.month)/\(day.year % 100)" : "\(day.day).\(day.month)."
    }
}
