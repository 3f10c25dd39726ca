// Decimal text in and out. JSON's grammar (RFC 8259, section 6) is the only one that is read:
//     -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?

extension Decimal128 {
    /// What reading a text as a number gave.
    package enum Parsed: Hashable, Sendable {
        case value(Decimal128)
        /// Not exactly one number in JSON syntax.
        case notANumber
        /// A number with more than 34 significant digits.
        case tooManyDigits
        /// A number that is not zero and outside about 1e-6143 to 1e6144.
        case outOfRange
    }

    /// The number that the bytes spell in JSON syntax, all of them; nil when they don't, or it cannot be exact.
    package init?(jsonNumber bytes: some Collection<UInt8>) {
        guard case .value(let value) = Self.parse(jsonNumber: bytes) else { return nil }
        self = value
    }

    /// The number that the text spells in JSON syntax, all of it.
    package init?(jsonNumber text: Text) {
        guard case .value(let value) = text.withBytes({ Self.parse(jsonBytes: $0) }) else { return nil }
        self = value
    }

    /// As `init(jsonNumber:)`, saying why not.
    package static func parse(jsonNumber bytes: some Collection<UInt8>) -> Parsed {
        if let parsed = bytes.withContiguousStorageIfAvailable({ parse(jsonBytes: $0) }) { return parsed }
        return Array(bytes).withUnsafeBufferPointer { parse(jsonBytes: $0) }
    }

    static func parse(jsonBytes bytes: UnsafeBufferPointer<UInt8>) -> Parsed {
        var position = 0
        let number = NumberScanner.scan(bytes, &position)
        guard let number, position == bytes.count else { return .notANumber }
        return number.parsed
    }

    /// The value nearest to the shortest text of a `Double`; nil for NaN and the infinities.
    package init?(_ double: Double) {
        guard double.isFinite else { return nil }
        self.init(jsonNumber: Text(double.description))
    }

    /// The nearest `Double`; zero or infinity when out of its range.
    package var approximate: Double {
        let coefficient = self.coefficient
        if coefficient < 1 << 53, (-22...22).contains(exponent) {
            // Both are exact, so one operation rounds once.
            let digits = Double(UInt64(truncatingIfNeeded: coefficient))
            let power = Double(UInt64(1)) * exactPower(Int(exponent.magnitude))
            let magnitude = exponent < 0 ? digits / power : digits * power
            return isNegative ? -magnitude : magnitude
        }
        return Double("\(isNegative ? "-" : "")\(coefficient)e\(exponent)") ?? 0
    }
}

/// 10^`power` for 0...22, all of them exact.
private func exactPower(_ power: Int) -> Double {
    var result = 1.0
    for _ in 0..<power { result *= 10 }
    return result
}

/// The parts of a number as they pass by; leading and trailing zeros do not count as digits.
struct NumberScanner {
    private var coefficient: UInt128 = 0
    private var smallCoefficient: UInt64 = 0
    private var significant = 0
    private var pendingZeros = 0
    private var exponent = 0
    private var negative = false
    private var tooManyDigits = false

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

// MARK: - Out

extension Decimal128: CustomStringConvertible {
    /// The shortest plain decimal text: `17`, `0.5`, `-120`; never with an exponent.
    package var description: String {
        if high == Self.zero.high, low == 0 { return "0" }
        var bytes: [UInt8] = []
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same text, which is also JSON.
    package var jsonText: String { description }

    /// Appends the plain decimal text as ASCII.
    package func appendText(to bytes: inout [UInt8]) {
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        let digits = Self.asciiDigits(coefficient)
        let exponent = Int(self.exponent)
        if exponent >= 0 {
            bytes.append(contentsOf: digits)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: exponent))
            return
        }
        let whole = digits.count + exponent
        if whole > 0 {
            bytes.append(contentsOf: digits[..<whole])
            bytes.append(UInt8(ascii: "."))
            bytes.append(contentsOf: digits[whole...])
        } else {
            bytes.append(UInt8(ascii: "0"))
            bytes.append(UInt8(ascii: "."))
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -whole))
            bytes.append(contentsOf: digits)
        }
    }

    private static func asciiDigits(_ value: UInt128) -> [UInt8] {
        var reversed: [UInt8] = []
        var high = value
        while high > UInt128(UInt64.max) {
            let (quotient, remainder) = high.quotientAndRemainder(dividingBy: PowersOfTen[19])
            high = quotient
            var part = UInt64(truncatingIfNeeded: remainder)
            for _ in 0..<19 {
                reversed.append(UInt8(part % 10) + 0x30)
                part /= 10
            }
        }
        var rest = UInt64(truncatingIfNeeded: high)
        repeat {
            reversed.append(UInt8(rest % 10) + 0x30)
            rest /= 10
        } while rest > 0
        while reversed.count > 1, reversed.last == 0x30 { reversed.removeLast() }
        return reversed.reversed()
    }
}
