import EventModel

/// A week or two in which some or all categories are cheaper.
struct SaleEvent: Sendable {
    let name: StaticString
    /// Discount on the list price, in percent.
    let percent: Int
    /// Every nth category takes part; 1 is all.
    let everyNth: Int

    func discount(onCategory category: Int) -> Int {
        category % everyNth == 0 ? percent : 0
    }
}

/// The year of the demonstration store: its days in the store's zone, its seasons, its sales, its busy hours.
///
/// Days are counted from 0, the local day on which the year begins, to `dayCount - 1`, the one on which it ends.
struct ShopCalendar: Sendable {
    /// First and last instant of the year, in milliseconds since 1970: start...end, end not included.
    let start: Int64
    let end: Int64
    let days: [Day]
    /// `2026-03-15T` for the UTC days of the year, from `firstUTCDay` on.
    private let utcDates: [[UInt8]]
    private let firstUTCDay: Int64

    struct Day: Sendable {
        /// First instant of the local day, in milliseconds since 1970.
        let start: Int64
        let month: Int
        /// 1 is Monday.
        let weekday: Int
        /// Visits beside an average day, in 0.4...3.
        let traffic: Double
        let sale: SaleEvent?
        /// Index of the mailing that goes out on this morning.
        let mailing: Int?
    }

    static let millisecondsPerDay: Int64 = 86_400_000
    static let millisecondsPerHour: Int64 = 3_600_000
    static let yearLength: Int64 = 365 * millisecondsPerDay

    /// - Parameter wanted: the end; held within the years 2 to 9998, so that the whole year has dates.
    init(endingAt wanted: Timestamp, zone: Zone) {
        let bounds: ClosedRange<Int64> = -62_100_000_000_000...253_300_000_000_000
        let end = Timestamp(milliseconds: min(max(wanted.milliseconds, bounds.lowerBound), bounds.upperBound))
        self.end = end.milliseconds
        start = end.milliseconds - ShopCalendar.yearLength
        let first = zone.day(of: Timestamp(milliseconds: start))
        let last = zone.day(of: end)
        let count = Int(last.daysSinceEpoch - first.daysSinceEpoch) + 1
        var mailings = 0
        days = (0..<count).map { index in
            let day = first.adding(days: index)
            let sale = ShopCalendar.sale(month: day.month, day: day.day)
            let mails = ShopCalendar.hasMailing(month: day.month, day: day.day)
            mailings += mails ? 1 : 0
            return Day(
                start: zone.startOfDay(day).milliseconds,
                month: day.month,
                weekday: day.weekday,
                traffic: ShopCalendar.traffic(month: day.month, weekday: day.weekday, isSale: sale != nil),
                sale: sale,
                mailing: mails ? mailings - 1 : nil)
        }
        // A day of slack on both sides: local days begin and end on other UTC days.
        let firstUTC = CalendarDay(daysSinceEpoch: first.daysSinceEpoch - 2)
        firstUTCDay = Int64(firstUTC.daysSinceEpoch)
        utcDates = (0..<count + 4).map { Array("\(firstUTC.adding(days: $0).iso8601)T".utf8) }
    }

    var dayCount: Int { days.count }

    /// The day on which an instant lies, held inside the year.
    func day(of instant: Int64) -> Int {
        guard let first = days.first else { return 0 }
        var guess = Int((instant - first.start) / ShopCalendar.millisecondsPerDay)
        guess = min(max(guess, 0), days.count - 1)
        // Daylight-saving shifts the start of days by an hour at most.
        if guess + 1 < days.count, instant >= days[guess + 1].start { guess += 1 }
        if guess > 0, instant < days[guess].start { guess -= 1 }
        return guess
    }

    /// Appends an instant as `2026-03-15T12:00:00.000Z`.
    func append(_ instant: Int64, to writer: inout JSONLineWriter) {
        let (day, rest) = instant.quotientAndRemainder(dividingBy: ShopCalendar.millisecondsPerDay)
        let floored = rest < 0 ? day - 1 : day
        let index = min(max(Int(floored - firstUTCDay), 0), utcDates.count - 1)
        writer.bytes(utcDates[index])
        writer.timeOfDay(Int(rest < 0 ? rest + ShopCalendar.millisecondsPerDay : rest))
        writer.literal("Z")
    }

    // MARK: - Seasons

    private static func traffic(month: Int, weekday: Int, isSale: Bool) -> Double {
        let byMonth = [0.95, 0.85, 0.95, 1.0, 1.0, 0.95, 0.85, 0.85, 1.0, 1.05, 1.3, 1.5]
        let byWeekday = [1.08, 1.0, 0.98, 1.0, 0.9, 0.92, 1.15]
        return byMonth[(month - 1) % 12] * byWeekday[(weekday - 1) % 7] * (isSale ? 1.35 : 1)
    }

    private static func sale(month: Int, day: Int) -> SaleEvent? {
        switch (month, day) {
        case (1, 2...14): SaleEvent(name: "winter-sale", percent: 30, everyNth: 3)
        case (4, 1...7): SaleEvent(name: "spring-week", percent: 20, everyNth: 4)
        case (7, 1...14): SaleEvent(name: "summer-sale", percent: 30, everyNth: 3)
        case (9, 8...12): SaleEvent(name: "autumn-week", percent: 15, everyNth: 2)
        case (11, 23...30): SaleEvent(name: "black-week", percent: 25, everyNth: 1)
        default: nil
        }
    }

    /// The first of most months, and the first day of each sale.
    private static func hasMailing(month: Int, day: Int) -> Bool {
        switch (month, day) {
        case (1, 2), (2, 5), (3, 5), (4, 1), (5, 6), (6, 4), (7, 1), (8, 6), (9, 8), (10, 8), (11, 5), (11, 23),
            (12, 3), (12, 15):
            true
        default: false
        }
    }
}

/// At which time of the day and on which days of the week somebody shops.
enum ShoppingHabit: UInt8, Sendable, CaseIterable {
    case anyTime, evening, weekend, morning

    /// Weights of the hours 0...23, in running totals.
    var hours: [Double] {
        switch self {
        case .anyTime, .weekend: ShoppingHabit.usualHours
        case .evening: ShoppingHabit.eveningHours
        case .morning: ShoppingHabit.morningHours
        }
    }

    private static let usualHours = runningTotals([
        0.6, 0.3, 0.2, 0.1, 0.1, 0.3, 0.9, 1.8, 2.6, 3.4, 4.0, 4.2, 4.4, 4.2, 4.0, 3.9, 4.0, 4.4, 5.0, 5.8, 6.2, 5.4,
        3.4, 1.6,
    ])
    private static let eveningHours = runningTotals([
        0.1, 0, 0, 0, 0, 0, 0, 0.05, 0.05, 0.05, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 4, 6, 7, 6, 4, 1,
    ])
    private static let morningHours = runningTotals([
        0, 0, 0, 0, 0.2, 1, 3, 5, 6, 5, 3, 2, 0.5, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0, 0,
    ])
}
