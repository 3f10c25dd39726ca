internal import Synchronization

/// Gives random bits. Passed in wherever chance matters, so that tests own it; threads may share one.
package protocol RandomSource: Sendable {
    func next() -> UInt64
}

/// The randomness of the machine.
package struct SystemRandom: RandomSource {
    package init() {}

    package func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// The numbers that follow from a seed, as a source that threads may share.
package final class SeededRandomSource: RandomSource {
    private let generator: Locked<SeededRandom>

    package init(seed: UInt64) {
        generator = Locked(SeededRandom(seed: seed))
    }

    package func next() -> UInt64 { generator.withLock { $0.next() } }
}

/// A random number generator whose numbers follow from its seed, the same on every machine.
///
/// xoshiro256** 1.0 by David Blackman and Sebastiano Vigna, its state filled by SplitMix64 as they advise.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    package init(seed: UInt64) {
        var filler = SplitMix64(seed: seed)
        state = (filler.next(), filler.next(), filler.next(), filler.next())
    }

    package mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, by: 45)
        return result
    }

    /// A whole number in 0..<`bound`, each as likely as any other; 0 when the bound is 0.
    ///
    /// Unlike `Int.random(in:using:)` this is ours, so a seed keeps its meaning when the standard library changes.
    package mutating func int(below bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        // Lemire, "Fast Random Integer Generation in an Interval" (2019), algorithm 5.
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold { product = next().multipliedFullWidth(by: range) }
        }
        return Int(product.high)
    }

    /// A number in [0, 1) with 53 random bits.
    package mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// True with that probability.
    package mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// One of the elements; nil when there is none.
    package mutating func element<Element>(of elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[int(below: elements.count)]
    }
}

/// A small generator that turns close seeds into far ones; Guy Steele, Doug Lea and Christine Flood (2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

private func rotate(_ value: UInt64, by bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }
