import EventModel
import Testing

@Suite struct CalendarDayTests {
    @Test func `every day of ten thousand years follows the one before`() {
        var day = CalendarDay(year: 1, month: 1, day: 1)
        var count = 0
        for year in 1...9999 {
            for month in 1...12 {
                let last = CalendarDay.daysIn(month: month, year: year)
                // The first and last day of each month; the days between follow by counting.
                guard let first = day, first.civil == (year, month, 1),
                    let end = CalendarDay(year: year, month: month, day: last), end.civil == (year, month, last),
                    Int(end.daysSinceEpoch) == Int(first.daysSinceEpoch) + last - 1,
                    CalendarDay(year: year, month: month, day: last + 1) == nil
                else {
                    Issue.record("\(year)-\(month)")
                    return
                }
                day = CalendarDay(daysSinceEpoch: end.daysSinceEpoch + 1)
                count += last
            }
        }
        #expect(count == 3_652_059)
        #expect(CalendarDay(year: 1970, month: 1, day: 1)?.daysSinceEpoch == 0)
        #expect(CalendarDay(year: 1, month: 1, day: 1)?.daysSinceEpoch == -719_162)
    }

    @Test(arguments: [
        (0, 1, 1), (10_000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 2, 29), (2026, 4, 31), (2026, 1, 0),
        (1900, 2, 29),
    ])
    func `days that no calendar has are none`(year: Int, month: Int, day: Int) {
        #expect(CalendarDay(year: year, month: month, day: day) == nil)
    }

    @Test func `weeks start on Monday`() throws {
        let sunday = try #require(CalendarDay(year: 2026, month: 3, day: 15))
        #expect(sunday.weekday == 7)
        #expect(sunday.startOfWeek.iso8601 == "2026-03-09")
        #expect(sunday.startOfWeek.weekday == 1)
        #expect(CalendarDay(daysSinceEpoch: 0).weekday == 4)
        #expect(CalendarDay(daysSinceEpoch: -4).weekday == 7)
        for days in Int32(-1_000)...1_000 {
            let day = CalendarDay(daysSinceEpoch: days)
            let next = CalendarDay(daysSinceEpoch: days + 1)
            if next.weekday != day.weekday % 7 + 1 { Issue.record("\(day.iso8601)") }
            if day.startOfWeek.weekday != 1 || day.startOfWeek > day { Issue.record("\(day.iso8601)") }
        }
    }

    @Test func `months and years start on their first day`() throws {
        let day = try #require(CalendarDay(year: 2024, month: 2, day: 29))
        #expect(day.startOfMonth.iso8601 == "2024-02-01")
        #expect(day.startOfYear.iso8601 == "2024-01-01")
        #expect(day.startOfMonth(adding: -1).iso8601 == "2024-01-01")
        #expect(day.startOfMonth(adding: -2).iso8601 == "2023-12-01")
        #expect(day.startOfMonth(adding: 11).iso8601 == "2025-01-01")
        #expect(day.startOfMonth(adding: 0) == day.startOfMonth)
        for months in -30_000...90_000 {
            let start = day.startOfMonth(adding: months)
            let next = day.startOfMonth(adding: months + 1)
            let isRight =
                start.day == 1 && next.startOfMonth(adding: -1) == start && next.adding(days: -1).startOfMonth == start
            if !isRight { Issue.record("\(months)") }
        }
    }

    @Test func `29 February has its anniversary on the 28th of other years`() throws {
        let leapDay = try #require(CalendarDay(year: 2024, month: 2, day: 29))
        #expect(leapDay.anniversary(inYear: 2025)?.iso8601 == "2025-02-28")
        #expect(leapDay.anniversary(inYear: 2028)?.iso8601 == "2028-02-29")
        #expect(leapDay.anniversary(inYear: 2100)?.iso8601 == "2100-02-28")
        #expect(leapDay.anniversary(inYear: 10_000) == nil)
    }

    @Test func `counting past the ends stops there`() {
        let last = CalendarDay(daysSinceEpoch: .max)
        #expect(last.adding(days: 1) == last)
        #expect(last.adding(days: .max) == last)
        #expect(CalendarDay(daysSinceEpoch: .min).adding(days: .min).daysSinceEpoch == .min)
        #expect(CalendarDay(daysSinceEpoch: .min).startOfWeek.daysSinceEpoch == .min)
        #expect(last.startOfMonth(adding: .max) == last)
        #expect(last.startOfYear.year == last.year)
    }
}
