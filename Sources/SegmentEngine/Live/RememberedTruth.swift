/// A `Truth` in 8 bytes: many of them are kept of many profiles.
///
/// The instant is shifted by one bit, and whether it holds is the lowest one. Instants are of the years 1 to 9999, far within
/// 63 bits, but for `never`.
struct RememberedTruth: BitwiseCopyable {
    private let bits: Int64

    private static let never: Int64 = .max >> 1

    /// Sure until long before any instant.
    static let unknown = RememberedTruth(Truth(false, until: .min >> 1))

    init(_ truth: Truth) {
        let until = min(max(truth.until, .min >> 1), Self.never)
        bits = until << 1 | (truth.holds ? 1 : 0)
    }

    var holds: Bool { bits & 1 == 1 }

    var until: Int64 {
        let until = bits >> 1
        return until == Self.never ? .max : until
    }

    var truth: Truth { Truth(holds, until: until) }
}
