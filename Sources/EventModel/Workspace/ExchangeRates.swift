/// What one unit of a currency is worth in the base currency, for always or day by day.
package struct ExchangeRates: Hashable, Sendable {
    private var constant: [Text: Decimal128] = [:]
    /// Ascending by day.
    private var daily: [Text: [DailyRate]] = [:]

    private struct DailyRate: Hashable, Sendable {
        let day: CalendarDay
        let rate: Decimal128
    }

    package init() {}

    /// Sets what one unit of `currency` is worth when no daily rate is known.
    package mutating func set(_ currency: Text, to rate: Decimal128) {
        constant[Self.key(currency)] = rate
    }

    /// Sets the rate from `day` on, until the next day that has one.
    package mutating func set(_ currency: Text, on day: CalendarDay, to rate: Decimal128) {
        var rates = daily[Self.key(currency), default: []]
        rates.removeAll { $0.day == day }
        let place = rates.firstIndex { $0.day > day } ?? rates.count
        rates.insert(DailyRate(day: day, rate: rate), at: place)
        daily[Self.key(currency)] = rates
    }

    /// The rate of the day, else the last one before it, else the constant one, else nil.
    package func rate(of currency: Text, on day: CalendarDay) -> Decimal128? {
        let key = Self.key(currency)
        return daily[key]?.last { $0.day <= day }?.rate ?? constant[key]
    }

    /// Whether two codes name the same currency: white space around and ASCII case do not matter.
    package static func isSame(_ left: Text, _ right: Text) -> Bool { key(left) == key(right) }

    private static func key(_ currency: Text) -> Text {
        let bytes = currency.utf8.filter { $0 != 0x20 }.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 }
        return Text(utf8: bytes) ?? currency
    }
}
