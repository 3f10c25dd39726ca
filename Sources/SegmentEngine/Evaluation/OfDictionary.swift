import EventStore

/// Something known of each value of a dictionary, as long as blocks have the same one.
struct OfDictionary<Known> {
    /// By code.
    var known: [Known] = []
    /// Kept, so that no other dictionary takes its place in memory.
    private var values: [Cell] = []

    /// Forgets everything unless the dictionary is the one at hand.
    @inline(__always)
    mutating func turn(to other: [Cell], unknown: Known) {
        let isSame = values.withUnsafeBufferPointer { own in
            other.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress && own.count == $0.count }
        }
        if isSame { return }
        values = other
        known = Array(repeating: unknown, count: other.count)
    }
}
