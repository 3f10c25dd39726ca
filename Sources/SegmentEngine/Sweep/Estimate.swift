import EventModel

/// A number that is near a value: the value lies within `error` of `number`. Unknown errors are infinite.
///
/// Comparisons of exact decimals are mostly clear from far away; only close calls need the decimals.
struct Estimate {
    var number: Double
    var error: Double

    static let unknown = Estimate(number: 0, error: .infinity)

    /// A whole number times a power of ten.
    @inline(__always)
    init(_ number: Int64, scale: Double) {
        self.number = Double(number) * scale
        // The number, the power of ten and the product are each rounded once.
        error = abs(self.number) * Self.rounding
    }

    init(number: Double, error: Double) {
        self.number = number
        self.error = error
    }

    /// A bound for a few roundings of a `Double`, and for what decimals of 34 digits are rounded by.
    private static let rounding = 0x1p-50

    /// Ten to an exponent, rounded at most once; nil where powers of ten are no doubles.
    static func scale(_ exponent: Int32) -> Double? {
        guard (-22...22).contains(exponent) else { return nil }
        let power = (0..<exponent.magnitude).reduce(1.0) { power, _ in power * 10 }
        return exponent < 0 ? 1 / power : power
    }

    static func + (left: Estimate, right: Estimate) -> Estimate {
        let sum = left.number + right.number
        return Estimate(number: sum, error: left.error + right.error + abs(sum) * rounding)
    }

    static func - (left: Estimate, right: Estimate) -> Estimate {
        left + Estimate(number: -right.number, error: right.error)
    }

    static func * (left: Estimate, right: Estimate) -> Estimate {
        let product = left.number * right.number
        let spread =
            abs(left.number) * right.error + abs(right.number) * left.error + left.error * right.error
        return checked(product, spread * (1 + rounding) + abs(product) * rounding)
    }

    static func / (left: Estimate, right: Estimate) -> Estimate {
        let least = abs(right.number) - right.error
        guard least > 0 else { return .unknown }
        let quotient = left.number / right.number
        let spread = (left.error + abs(quotient) * right.error) / least
        return checked(quotient, spread * (1 + rounding) + abs(quotient) * rounding)
    }

    private static func checked(_ number: Double, _ error: Double) -> Estimate {
        // Very small numbers lose digits of their own.
        guard number.isFinite, error.isFinite, abs(number) > 0x1p-900 || number == 0 else { return .unknown }
        return Estimate(number: number, error: error)
    }

    /// Below zero or above it where `self` is certainly smaller or larger than `other`; nil where it is too close.
    @inline(__always)
    func order(_ other: Estimate) -> Int64? {
        let distance = number - other.number
        let doubt = (error + other.error) * (1 + Self.rounding) + Double.leastNormalMagnitude
        if distance > doubt + abs(distance) * Self.rounding { return 1 }
        if -distance > doubt + abs(distance) * Self.rounding { return -1 }
        return nil
    }
}
