/// The generator's own random numbers: SplitMix64 (Steele, Lea and Flood 2014, figure 18).
///
/// One stream for each shopper, so that what a shopper does never depends on how many others there are.
/// The sequence is part of the demonstration store's identity: changing it changes every store made from a seed.
/// Only exactly rounded arithmetic is used, so every machine makes the same store.
struct DemoRandom: Sendable {
    private var state: UInt64

    init(seed: UInt64, stream: UInt64) {
        state = DemoRandom.mixed(seed &+ DemoRandom.increment &* (stream &+ 1))
    }

    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The finalizer of SplitMix64: a bijection of the 64-bit numbers.
    static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next() -> UInt64 {
        state &+= DemoRandom.increment
        return DemoRandom.mixed(state)
    }

    /// A number of 0..<count; 0 when `count` is not positive.
    mutating func below(_ count: Int) -> Int {
        guard count > 0 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A number of low...high, both included.
    mutating func between(_ low: Int, _ high: Int) -> Int {
        low + below(high - low + 1)
    }

    /// Uniform in 0..<1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// True with that probability.
    mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    /// Exponentially distributed with that mean, at most 40 times the mean.
    mutating func exponential(mean: Double) -> Double {
        mean * -naturalLogarithm(1 - unit())
    }

    /// An index of `cumulative`, whose entries are running totals of weights and end in the whole weight.
    mutating func pick(_ cumulative: [Double]) -> Int {
        guard let total = cumulative.last else { return 0 }
        let mark = unit() * total
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > mark { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Running totals, as `pick` takes them.
func runningTotals(_ weights: [Double]) -> [Double] {
    var total = 0.0
    return weights.map { weight in
        total += weight
        return total
    }
}

/// The natural logarithm of a positive number, by additions, multiplications and divisions only.
///
/// The C library's differs in the last bit from machine to machine, which would make another store.
/// With m in [0.7, 1.4), ln m = 2 (s + s^3/3 + s^5/5 + ...) where s = (m - 1) / (m + 1), |s| < 0.18: the error is below 1e-11.
func naturalLogarithm(_ x: Double) -> Double {
    guard x > 0 else { return -40 }
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa > 1.4 {
        mantissa /= 2
        exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var term = s
    var sum = s
    for odd in stride(from: 3.0, through: 13.0, by: 2.0) {
        term *= square
        sum += term / odd
    }
    return 2 * sum + exponent * 0.693147180559945309
}
