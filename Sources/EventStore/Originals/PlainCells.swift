package import EventModel

/// A number as most cells have it: `-17`, `0.5`, `1.50`; at most 18 digits, no needless zeros before them.
package struct PlainNumber: Sendable {
    /// The number is `value` × 10^-`places`, without zeros at the end of its fraction.
    package var value: Int64
    package var places: Int
    /// Whether the cell is the number's shortest text, when the mark is a point.
    package var isShortest: Bool

    /// Nil for every other cell, -0 among them.
    ///
    /// - Parameter mark: what stands before the fraction.
    @inline(__always)
    package init?(_ cell: UnsafeBufferPointer<UInt8>, mark: UInt8) {
        var index = 0
        let isNegative = cell.count > 0 && cell[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard cell.count &- index <= 19, cell.count > index else { return nil }
        let first = index
        var value: Int64 = 0
        while index < cell.count, cell[index] &- 0x30 < 10 {
            value = value &* 10 &+ Int64(cell[index] &- 0x30)
            index &+= 1
        }
        let whole = index &- first
        guard whole > 0, whole <= 18, whole == 1 || cell[first] != 0x30 else { return nil }
        var places = 0
        isShortest = true
        if index < cell.count {
            guard cell[index] == mark else { return nil }
            index &+= 1
            while index < cell.count, cell[index] &- 0x30 < 10 {
                value = value &* 10 &+ Int64(cell[index] &- 0x30)
                index &+= 1
                places &+= 1
            }
            guard index == cell.count, places > 0, whole &+ places <= 18 else { return nil }
            while places > 0, value % 10 == 0 {
                value /= 10
                places &-= 1
                isShortest = false
            }
        }
        if isNegative {
            if value == 0 { return nil }
            value = -value
        }
        self.value = value
        self.places = places
    }

    package var decimal: Decimal128 { Decimal128(scaled: value, exponent: Int32(-places)) }
}

/// Reads times as most cells have them: `2026-03-15 12:00:00` or `2026-03-15T12:00:00.000`, UTC.
package struct PlainTimes: Sendable {
    // The day of the time before: most follow one of the same day.
    private var lastDate: (UInt64, UInt16) = (0, 0)
    private var lastDay: Int64?

    package init() {}

    /// Milliseconds since 1970; nil for every other cell.
    @inline(__always)
    package mutating func read(_ cell: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard cell.count == 19 || cell.count == 23, let start = cell.baseAddress else { return nil }
        let bytes = UnsafeRawBufferPointer(cell)
        let date = (
            bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
        )
        if date != lastDate {
            lastDate = date
            lastDay = Self.day(start)
        }
        guard let day = lastDay, start[10] == UInt8(ascii: " ") || start[10] == UInt8(ascii: "T"),
            let seconds = Self.seconds(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 11, as: UInt64.self)))
        else { return nil }
        if cell.count == 19 { return day &+ seconds &* 1_000 }
        guard start[19] == UInt8(ascii: "."), let millisecond = Self.number(start + 20, 3) else { return nil }
        return day &+ seconds &* 1_000 &+ millisecond
    }

    /// The seconds of a day that eight bytes `hh:mm:ss` say, the first of them the lowest.
    @inline(__always)
    private static func seconds(_ bytes: UInt64) -> Int64? {
        // The digits' values, and zeros where the colons stand.
        let digits = bytes ^ 0x3030_3A30_303A_3030
        // A digit is at most nine: with six more it does not reach beyond its four bits.
        let isOdd = (digits | (digits &+ 0x0606_0006_0600_0606)) & 0xF0F0_FFF0_F0FF_F0F0
        guard isOdd == 0 else { return nil }
        let pairs = (digits &* 10 &+ digits >> 8)
        let (hour, minute, second) = (pairs & 0xFF, pairs >> 24 & 0xFF, pairs >> 48 & 0xFF)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return Int64((hour &* 60 &+ minute) &* 60 &+ second)
    }

    private static func day(_ start: UnsafePointer<UInt8>) -> Int64? {
        guard start[4] == UInt8(ascii: "-"), start[7] == UInt8(ascii: "-"), let year = number(start, 4),
            let month = number(start + 5, 2), let day = number(start + 8, 2),
            let date = CalendarDay(year: Int(year), month: Int(month), day: Int(day))
        else { return nil }
        return Int64(date.daysSinceEpoch) * Timestamp.millisecondsPerDay
    }

    @inline(__always)
    private static func number(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for index in 0..<count {
            let digit = start[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }
}

/// How cells that no field wants are read.
package enum LiteralCell {
    /// A number for the shortest plain form of a number (`17`, `0.5`, not `017` or `1.50`), a boolean for `true` and
    /// `false`, else the text: nothing is lost either way.
    package static func value(_ text: Text) -> JSONValue {
        guard let first = text.utf8.first, text.utf8.count <= 34 else { return .string(text) }
        if first == UInt8(ascii: "t"), text == "true" { return .bool(true) }
        if first == UInt8(ascii: "f"), text == "false" { return .bool(false) }
        guard (0x30...0x39).contains(first) || first == UInt8(ascii: "-"),
            let number = Decimal128(jsonNumber: text), Text(number.description) == text
        else { return .string(text) }
        return .number(number)
    }
}
