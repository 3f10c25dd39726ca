import Columns

/// A set of deduplication keys: they are random already, so they need no hashing.
struct KeySet: Sendable {
    /// Two words a slot; zeros for a free one.
    private var slots: [UInt64] = Array(repeating: 0, count: 32)
    private(set) var count = 0
    private var hasZero = false

    /// About how much memory it takes.
    var byteCount: Int { slots.count * 8 }

    /// Adds a key; false when it is there already.
    mutating func insert(_ key: DedupKey) -> Bool {
        if key.high == 0, key.low == 0 {
            defer { hasZero = true }
            return !hasZero
        }
        let isNew = slots.withUnsafeMutableBufferPointer { slots in
            let slot = Self.slot(of: key, in: UnsafeBufferPointer(slots))
            guard slots[slot] == 0, slots[slot + 1] == 0 else { return false }
            slots[slot] = key.high
            slots[slot + 1] = key.low
            return true
        }
        if isNew {
            count += 1
            if count * 3 > slots.count { grow() }
        }
        return isNew
    }

    func contains(_ key: DedupKey) -> Bool {
        if key.high == 0, key.low == 0 { return hasZero }
        return slots.withUnsafeBufferPointer { slots in
            let slot = Self.slot(of: key, in: slots)
            return slots[slot] != 0 || slots[slot + 1] != 0
        }
    }

    /// Adds keys, those at `left` not; per key whether it was added.
    mutating func insert(_ keys: [DedupKey], except left: [Bool]) -> [Bool] {
        while (count + keys.count) * 3 > slots.count { grow() }
        var added = 0
        let areNew = [Bool](unsafeUninitializedCapacity: keys.count) { areNew, initialized in
            slots.withUnsafeMutableBufferPointer { slots in
                let table = UnsafeBufferPointer(slots)
                for index in keys.indices {
                    // The table is larger than the processor's memory: what is needed soon is asked for now.
                    if index &+ 8 < keys.count, let start = slots.baseAddress {
                        prefetch(start + Self.first(of: keys[index &+ 8], slots.count))
                    }
                    areNew[index] = false
                    guard !left[index] else { continue }
                    let slot = Self.slot(of: keys[index], in: table)
                    guard slots[slot] == 0, slots[slot &+ 1] == 0, keys[index] != DedupKey(high: 0, low: 0) else {
                        continue
                    }
                    slots[slot] = keys[index].high
                    slots[slot &+ 1] = keys[index].low
                    areNew[index] = true
                    added &+= 1
                }
            }
            initialized = keys.count
        }
        count += added
        return areNew
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        slots.withUnsafeMutableBufferPointer { slots in
            for position in stride(from: 0, to: old.count, by: 2) where old[position] != 0 || old[position + 1] != 0 {
                let key = DedupKey(high: old[position], low: old[position + 1])
                let slot = Self.slot(of: key, in: UnsafeBufferPointer(slots))
                slots[slot] = key.high
                slots[slot + 1] = key.low
            }
        }
    }

    /// The slot of a key, or the free one it belongs to.
    @inline(__always)
    private static func slot(of key: DedupKey, in slots: UnsafeBufferPointer<UInt64>) -> Int {
        var slot = first(of: key, slots.count)
        while slots[slot] != 0 || slots[slot &+ 1] != 0 {
            if slots[slot] == key.high, slots[slot &+ 1] == key.low { break }
            slot = (slot &+ 2) & (slots.count &- 1)
        }
        return slot
    }

    @inline(__always)
    private static func first(of key: DedupKey, _ count: Int) -> Int {
        Int(truncatingIfNeeded: QuickHash.hash(key.low)) & (count - 1) & ~1
    }
}
