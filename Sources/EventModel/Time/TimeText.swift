/// A date or a time as some text gives it, before a zone makes an instant of it.
///
/// This is the one reader of ISO 8601 in the product:
/// `YYYY-MM-DD[(T| )HH:MM[:SS[.f+]][Z|±HH:MM|±HHMM|±HH]]`, `t` and `z` too, nothing before or after.
package struct TimeText: Hashable, Sendable {
    package enum LiteralForm: Hashable, Sendable {
        case date, dateTime
    }

    package let form: LiteralForm
    /// The day as written.
    package let day: CalendarDay
    /// 0...86,400,000: the time of day as written, cut to milliseconds; the upper end only for 23:59:60.
    package let millisecondOfDay: Int
    /// East of UTC, if one was written.
    package let offsetMilliseconds: Int64?

    /// The instant; without an offset as the clocks of `zone` show it. Nil outside the years 0001 to 9999 of UTC.
    package func instant(in zone: Zone) -> Timestamp? {
        let instant: Timestamp
        if let offsetMilliseconds {
            let local = Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay + Int64(millisecondOfDay)
            instant = Timestamp(milliseconds: local - offsetMilliseconds)
        } else if form == .date {
            instant = zone.startOfDay(day)
        } else {
            instant = zone.timestamp(day, millisecondOfDay: millisecondOfDay)
        }
        return instant >= .earliest && instant <= .latest ? instant : nil
    }

    /// Reads the whole of `text`; nil when it has not exactly this form or names a day or time that does not exist.
    ///
    /// - Parameter spaceBeforeOffset: whether one space may stand before the offset, as Shopify writes it.
    package init?(_ text: Text, spaceBeforeOffset: Bool = false) {
        let parsed = text.withBytes { bytes in
            // Most strings are no times; the shape of a date tells them apart without reading on.
            bytes.count >= 10 && bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
                ? Self.read(bytes, spaceBeforeOffset: spaceBeforeOffset) : nil
        }
        guard let parsed else { return nil }
        self = parsed
    }

    private init(form: LiteralForm, day: CalendarDay, millisecondOfDay: Int, offsetMilliseconds: Int64?) {
        self.form = form
        self.day = day
        self.millisecondOfDay = millisecondOfDay
        self.offsetMilliseconds = offsetMilliseconds
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>, spaceBeforeOffset: Bool) -> TimeText? {
        var reader = DigitReader(bytes: bytes)
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let dayOfMonth = reader.number(digits: 2),
            let day = CalendarDay(year: year, month: month, day: dayOfMonth)
        else { return nil }
        if reader.isAtEnd {
            return TimeText(form: .date, day: day, millisecondOfDay: 0, offsetMilliseconds: nil)
        }
        guard reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let clock = readClock(&reader),
            let offset = readOffset(&reader, spaceBefore: spaceBeforeOffset), reader.isAtEnd
        else { return nil }
        if clock.leapSecond {
            // Leap seconds come at 23:59:60 UTC; written there or on a clock that shows 23:59 they are the next minute.
            let inUTC = (clock.millisecond - Int(offset.milliseconds ?? 0)) % 86_400_000
            guard clock.millisecond == 86_400_000 || inUTC == 0 else { return nil }
        }
        return TimeText(
            form: .dateTime, day: day, millisecondOfDay: clock.millisecond, offsetMilliseconds: offset.milliseconds)
    }

    private static func readClock(_ reader: inout DigitReader) -> (millisecond: Int, leapSecond: Bool)? {
        guard let hour = reader.number(digits: 2), hour <= 23, reader.skip(":"),
            let minute = reader.number(digits: 2), minute <= 59
        else { return nil }
        let minutes = (hour * 60 + minute) * 60_000
        guard reader.skip(":") else { return (minutes, false) }
        guard let second = reader.number(digits: 2), second <= 60 else { return nil }
        var fraction = 0
        if reader.skip(".") {
            guard let cut = reader.milliseconds() else { return nil }
            fraction = cut
        }
        return second == 60 ? (minutes + 60_000, true) : (minutes + second * 1_000 + fraction, false)
    }

    /// Nil when what stands there is no offset; `milliseconds` nil when nothing stands there.
    private static func readOffset(
        _ reader: inout DigitReader, spaceBefore: Bool
    ) -> (milliseconds: Int64?, Void)? {
        if reader.isAtEnd { return (nil, ()) }
        if spaceBefore { _ = reader.skip(" ") }
        if reader.skip("Z") || reader.skip("z") { return (0, ()) }
        let west = reader.skip("-")
        guard west || reader.skip("+"), let hours = reader.number(digits: 2), hours <= 23 else { return nil }
        var minutes = 0
        if !reader.isAtEnd {
            _ = reader.skip(":")
            guard let written = reader.number(digits: 2), written <= 59 else { return nil }
            minutes = written
        }
        let magnitude = Int64(hours * 60 + minutes) * 60_000
        return (west ? -magnitude : magnitude, ())
    }
}

private struct DigitReader {
    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// Exactly so many digits, up to 4.
    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for index in position..<(position + digits) {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        position += digits
        return value
    }

    /// One digit or more after a point, cut to three.
    mutating func milliseconds() -> Int? {
        var value = 0
        var count = 0
        while position < bytes.count {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { break }
            if count < 3 { value = value * 10 + Int(digit) }
            count += 1
            position += 1
        }
        switch count {
        case 0: return nil
        case 1: return value * 100
        case 2: return value * 10
        default: return value
        }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }
}

// MARK: - Timestamps of texts

extension Timestamp {
    package typealias LiteralForm = TimeText.LiteralForm

    /// The instant that an ISO 8601 text names; a date is its first instant in `zone`, a time without an offset is one
    /// of `zone`'s clocks (forward out of a gap, the first of two). Nil for other texts and years outside 0001 to 9999.
    package init?(iso8601 text: Text, zone: Zone) {
        guard let instant = TimeText(text)?.instant(in: zone) else { return nil }
        self = instant
    }

    package init?(iso8601 text: String, zone: Zone) {
        self.init(iso8601: Text(text), zone: zone)
    }

    /// As `init(iso8601:zone:)`, saying which form the text had.
    package static func parse(_ text: Text, zone: Zone) -> (instant: Timestamp, form: LiteralForm)? {
        guard let parsed = TimeText(text), let instant = parsed.instant(in: zone) else { return nil }
        return (instant, parsed.form)
    }
}
