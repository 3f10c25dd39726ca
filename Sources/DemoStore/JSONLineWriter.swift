/// Appends pieces of JSON to a buffer, quickly: nothing is checked or escaped.
///
/// Only for text that this target makes itself, which holds no quote, backslash or control character.
struct JSONLineWriter {
    private(set) var buffer: [UInt8] = []

    init() {
        buffer.reserveCapacity(4_096)
    }

    mutating func clear() {
        buffer.removeAll(keepingCapacity: true)
    }

    mutating func literal(_ text: StaticString) {
        text.withUTF8Buffer { buffer.append(contentsOf: $0) }
    }

    mutating func bytes(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
    }

    mutating func text(_ text: String) {
        buffer.append(contentsOf: text.utf8)
    }

    mutating func integer(_ value: Int) {
        if value < 0 {
            buffer.append(UInt8(ascii: "-"))
        }
        digits(value.magnitude, atLeast: 1)
    }

    /// An amount of money: 1290 cents are `12.90`.
    mutating func cents(_ value: Int) {
        if value < 0 {
            buffer.append(UInt8(ascii: "-"))
        }
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 100)
        digits(whole, atLeast: 1)
        buffer.append(UInt8(ascii: "."))
        digits(rest, atLeast: 2)
    }

    /// Decimal digits with leading zeros up to that many.
    mutating func digits(_ value: UInt, atLeast width: Int) {
        var place: UInt = 1
        var count = 1
        while value / place >= 10 || count < width {
            place *= 10
            count += 1
        }
        while place > 0 {
            buffer.append(UInt8(truncatingIfNeeded: value / place % 10) &+ UInt8(ascii: "0"))
            place /= 10
        }
    }

    /// Sixteen lower-case hexadecimal digits.
    mutating func hexadecimal(_ value: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
            buffer.append(digit < 10 ? digit &+ UInt8(ascii: "0") : digit &+ (UInt8(ascii: "a") - 10))
        }
    }

    /// `12:34:56.789`, of the milliseconds since midnight.
    mutating func timeOfDay(_ milliseconds: Int) {
        let seconds = milliseconds / 1_000
        digits(UInt(seconds / 3_600), atLeast: 2)
        buffer.append(UInt8(ascii: ":"))
        digits(UInt(seconds / 60 % 60), atLeast: 2)
        buffer.append(UInt8(ascii: ":"))
        digits(UInt(seconds % 60), atLeast: 2)
        buffer.append(UInt8(ascii: "."))
        digits(UInt(milliseconds % 1_000), atLeast: 3)
    }
}
