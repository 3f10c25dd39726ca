/// An exact decimal number of up to 34 significant digits, as in IEEE 754 decimal128.
///
/// The value is coefficient × 10^exponent, held in normal form: the coefficient has no trailing zeros, zero has
/// one form only, so equal values have equal bits. The adjusted exponent (that of the first digit) lies in
/// -6143...6144; arithmetic that would leave it, or divide by zero, answers nil. There is no NaN and no infinity.
/// Use it for every number of a customer; `Double` only where an approximation is wanted and said.
///
/// Bits, as the binary encoding of decimal128: sign (1), exponent + 6176 (14), coefficient (113).
package struct Decimal128: Sendable {
    @usableFromInline let high: UInt64
    @usableFromInline let low: UInt64

    package static let digits = 34
    package static let adjustedExponents = -6143...6144

    @usableFromInline static let exponentBias: Int32 = 6176
    @usableFromInline static let coefficientHighMask: UInt64 = (1 << 49) - 1

    /// The parts must be in normal form and in range.
    @inlinable
    init(normalCoefficient coefficient: UInt128, exponent: Int32, negative: Bool) {
        let biased = UInt64(UInt32(bitPattern: exponent &+ Self.exponentBias))
        self.high =
            (negative ? 1 << 63 : 0) | (biased << 49)
            | (UInt64(truncatingIfNeeded: coefficient >> 64) & Self.coefficientHighMask)
        self.low = UInt64(truncatingIfNeeded: coefficient)
    }

    package static let zero = Decimal128(normalCoefficient: 0, exponent: 0, negative: false)
    package static let one = Decimal128(normalCoefficient: 1, exponent: 0, negative: false)

    /// The digits as a whole number below 10^34, without trailing zeros.
    @inlinable
    package var coefficient: UInt128 {
        UInt128(high & Self.coefficientHighMask) << 64 | UInt128(low)
    }

    /// The power of ten the coefficient is multiplied with; 0 for zero.
    @inlinable
    package var exponent: Int32 {
        Int32(truncatingIfNeeded: (high >> 49) & 0x3FFF) &- Self.exponentBias
    }

    /// Below zero; zero is not negative.
    @inlinable
    package var isNegative: Bool { high >> 63 != 0 }

    @inlinable
    package var isZero: Bool { high & Self.coefficientHighMask == 0 && low == 0 }

    /// Whether there is nothing after the decimal point.
    package var isInteger: Bool { exponent >= 0 }

    package var negated: Decimal128 {
        isZero ? self : Decimal128(normalCoefficient: coefficient, exponent: exponent, negative: !isNegative)
    }

    package var magnitude: Decimal128 { isNegative ? negated : self }
}

// MARK: - Making one

extension Decimal128 {
    @inlinable
    package init(_ value: Int) {
        self = Decimal128.normalized(UInt128(value.magnitude), exponent: 0, negative: value < 0)
    }

    /// `coefficient` × 10^`exponent` when that is exact: nil with more than 34 significant digits, or out of range.
    package init?(coefficient: UInt128, exponent: Int, negative: Bool = false) {
        if coefficient == 0 {
            self = .zero
            return
        }
        let (stripped, zeros) = strippingTrailingZeros(coefficient)
        guard stripped < PowersOfTen.p34,
            let value = Decimal128(checking: stripped, exponent: exponent.addingSaturating(zeros), negative: negative)
        else { return nil }
        self = value
    }

    /// Makes a value of a coefficient below 10^34 without trailing zeros; nil when out of range.
    init?(checking coefficient: UInt128, exponent: Int, negative: Bool) {
        let adjusted = exponent.addingSaturating(digitCount(coefficient) - 1)
        guard Self.adjustedExponents.contains(adjusted) else { return nil }
        self.init(normalCoefficient: coefficient, exponent: Int32(truncatingIfNeeded: exponent), negative: negative)
    }

    /// For coefficients below 10^34 with exponents so small that nothing can be out of range.
    @usableFromInline
    static func normalized(_ coefficient: UInt128, exponent: Int32, negative: Bool) -> Decimal128 {
        if coefficient == 0 { return .zero }
        let (stripped, zeros) = strippingTrailingZeros(coefficient)
        return Decimal128(normalCoefficient: stripped, exponent: exponent &+ Int32(zeros), negative: negative)
    }

    /// The nearest value to `coefficient` × 10^`exponent`, half-even at 34 digits; nil when out of range.
    ///
    /// - Parameter sticky: whether the true magnitude is a little more than the coefficient says (below one unit
    ///   of its last place); then the coefficient must have at least 36 digits.
    static func rounded(_ coefficient: UInt128, exponent: Int, negative: Bool, sticky: Bool = false) -> Decimal128? {
        if coefficient == 0 { return .zero }
        var kept = coefficient
        var exponent = exponent
        if coefficient >= PowersOfTen.p34 {
            let drop = digitCount(coefficient) - digits
            let unit = PowersOfTen[drop]
            let (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: unit)
            let half = unit / 2
            let goesUp = remainder > half || (remainder == half && (sticky || quotient & 1 == 1))
            kept = goesUp ? quotient + 1 : quotient
            exponent = exponent.addingSaturating(drop)
        }
        let (stripped, zeros) = strippingTrailingZeros(kept)
        return Decimal128(checking: stripped, exponent: exponent.addingSaturating(zeros), negative: negative)
    }
}

extension Decimal128: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) {
        self.init(value)
    }
}

// MARK: - Order

extension Decimal128: Hashable, Comparable {
    @inlinable
    package static func == (left: Decimal128, right: Decimal128) -> Bool {
        left.low == right.low && left.high == right.high
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
    }

    @inlinable
    package static func < (left: Decimal128, right: Decimal128) -> Bool {
        if left == right { return false }
        if left.isNegative != right.isNegative { return left.isNegative }
        let smaller =
            left.exponent == right.exponent
            ? left.coefficient < right.coefficient : left.hasSmallerMagnitude(than: right)
        return smaller != left.isNegative
    }

    /// For different values; compares without their signs.
    @usableFromInline
    func hasSmallerMagnitude(than other: Decimal128) -> Bool {
        if isZero { return true }
        if other.isZero { return false }
        let mine = coefficient
        let others = other.coefficient
        let myFirst = Int(exponent) + digitCount(mine)
        let otherFirst = Int(other.exponent) + digitCount(others)
        if myFirst != otherFirst { return myFirst < otherFirst }
        // Same place of the first digit: bringing one to the exponent of the other adds at most 33 digits.
        let difference = Int(exponent) - Int(other.exponent)
        return difference >= 0 ? mine * PowersOfTen[difference] < others : mine < others * PowersOfTen[-difference]
    }
}
