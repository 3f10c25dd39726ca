package import EventModel

/// Reads the times of one column.
package struct TimeReader: Sendable {
    package enum Form: Hashable, Sendable {
        /// A text; the order decides what `10/02/2025` means and is nil when no such date is expected.
        case text(DayOrder?)
        case epochSeconds
        case epochMilliseconds
    }

    package let form: Form
    /// Of times without an offset.
    package let zone: Zone

    package init(form: Form, zone: Zone) {
        self.form = form
        self.zone = zone
    }

    /// The instant a cell means; nil when it is no time of the years 0001 to 9999.
    ///
    /// - Parameter clock: the time of day, where it stands in a cell of its own.
    package func time(_ text: Text, clock: Text? = nil) -> Timestamp? {
        switch form {
        case .epochSeconds: epoch(text, unitMilliseconds: 1_000)
        case .epochMilliseconds: epoch(text, unitMilliseconds: 1)
        case .text(let order):
            if let clock, !clock.isEmpty {
                combined(text, clock, order)
            } else {
                TimeText(text, spaceBeforeOffset: true)?.instant(in: zone) ?? loose(text, order)
            }
        }
    }

    /// Whether a cell that `PlainTimes` reads means what that says.
    var hasPlainTimes: Bool {
        if case .text = form { zone == .utc } else { false }
    }

    private func epoch(_ text: Text, unitMilliseconds: Int) -> Timestamp? {
        guard let number = Decimal128(jsonNumber: text),
            let milliseconds = number.multiplied(by: Decimal128(unitMilliseconds))?.floorToInt()
        else { return nil }
        let instant = Timestamp(milliseconds: Int64(milliseconds))
        return instant >= .earliest && instant <= .latest ? instant : nil
    }

    private func loose(_ text: Text, _ order: DayOrder?) -> Timestamp? {
        guard let time = LooseTime(text.string), let day = time.day(order) else { return nil }
        return instant(day: day, millisecondOfDay: time.millisecondOfDay, offset: time.offsetMilliseconds)
    }

    private func combined(_ date: Text, _ clock: Text, _ order: DayOrder?) -> Timestamp? {
        guard let clock = LooseTime(clock.string), clock.date == nil else { return nil }
        let day: CalendarDay
        if let iso = TimeText(date), iso.form == .date {
            day = iso.day
        } else if let loose = LooseTime(date.string), loose.millisecondOfDay == nil, let looseDay = loose.day(order) {
            day = looseDay
        } else {
            return nil
        }
        return instant(day: day, millisecondOfDay: clock.millisecondOfDay, offset: clock.offsetMilliseconds)
    }

    private func instant(day: CalendarDay, millisecondOfDay: Int?, offset: Int64?) -> Timestamp? {
        let instant: Timestamp
        if let millisecondOfDay {
            if let offset {
                let local = Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay + Int64(millisecondOfDay)
                instant = Timestamp(milliseconds: local - offset)
            } else {
                instant = zone.timestamp(day: day, millisecondOfDay: millisecondOfDay)
            }
        } else {
            instant = zone.startOfDay(day)
        }
        return instant >= .earliest && instant <= .latest ? instant : nil
    }
}

extension LooseTime {
    /// The calendar day, if there is a date, it exists, and its order is known.
    func day(_ order: DayOrder?) -> CalendarDay? {
        switch date {
        case nil: return nil
        case .named(let month, let day, let year):
            return CalendarDay(year: year.fullYear, month: month, day: day)
        case .digits(let first, let second, let third, _):
            if first.width > 2 {
                return CalendarDay(year: first.fullYear, month: second.value, day: third.value)
            }
            switch order {
            case .dayMonthYear: return CalendarDay(year: third.fullYear, month: second.value, day: first.value)
            case .monthDayYear: return CalendarDay(year: third.fullYear, month: first.value, day: second.value)
            case .yearMonthDay: return CalendarDay(year: first.fullYear, month: second.value, day: third.value)
            case nil:
                // Day and month are the same number: the order does not matter.
                guard first.value == second.value else { return nil }
                return CalendarDay(year: third.fullYear, month: first.value, day: second.value)
            }
        }
    }
}

extension LooseTime.Number {
    /// Years of two digits lie between 1970 and 2069.
    var fullYear: Int { width <= 2 ? (value < 70 ? 2000 + value : 1900 + value) : value }
}
