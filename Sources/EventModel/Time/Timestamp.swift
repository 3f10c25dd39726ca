/// An instant in whole milliseconds.
///
/// Texts are read for the years 0001 to 9999; arithmetic may go beyond and stops at the ends of `Int64`.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    @inlinable
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static let millisecondsPerDay: Int64 = 86_400_000

    /// Before and after everything.
    package static let distantPast = Timestamp(milliseconds: .min)
    package static let distantFuture = Timestamp(milliseconds: .max)

    /// The first and the last instant that a text can name.
    package static let earliest = Timestamp(milliseconds: -62_135_596_800_000)
    package static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    @inlinable
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant so much later, or the nearest end of the range.
    @inlinable
    package func adding(milliseconds more: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(more)
        return Timestamp(milliseconds: overflow ? (more < 0 ? .min : .max) : sum)
    }

    /// How much later this instant is than another, or the nearest end of the range.
    package func milliseconds(since other: Timestamp) -> Int64 {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(other.milliseconds)
        return overflow ? (milliseconds < other.milliseconds ? .min : .max) : difference
    }

    /// `2026-03-15T12:00:00.000Z`.
    package var iso8601: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of `iso8601`.
    package func appendISO8601(to bytes: inout [UInt8]) {
        let (day, millisecond) = Self.split(milliseconds)
        day.appendISO8601(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        appendDigits(millisecond / 3_600_000, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendDigits(millisecond / 60_000 % 60, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendDigits(millisecond / 1_000 % 60, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        appendDigits(millisecond % 1_000, width: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Whole days since 1970 (towards the past) and the millisecond in the day, 0..<86,400,000.
    static func split(_ milliseconds: Int64) -> (day: CalendarDay, millisecond: Int) {
        var (days, rest) = milliseconds.quotientAndRemainder(dividingBy: millisecondsPerDay)
        if rest < 0 {
            days -= 1
            rest += millisecondsPerDay
        }
        return (CalendarDay(daysSinceEpoch: Int32(clamping: days)), Int(rest))
    }
}

extension Timestamp: CustomStringConvertible {
    package var description: String { iso8601 }
}
