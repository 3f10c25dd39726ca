import EventModel
import SegmentLanguage

extension Scope {
    /// `hour(t)` and its like; where t moves with the clock, the end of the hour (day, month, year) is watched.
    func timeFunction(_ field: TimeField, local: Bool, of argument: Value) -> ReferenceValue {
        let zone = local ? localZone : self.zone
        guard let time = value(argument).asTime(in: self.zone) else { return .null }
        if world.moves(argument) {
            let (start, end) = stretch(of: field, around: time, in: zone)
            watch.ask(winding: world.winds(argument)) { instant in
                let scope = at(instant)
                guard let later = scope.value(argument).asTime(in: scope.zone) else { return AnyHashable(2) }
                return AnyHashable(later < start ? -1 : later >= end ? 1 : 0)
            }
        }
        return self.field(field, of: time, in: zone)
    }

    /// One field of an instant as a zone's clocks show it.
    func field(_ field: TimeField, of time: Timestamp, in zone: Zone) -> ReferenceValue {
        let day = zone.day(of: time)
        switch field {
        case .hour: return .number(Decimal128(zone.components(of: time).hour))
        case .weekday: return .number(Decimal128(day.weekday))
        case .month: return .number(Decimal128(day.month))
        case .year: return .number(Decimal128(day.year))
        case .date: return .day(day, zone)
        }
    }

    /// A stretch [start, end) around `time` in which the field does not change.
    private func stretch(of field: TimeField, around time: Timestamp, in zone: Zone) -> (Timestamp, Timestamp) {
        let day = zone.day(of: time)
        switch field {
        case .hour:
            // Clocks are also put forward and back: an hour ends there at the latest.
            let clock = zone.components(of: time)
            let passed = Int64((clock.minute * 60 + clock.second) * 1000 + clock.millisecond)
            let steady = zone.offsetSpan(at: time)
            return (
                Timestamp(milliseconds: max(time.milliseconds - passed, steady.start)),
                Timestamp(milliseconds: min(time.milliseconds - passed + 3_600_000, steady.end))
            )
        case .weekday, .date:
            return (zone.startOfDay(day), zone.startOfDay(day.adding(days: 1)))
        case .month:
            return (zone.startOfDay(day.startOfMonth), zone.startOfDay(day.startOfMonth(adding: 1)))
        case .year:
            return (
                zone.startOfDay(day.startOfYear), zone.startOfDay(day.startOfYear.startOfMonth(adding: 12))
            )
        }
    }
}

// MARK: - Anniversaries

extension Scope {
    /// Whether an anniversary of a date, in a year after its own, lies in the window.
    func hasAnniversary(_ value: Value, _ window: AnniversaryWindow) -> Bool {
        let zone = localZone
        let today = zone.day(of: Timestamp(milliseconds: now))
        if world.moves(value) {
            watch.note(zone.startOfDay(today.adding(days: 1)).milliseconds)
            watch.note(
                self.zone.startOfDay(self.zone.day(of: Timestamp(milliseconds: now)).adding(days: 1)).milliseconds)
        }
        guard let date = date(value, in: zone) else { return false }
        let (reach, back): (Int64, Int64) =
            switch window {
            case .inNext(let length): (length.milliseconds, 0)
            case .inLast(let length): (0, length.milliseconds)
            case .today: (0, 0)
            }
        let firstYear = max(date.year + 1, zone.day(of: Timestamp(milliseconds: shift(now, by: -back))).year - 1)
        let lastYear = zone.day(of: Timestamp(milliseconds: shift(now, by: reach))).year + 2
        guard firstYear <= lastYear else { return false }
        var found = false
        for year in firstYear...lastYear {
            guard let day = anniversary(of: date, in: year) else { continue }
            let start = zone.startOfDay(day).milliseconds
            switch window {
            case .inNext(let length):
                found = found || (now < start && start <= shift(now, by: length.milliseconds))
                watch.note(start, plus: -length.milliseconds)
            case .inLast(let length):
                found = found || (shift(now, by: -length.milliseconds) < start && start <= now)
                watch.note(start, plus: length.milliseconds)
            case .today:
                found = found || day == today
                watch.note(zone.startOfDay(day.adding(days: 1)).milliseconds)
            }
            watch.note(start)
        }
        return found
    }

    /// A date as it is written, or the day of a time in the profile's zone.
    private func date(_ value: Value, in zone: Zone) -> CalendarDay? {
        if case .time(let literal) = value.kind, literal.isDate { return TimeText(literal.text)?.day }
        switch self.value(value) {
        case .day(let day, _): return day
        case .time(let time): return zone.day(of: time)
        case .string(let text):
            guard let written = TimeText(text) else { return nil }
            return written.form == .date ? written.day : written.instant(in: self.zone).map { zone.day(of: $0) }
        default: return nil
        }
    }

    /// 29 February counts as 28 in other years.
    private func anniversary(of date: CalendarDay, in year: Int) -> CalendarDay? {
        CalendarDay(year: year, month: date.month, day: date.day)
            ?? CalendarDay(year: year, month: date.month, day: 28)
    }
}
