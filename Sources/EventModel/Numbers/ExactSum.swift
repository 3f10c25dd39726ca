internal import BigInt

/// A sum of decimals that is exact until it is read, so that the order of the terms never changes it.
///
/// Terms are kept as one whole number at the smallest exponent seen; only when 128 bits are too few (terms of
/// very different size) does it go on with big integers. Adding is O(1) in the usual case.
package struct ExactSum: Sendable {
    /// How many terms were added less those removed.
    package private(set) var count = 0
    private var narrow: Int128 = 0
    private var exponent = 0
    /// What no longer fitted `narrow`; the sum is that of both.
    private var wide = WideSum()

    package init() {}

    /// Adds one term.
    package mutating func add(_ value: Decimal128) {
        count += 1
        addTerm(value, negated: false)
    }

    /// Takes one term away again; it should have been added before.
    package mutating func remove(_ value: Decimal128) {
        count -= 1
        addTerm(value, negated: true)
    }

    /// Adds the term `scaled` × 10^`exponent`; the exponent must lie in `Decimal128.scaledExponents`.
    package mutating func addScaled(_ scaled: Int64, exponent: Int32) {
        count += 1
        add(Int128(scaled), exponent: Int(exponent))
    }

    /// Adds all terms of another sum.
    package mutating func add(_ other: ExactSum) {
        count += other.count
        add(other.narrow, exponent: other.exponent)
        wide.add(other.wide)
    }

    /// The sum, half-even at 34 digits; 0 without terms, nil when out of range.
    package func value() -> Decimal128? {
        if wide.isEmpty { return Decimal128.rounded(narrow.magnitude, exponent: exponent, negative: narrow < 0) }
        return wholeWide.value()
    }

    /// The exact sum by the count, rounded once, half-even at 34 digits; nil without terms and when out of range.
    package func average() -> Decimal128? {
        guard count > 0 else { return nil }
        return wide.isEmpty ? narrowAverage(by: UInt128(count.magnitude)) : wholeWide.divided(by: count)
    }

    private var wholeWide: WideSum {
        var whole = wide
        whole.add(narrow, exponent: exponent)
        return whole
    }

    private mutating func addTerm(_ value: Decimal128, negated: Bool) {
        if value.isZero { return }
        // Below 10^34, so it fits.
        let magnitude = Int128(truncatingIfNeeded: value.coefficient)
        add(value.isNegative != negated ? -magnitude : magnitude, exponent: Int(value.exponent))
    }

    private mutating func add(_ term: Int128, exponent termExponent: Int) {
        if term == 0 { return }
        if termExponent == exponent {
            let (sum, overflow) = narrow.addingReportingOverflow(term)
            if !overflow {
                narrow = sum
                return
            }
        } else if narrow == 0 {
            narrow = term
            exponent = termExponent
            return
        } else if addAligned(term, exponent: termExponent) {
            return
        }
        wide.add(narrow, exponent: exponent)
        narrow = term
        exponent = termExponent
    }

    /// Adds at the smaller of both exponents; false when that does not fit.
    private mutating func addAligned(_ term: Int128, exponent termExponent: Int) -> Bool {
        let difference = termExponent - exponent
        guard difference.magnitude <= 38 else { return false }
        let power = Int128(truncatingIfNeeded: PowersOfTen[Int(difference.magnitude)])
        let (scaled, tooLarge) = (difference > 0 ? term : narrow).multipliedReportingOverflow(by: power)
        if tooLarge { return false }
        let (sum, overflow) = scaled.addingReportingOverflow(difference > 0 ? narrow : term)
        if overflow { return false }
        narrow = sum
        exponent = min(exponent, termExponent)
        return true
    }

    private func narrowAverage(by divisor: UInt128) -> Decimal128? {
        let magnitude = narrow.magnitude
        if magnitude == 0 { return .zero }
        // Enough zeros that the quotient has 36 digits or more, in two steps as each power has to fit.
        let wanted = max(0, 36 + digitCount(divisor) - digitCount(magnitude))
        let first = max(0, min(wanted, 38 - digitCount(magnitude)))
        let dividend = (magnitude * PowersOfTen[first]).multipliedFullWidth(by: PowersOfTen[wanted - first])
        let (quotient, remainder) = divisor.dividingFullWidth(dividend)
        return Decimal128.rounded(
            quotient, exponent: exponent - wanted, negative: narrow < 0, sticky: remainder != 0)
    }
}

