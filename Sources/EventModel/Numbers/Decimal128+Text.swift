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
        if let short = NumberScanner.scanShort(bytes, &position) {
            return position == bytes.count ? .value(short) : .notANumber
        }
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

// MARK: - Out

extension Decimal128: CustomStringConvertible {
    /// The shortest plain decimal text: `17`, `0.5`, `-120`; never with an exponent.
    package var description: String {
        let exponent = Int(self.exponent)
        // The sign, the digits, the zeros on either side and the point.
        let capacity = 2 + Self.digits + (exponent >= 0 ? exponent : 1 - exponent)
        return String(unsafeUninitializedCapacity: capacity) { write(to: $0) }
    }

    /// The same text, which is also JSON.
    package var jsonText: String { description }

    /// Appends the plain decimal text as ASCII.
    package func appendText(to bytes: inout [UInt8]) {
        let exponent = Int(self.exponent)
        // The sign, the digits, the zeros on either side and the point.
        let capacity = 2 + Self.digits + (exponent >= 0 ? exponent : 1 - exponent)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer in
            let count = write(to: buffer)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[0..<count]))
        }
    }

    /// Writes the text to the start of a buffer that is long enough, and says how long it is.
    private func write(to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { digits in
            let count = Self.writeDigits(of: coefficient, to: digits)
            let exponent = Int(self.exponent)
            var length = 0
            func put(_ byte: UInt8) {
                buffer[length] = byte
                length += 1
            }
            if isNegative { put(UInt8(ascii: "-")) }
            let whole = count + exponent
            if whole <= 0 {
                put(UInt8(ascii: "0"))
                put(UInt8(ascii: "."))
                for _ in whole..<0 { put(UInt8(ascii: "0")) }
            }
            for index in 0..<count {
                if index == whole, index > 0 { put(UInt8(ascii: ".")) }
                put(digits[index])
            }
            if exponent > 0 { for _ in 0..<exponent { put(UInt8(ascii: "0")) } }
            return length
        }
    }

    /// Writes a whole number in decimal and says how many digits it has, 39 at most.
    private static func writeDigits(of value: UInt128, to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let count = digitCount(value)
        var place = count
        var high = value
        while high > UInt128(UInt64.max) {
            let (quotient, remainder) = high.quotientAndRemainder(dividingBy: PowersOfTen[19])
            high = quotient
            var part = UInt64(truncatingIfNeeded: remainder)
            for _ in 0..<19 {
                place -= 1
                buffer[place] = UInt8(truncatingIfNeeded: part % 10) + 0x30
                part /= 10
            }
        }
        var rest = UInt64(truncatingIfNeeded: high)
        while place > 0 {
            place -= 1
            buffer[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
            rest /= 10
        }
        return count
    }
}
