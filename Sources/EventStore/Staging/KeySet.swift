/// A set of deduplication keys: they are random already, so they need no hashing.
struct KeySet: Sendable {
    /// Two words a slot; zeros for a free one.
    private var slots: [UInt64] = Array(repeating: 0, count: 32)
    private(set) var count = 0
    private var hasZero = false

    /// Adds a key; false when it is there already.
    mutating func insert(_ key: DedupKey) -> Bool {
        if key.high == 0, key.low == 0 {
            defer { hasZero = true }
            return !hasZero
        }
        var slot = Self.slot(of: key, slots.count)
        while slots[slot] != 0 || slots[slot + 1] != 0 {
            if slots[slot] == key.high, slots[slot + 1] == key.low { return false }
            slot = (slot + 2) & (slots.count - 1)
        }
        slots[slot] = key.high
        slots[slot + 1] = key.low
        count += 1
        if count * 3 > slots.count { grow() }
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        for position in stride(from: 0, to: old.count, by: 2) where old[position] != 0 || old[position + 1] != 0 {
            var slot = Self.slot(of: DedupKey(high: old[position], low: old[position + 1]), slots.count)
            while slots[slot] != 0 || slots[slot + 1] != 0 { slot = (slot + 2) & (slots.count - 1) }
            slots[slot] = old[position]
            slots[slot + 1] = old[position + 1]
        }
    }

    private static func slot(of key: DedupKey, _ count: Int) -> Int {
        Int(truncatingIfNeeded: QuickHash.hash(key.low)) & (count - 1) & ~1
    }
}
