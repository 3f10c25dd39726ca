/// The powers of ten that fit 128 bits: 10^0 to 10^38.
enum PowersOfTen {
    private static let all: [UInt128] = {
        var powers: [UInt128] = [1]
        for _ in 1...38 { powers.append((powers.last ?? 1) * 10) }
        return powers
    }()

    static let p34: UInt128 = 10_000_000_000_000_000_000_000_000_000_000_000

    /// 10^`power`; the power must be in 0...38.
    static subscript(power: Int) -> UInt128 {
        if power < 20 { return UInt128(small[power]) }
        return all[power]
    }

    /// 10^0 to 10^19, the ones that fit 64 bits.
    static let small: [UInt64] = {
        var powers: [UInt64] = [1]
        for _ in 1...19 { powers.append((powers.last ?? 1) * 10) }
        return powers
    }()
}

/// How many decimal digits a number has; 0 has one.
func digitCount(_ value: UInt128) -> Int {
    if value == 0 { return 1 }
    // 1233 / 4096 is a little above log10(2): the guess is right or one too small.
    let bits = 128 - value.leadingZeroBitCount
    let guess = (bits * 1233) >> 12
    return value >= PowersOfTen[guess] ? guess + 1 : guess
}

/// The number without the zeros at its end, and how many there were; the number must not be 0.
func strippingTrailingZeros(_ value: UInt128) -> (value: UInt128, zeros: Int) {
    if value <= UInt128(UInt64.max) {
        let (small, zeros) = strippingTrailingZeros(UInt64(truncatingIfNeeded: value))
        return (UInt128(small), zeros)
    }
    var value = value
    var zeros = 0
    // An odd number has none, and each zero needs one factor of two.
    for step in [16, 8, 4, 2, 1] where value.trailingZeroBitCount >= step {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: PowersOfTen[step])
        if remainder == 0 {
            value = quotient
            zeros += step
        }
    }
    if value <= UInt128(UInt64.max) {
        let (small, more) = strippingTrailingZeros(UInt64(truncatingIfNeeded: value))
        return (UInt128(small), zeros + more)
    }
    return (value, zeros)
}

func strippingTrailingZeros(_ value: UInt64) -> (value: UInt64, zeros: Int) {
    var value = value
    var zeros = 0
    while value & 1 == 0, value != 0 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
        if remainder != 0 { break }
        value = quotient
        zeros += 1
    }
    return (value, zeros)
}

extension Int {
    /// The sum, or the nearest end of the range when it does not fit.
    func addingSaturating(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
