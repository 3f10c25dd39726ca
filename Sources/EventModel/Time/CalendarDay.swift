/// A day of the Gregorian calendar (proleptic), in no zone.
package struct CalendarDay: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01, which is 0.
    package let daysSinceEpoch: Int32

    package init(daysSinceEpoch: Int32) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    /// Nil when the calendar has no such day; years 1...9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysIn(month: month, year: year)
        else { return nil }
        self.init(daysSinceEpoch: Int32(Self.days(year: year, month: month, day: day)))
    }

    package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }

    package var year: Int { civil.year }
    /// 1...12
    package var month: Int { civil.month }
    /// 1...31
    package var day: Int { civil.day }

    /// 1 = Monday ... 7 = Sunday.
    package var weekday: Int {
        // 1970-01-01 was a Thursday.
        let fromMonday = (Int(daysSinceEpoch) + 3) % 7
        return (fromMonday < 0 ? fromMonday + 7 : fromMonday) + 1
    }

    /// `2026-03-15`.
    package var iso8601: String {
        var bytes: [UInt8] = []
        appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The other name of `iso8601`.
    package var iso: String { iso8601 }
}

// MARK: - Arithmetic

extension CalendarDay {
    /// The day so many days later, or the last one that can be counted.
    package func adding(days: Int) -> CalendarDay {
        let sum = Int(daysSinceEpoch).addingSaturating(days)
        return CalendarDay(daysSinceEpoch: Int32(clamping: sum))
    }

    /// The Monday of this day's week.
    package var startOfWeek: CalendarDay { adding(days: 1 - weekday) }

    /// The first day of this day's month.
    package var startOfMonth: CalendarDay { adding(days: 1 - day) }

    /// The first of January of this day's year.
    package var startOfYear: CalendarDay {
        let date = civil
        return CalendarDay(daysSinceEpoch: Int32(clamping: Self.days(year: date.year, month: 1, day: 1)))
    }

    /// The first day of the month that lies so many months after this day's month.
    package func startOfMonth(adding months: Int) -> CalendarDay {
        let date = civil
        let index = (date.year * 12 + date.month - 1).addingSaturating(months)
        guard index.magnitude < 12 * 5_000_000 else {
            return index < 0 ? .init(daysSinceEpoch: .min) : .init(daysSinceEpoch: .max)
        }
        let year = index >= 0 ? index / 12 : -((11 - index) / 12)
        return CalendarDay(daysSinceEpoch: Int32(clamping: Self.days(year: year, month: index - year * 12 + 1, day: 1)))
    }

    /// The day with this day's month and day in another year; 29 February counts as 28 where there is none.
    package func anniversary(inYear year: Int) -> CalendarDay? {
        let date = civil
        return CalendarDay(
            year: year, month: date.month,
            day: min(date.day, (1...12).contains(date.month) ? Self.daysIn(month: date.month, year: year) : 31))
    }

    package static func isLeap(year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// How many days a month has; the month must be in 1...12.
    package static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year: year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

// MARK: - Civil dates

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days:
// the year begins in March, eras are 400 years of 146,097 days.
extension CalendarDay {
    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(daysSinceEpoch) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    static func days(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    func appendISO8601(to bytes: inout [UInt8]) {
        let date = civil
        appendDigits(date.year, width: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(date.month, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(date.day, width: 2, to: &bytes)
    }
}

/// Appends a number in decimal, with zeros before it up to `width` digits, and a sign if below zero.
func appendDigits(_ value: Int, width: Int, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let magnitude = value.magnitude
    var unit: UInt = 1
    var places = 1
    while places < width || magnitude / unit >= 10 {
        unit *= 10
        places += 1
    }
    while unit > 0 {
        bytes.append(UInt8(truncatingIfNeeded: magnitude / unit % 10) + 0x30)
        unit /= 10
    }
}
