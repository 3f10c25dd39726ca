package import EventModel

/// A length of time as written, so that it prints as written.
package struct DurationLiteral: Hashable, Sendable {
    package enum Unit: String, Hashable, Sendable, CaseIterable {
        case seconds, minutes, hours, days, weeks, months, years

        /// Months are 30 days, years 365 days.
        package var milliseconds: Int64 {
            switch self {
            case .seconds: 1_000
            case .minutes: 60_000
            case .hours: 3_600_000
            case .days: 86_400_000
            case .weeks: 7 * 86_400_000
            case .months: 30 * 86_400_000
            case .years: 365 * 86_400_000
            }
        }
    }

    /// 100,000 years, so that sums of instants and lengths never overflow.
    package static let longestMilliseconds: Int64 = 100_000 * 365 * 86_400_000

    /// Not negative; a fraction is allowed as far as the whole is a whole number of milliseconds.
    package var amount: Decimal128
    package var unit: Unit
    /// The whole length, computed once by whoever makes the literal.
    package let milliseconds: Int64

    /// Nil when the length is negative, no whole number of milliseconds, or over 100,000 years.
    package init?(_ amount: Decimal128, _ unit: Unit) {
        guard !amount.isNegative,
            let product = amount.multiplied(by: Decimal128(Int(unit.milliseconds))),
            let whole = product.asInt(), whole <= Self.longestMilliseconds
        else { return nil }
        self.amount = amount
        self.unit = unit
        self.milliseconds = Int64(whole)
    }
}

/// A date or a time as written.
///
/// A date, and a time without an offset, mean an instant only in a zone: `instant(in:)`.
package struct TimeLiteral: Hashable, Sendable {
    /// ISO 8601 as in the source: `2026-11-27`, `2026-11-27T10:00:00Z`.
    package var text: Text
    package var isDate: Bool

    package init(text: Text, isDate: Bool) {
        self.text = text
        self.isDate = isDate
    }

    /// The instant in the workspace zone; the parser has made sure that the text is a time.
    package func instant(in zone: Zone) -> Timestamp {
        Timestamp(iso8601: text, zone: zone) ?? Timestamp(milliseconds: 0)
    }
}