/// The same in big integers: one for each stretch of exponents, so that adding stays cheap however far apart the
/// terms are, and joined only when the sum is read.
private struct WideSum: Sendable {
    /// Bucket b sums in units of 10^(b × `stretch`).
    private var buckets: [Int: BigInt] = [:]

    private static let stretch = 32

    var isEmpty: Bool { buckets.isEmpty }

    mutating func add(_ term: Int128, exponent: Int) {
        let bucket = (exponent - (Self.stretch - 1) * (exponent < 0 ? 1 : 0)) / Self.stretch
        let power = PowersOfTen[exponent - bucket * Self.stretch]
        buckets[bucket, default: 0] += BigInt(term) * BigInt(power)
    }

    mutating func add(_ other: WideSum) {
        for (bucket, term) in other.buckets { buckets[bucket, default: 0] += term }
    }

    func value() -> Decimal128? {
        let (whole, exponent) = joined
        return Self.rounded(whole.magnitude, exponent: exponent, negative: whole.sign == .minus, sticky: false)
    }

    func divided(by count: Int) -> Decimal128? {
        let (whole, exponent) = joined
        // 60 more digits than the divisor's 19 at most: the quotient has 41 or more.
        let dividend = whole.magnitude * BigUInt(10).power(60)
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: BigUInt(count.magnitude))
        return Self.rounded(
            quotient, exponent: exponent - 60, negative: whole.sign == .minus, sticky: !remainder.isZero)
    }

    /// All buckets as one number, exact as far as rounding to 34 digits can tell.
    private var joined: (whole: BigInt, exponent: Int) {
        Self.join(buckets.filter { !$0.value.isZero }.sorted { $0.key > $1.key }[...])
    }

    private static func join(_ used: ArraySlice<(key: Int, value: BigInt)>) -> (whole: BigInt, exponent: Int) {
        guard var last = used.first?.key else { return (0, 0) }
        var whole = BigInt(0)
        for (index, (bucket, term)) in zip(used.indices, used) {
            if last - bucket >= 8, !whole.isZero {
                // All that follows is below 10^100 units of buckets that lie 256 digits lower: only its sign can matter.
                let below = join(used[index...]).whole.signum()
                return below == 0
                    ? (whole, last * stretch) : (whole * BigInt(10).power(64) + below, last * stretch - 64)
            }
            whole = whole * BigInt(10).power((last - bucket) * stretch) + term
            last = bucket
        }
        return (whole, last * stretch)
    }

    /// Cuts to 36 to 38 digits, remembers whether anything was cut, and rounds that.
    private static func rounded(
        _ magnitude: BigUInt, exponent: Int, negative: Bool, sticky: Bool
    ) -> Decimal128? {
        if magnitude.isZero { return .zero }
        // 1233 / 4096 is a little below log10(2): there are as many digits as that says, or one or two more.
        let digits = magnitude.bitWidth * 1233 / 4096
        let drop = max(0, digits - 36)
        let (kept, cut) = magnitude.quotientAndRemainder(dividingBy: BigUInt(10).power(drop))
        return Decimal128.rounded(
            UInt128(truncatingIfNeeded: kept), exponent: exponent + drop, negative: negative,
            sticky: sticky || !cut.isZero)
    }
}

extension Decimal128 {
    package typealias ExactSum = EventModel.ExactSum
}
