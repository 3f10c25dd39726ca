// JSON's grammar of numbers (RFC 8259, section 6) is the only one that is read:
//     -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?

/// The parts of a number as they pass by; leading and trailing zeros do not count as digits.
struct NumberScanner {
    private var coefficient: UInt128 = 0
    private var smallCoefficient: UInt64 = 0
    private var significant = 0
    private var pendingZeros = 0
    private var exponent = 0
    private var negative = false
    private var tooManyDigits = false

    /// Reads a number of at most 18 digits without an exponent and moves past it; nil, and nothing moved, for others
    /// and for what is no number.
    static func scanShort(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Decimal128? {
        var index = position
        let end = bytes.count
        let negative = index < end && bytes[index] == UInt8(ascii: "-")
        if negative { index += 1 }
        let first = index
        var digits: UInt64 = 0
        while index < end, isDigit(bytes[index]), index - first < 19 {
            digits = digits &* 10 &+ UInt64(bytes[index] & 0x0F)
            index += 1
        }
        let whole = index - first
        guard whole > 0, whole == 1 || bytes[first] != UInt8(ascii: "0") else { return nil }
        var places = 0
        if index < end, bytes[index] == UInt8(ascii: ".") {
            index += 1
            while index < end, isDigit(bytes[index]), whole + places < 19 {
                digits = digits &* 10 &+ UInt64(bytes[index] & 0x0F)
                index += 1
                places += 1
            }
            guard places > 0 else { return nil }
        }
        guard whole + places < 19, index == end || bytes[index] | 0x20 != UInt8(ascii: "e") else { return nil }
        position = index
        return Decimal128.normalized(UInt128(digits), exponent: Int32(-places), negative: negative)
    }

    /// Reads the longest number at `position` and moves it past; nil when there is none.
    static func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> NumberScanner? {
        var scanner = NumberScanner()
        var index = position
        let end = bytes.count
        if index < end, bytes[index] == UInt8(ascii: "-") {
            scanner.negative = true
            index += 1
        }
        guard index < end, isDigit(bytes[index]) else { return nil }
        if bytes[index] == UInt8(ascii: "0") {
            index += 1
            if index < end, isDigit(bytes[index]) { return nil }
        } else {
            while index < end, isDigit(bytes[index]) {
                scanner.take(bytes[index])
                index += 1
            }
        }
        if index < end, bytes[index] == UInt8(ascii: ".") {
            index += 1
            guard index < end, isDigit(bytes[index]) else { return nil }
            while index < end, isDigit(bytes[index]) {
                scanner.take(bytes[index])
                scanner.exponent -= 1
                index += 1
            }
        }
        if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            guard scanner.takeExponent(bytes, &index) else { return nil }
        }
        position = index
        return scanner
    }

    /// Takes one more digit before the exponent is known.
    private mutating func take(_ digit: UInt8) {
        let value = UInt64(digit & 0x0F)
        if value == 0 {
            pendingZeros += 1
            return
        }
        if significant > 0 {
            let gap = pendingZeros + 1
            guard significant + gap <= Decimal128.digits else {
                tooManyDigits = true
                return
            }
            append(value, places: gap)
        } else {
            append(value, places: 1)
        }
        pendingZeros = 0
    }

    private mutating func append(_ digit: UInt64, places: Int) {
        significant += places
        if significant <= 19 {
            smallCoefficient = smallCoefficient &* PowersOfTen.small[places] &+ digit
        } else {
            if coefficient == 0 { coefficient = UInt128(smallCoefficient) }
            coefficient = coefficient &* PowersOfTen[places] &+ UInt128(digit)
        }
    }

    /// Reads what follows the `e`; false when that is no exponent.
    private mutating func takeExponent(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Bool {
        let end = bytes.count
        var below = false
        if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            below = bytes[index] == UInt8(ascii: "-")
            index += 1
        }
        guard index < end, isDigit(bytes[index]) else { return false }
        var written = 0
        while index < end, isDigit(bytes[index]) {
            // Far above any length of input, so that saturation never hides a zero or a value in range.
            if written < 1 << 52 { written = written * 10 + Int(bytes[index] & 0x0F) }
            index += 1
        }
        exponent += below ? -written : written
        return true
    }

    /// The number itself, or why it is none of ours.
    var parsed: Decimal128.Parsed {
        if tooManyDigits { return .tooManyDigits }
        let digits = significant <= 19 ? UInt128(smallCoefficient) : coefficient
        if digits == 0 { return .value(.zero) }
        // Its last digit is not zero, so it is in normal form.
        let exponent = exponent.addingSaturating(pendingZeros)
        guard let value = Decimal128(checking: digits, exponent: exponent, negative: negative) else {
            return .outOfRange
        }
        return .value(value)
    }
}

@inline(__always)
private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
