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
        var places: [20 of UInt8] = .init(repeating: UInt8(ascii: "0"))
        var rest = value
        var count = 0
        while rest > 0 || count < width {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            places[count] = UInt8(truncatingIfNeeded: digit) &+ UInt8(ascii: "0")
            rest = quotient
            count += 1
        }
        while count > 0 {
            count -= 1
            buffer.append(places[count])
        }
    }

    /// Sixteen lower-case hexadecimal digits.
    mutating func hexadecimal(_ value: UInt64) {
        var text: [16 of UInt8] = .init(repeating: 0)
        for place in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * place)) & 15
            text[place] = digit < 10 ? digit &+ UInt8(ascii: "0") : digit &+ (UInt8(ascii: "a") - 10)
        }
        append(text.span)
    }

    /// `12:34:56.789`, of the milliseconds since midnight.
    mutating func timeOfDay(_ milliseconds: Int) {
        let (seconds, thousandths) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let colon = UInt8(ascii: ":")
        var text: [12 of UInt8] = .init(repeating: colon)
        func put(_ value: Int, at place: Int) {
            text[place] = UInt8(truncatingIfNeeded: value / 10 % 10) &+ UInt8(ascii: "0")
            text[place + 1] = UInt8(truncatingIfNeeded: value % 10) &+ UInt8(ascii: "0")
        }
        put(seconds / 3_600, at: 0)
        put(seconds / 60 % 60, at: 3)
        put(seconds % 60, at: 6)
        text[8] = UInt8(ascii: ".")
        put(thousandths / 10, at: 9)
        text[11] = UInt8(truncatingIfNeeded: thousandths % 10) &+ UInt8(ascii: "0")
        append(text.span)
    }

    private mutating func append(_ text: Span<UInt8>) {
        text.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    }
}
