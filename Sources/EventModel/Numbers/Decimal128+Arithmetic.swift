// Each operation computes at least 36 digits and whether anything is left over, then rounds once (IEEE 754-2019,
// 5.4.1 with roundTiesToEven). 38 digits fit 128 bits, so nothing here needs wider numbers.

extension Decimal128 {
    /// The sum, half-even at 34 digits; nil when out of range.
    package func adding(_ other: Decimal128) -> Decimal128? {
        if isZero { return other }
        if other.isZero { return self }
        let (upper, lower) = exponent >= other.exponent ? (self, other) : (other, self)
        let difference = Int(upper.exponent) - Int(lower.exponent)
        let upperCoefficient = upper.coefficient
        let room = 38 - digitCount(upperCoefficient)
        if difference <= room {
            return Self.sum(
                upperCoefficient * PowersOfTen[difference], upper.isNegative, lower.coefficient, lower.isNegative,
                exponent: Int(lower.exponent), sticky: false)
        }
        // `upper` is at least 10^4 times `lower`: what lies below its 37th digit is only ever a tie-breaker.
        let shift = room - 1
        let cut = difference - shift
        let unit = cut <= 38 ? PowersOfTen[cut] : UInt128.max
        let (quotient, remainder) = lower.coefficient.quotientAndRemainder(dividingBy: unit)
        return Self.sum(
            upperCoefficient * PowersOfTen[shift], upper.isNegative, quotient, lower.isNegative,
            exponent: Int(upper.exponent) - shift, sticky: remainder != 0)
    }

    /// Both magnitudes are below 10^38. With `sticky` the second is a little more than given, and far below the first.
    private static func sum(
        _ left: UInt128, _ leftNegative: Bool, _ right: UInt128, _ rightNegative: Bool, exponent: Int, sticky: Bool
    ) -> Decimal128? {
        if leftNegative == rightNegative {
            return rounded(left + right, exponent: exponent, negative: leftNegative, sticky: sticky)
        }
        if left >= right {
            let difference = left - right - (sticky ? 1 : 0)
            return rounded(difference, exponent: exponent, negative: leftNegative, sticky: sticky)
        }
        return rounded(right - left, exponent: exponent, negative: rightNegative)
    }

    /// The difference, half-even at 34 digits; nil when out of range.
    package func subtracting(_ other: Decimal128) -> Decimal128? {
        adding(other.negated)
    }

    /// The product, half-even at 34 digits; nil when out of range.
    package func multiplied(by other: Decimal128) -> Decimal128? {
        let left = coefficient
        let right = other.coefficient
        if left == 0 || right == 0 { return .zero }
        let negative = isNegative != other.isNegative
        let exponent = Int(self.exponent) + Int(other.exponent)
        let product = left.multipliedFullWidth(by: right)
        if product.high == 0 {
            return Self.rounded(product.low, exponent: exponent, negative: negative)
        }
        // More than 38 digits, at most 68: keep 36 or 37 of them.
        let drop = digitCount(left) + digitCount(right) - 37
        let (quotient, remainder) = PowersOfTen[drop].dividingFullWidth(product)
        return Self.rounded(quotient, exponent: exponent + drop, negative: negative, sticky: remainder != 0)
    }

    /// The quotient, half-even at 34 digits; nil for a division by zero and when out of range.
    package func divided(by other: Decimal128) -> Decimal128? {
        if other.isZero { return nil }
        if isZero { return .zero }
        let left = coefficient
        let right = other.coefficient
        let negative = isNegative != other.isNegative
        // Both brought to 34 digits the quotient lies between 0.1 and 10; times 10^36 it has 36 or 37 digits.
        let leftShift = Self.digits - digitCount(left)
        let rightShift = Self.digits - digitCount(right)
        let dividend = (left * PowersOfTen[leftShift]).multipliedFullWidth(by: PowersOfTen[36])
        let (quotient, remainder) = (right * PowersOfTen[rightShift]).dividingFullWidth(dividend)
        let exponent = Int(self.exponent) - leftShift - Int(other.exponent) + rightShift - 36
        return Self.rounded(quotient, exponent: exponent, negative: negative, sticky: remainder != 0)
    }
}

// MARK: - Whole numbers

extension Decimal128 {
    /// The value as an `Int`, or nil when it has a fraction or does not fit.
    package func asInt() -> Int? {
        guard exponent >= 0 else { return nil }
        return scaled(exponent: 0).map { Int($0) }
    }

    /// The largest whole number not above the value, or nil when it does not fit an `Int`.
    package func floorToInt() -> Int? {
        if exponent >= 0 { return asInt() }
        let cut = -Int(exponent)
        let whole = cut <= 38 ? coefficient / PowersOfTen[cut] : 0
        // Normal form: with a negative exponent there always is a fraction.
        if isNegative {
            return whole <= UInt128(Int.max) ? -1 - Int(truncatingIfNeeded: whole) : nil
        }
        return Int(exactly: whole)
    }

    /// The whole number r with value = r × 10^`exponent`, or nil when there is none or it does not fit.
    package func scaled(exponent wanted: Int32) -> Int64? {
        let coefficient = self.coefficient
        if coefficient == 0 { return 0 }
        let shift = Int(exponent) - Int(wanted)
        guard shift >= 0, shift < 20, coefficient <= UInt128(UInt64.max) else { return nil }
        let (magnitude, overflow) = UInt64(truncatingIfNeeded: coefficient)
            .multipliedReportingOverflow(by: PowersOfTen.small[shift])
        if overflow { return nil }
        if isNegative {
            return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
        }
        return Int64(exactly: magnitude)
    }

    /// The exponents that `init(scaled:exponent:)` takes; readers of files check theirs against it.
    package static let scaledExponents: ClosedRange<Int32> = -6143...6125

    /// `scaled` × 10^`exponent`, exactly; the exponent must lie in `scaledExponents`.
    package init(scaled: Int64, exponent: Int32) {
        precondition(Self.scaledExponents.contains(exponent), "exponent \(exponent) of a scaled decimal")
        self = Decimal128.normalized(UInt128(scaled.magnitude), exponent: exponent, negative: scaled < 0)
    }
}
