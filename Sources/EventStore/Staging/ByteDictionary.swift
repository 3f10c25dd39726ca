import Columns
import Glibc

/// Different byte strings in the order of their first use, all in one piece of memory.
///
/// Choose it where millions of values come and few objects may be made; readers want a dictionary of cells instead.
package struct ByteDictionary: Sendable {
    private var bytes: [UInt8] = []
    /// Where each string ends; it starts where the one before ends.
    private var ends: [Int] = []
    private var hashes: [UInt64] = []
    /// Code + 1 by hash, 0 for a free slot; a power of two of them, at most half in use.
    private var slots: [UInt32] = []

    package init() {}

    package var count: Int { ends.count }

    /// About how much memory it takes.
    var byteCount: Int { bytes.capacity + ends.capacity * 16 + slots.capacity * 4 }

    /// The code of `tag` and the bytes behind it; a new one when they are new. Complexity: O(bytes).
    @inline(__always)
    package mutating func code(tag: UInt8, _ rest: UnsafeBufferPointer<UInt8>) -> UInt32 {
        code(tag: tag, rest, hash: QuickHash.hash(rest, seed: UInt64(tag)))
    }

    private mutating func code(tag: UInt8, _ rest: UnsafeBufferPointer<UInt8>, hash: UInt64) -> UInt32 {
        if let known = find(tag, rest, hash) { return known }
        if ends.count * 2 >= slots.count { grow() }
        bytes.append(tag)
        bytes.append(contentsOf: rest)
        ends.append(bytes.count)
        hashes.append(hash)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(ends.count)
        return UInt32(ends.count - 1)
    }

    private func find(_ tag: UInt8, _ rest: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> UInt32? {
        slots.withUnsafeBufferPointer { slots in
            guard slots.count > 0 else { return nil }
            let mask = slots.count &- 1
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 {
                let code = slots[slot] &- 1
                if hashes[Int(code)] == hash, isEqual(Int(code), tag, rest) { return code }
                slot = (slot &+ 1) & mask
            }
            return nil
        }
    }

    /// The codes that the strings of another dictionary have here, by their codes there.
    mutating func codes(of other: ByteDictionary) -> [UInt32] {
        var codes: [UInt32] = []
        codes.reserveCapacity(other.count)
        other.bytes.withUnsafeBufferPointer { bytes in
            for code in 0..<other.count {
                let range = other.range(of: code)
                let rest = UnsafeBufferPointer(rebasing: bytes[(range.lowerBound + 1)..<range.upperBound])
                codes.append(self.code(tag: bytes[range.lowerBound], rest, hash: other.hashes[code]))
            }
        }
        return codes
    }

    private func isEqual(_ code: Int, _ tag: UInt8, _ rest: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = range(of: code)
        guard range.count == rest.count + 1 else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            guard bytes[range.lowerBound] == tag else { return false }
            guard let left = bytes.baseAddress, let right = rest.baseAddress else { return true }
            return memcmp(left + range.lowerBound + 1, right, rest.count) == 0
        }
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: max(16, slots.count * 2))
        let mask = slots.count - 1
        for (code, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(code + 1)
        }
    }

    private func range(of code: Int) -> Range<Int> { (code == 0 ? 0 : ends[code - 1])..<ends[code] }

    /// The bytes of a string, its tag first.
    subscript(code: UInt32) -> ArraySlice<UInt8> { bytes[range(of: Int(code))] }
}

/// A hash of bytes for tables in memory; different in every process, so that nobody can aim at it.
package enum QuickHash {
    private static let seed = UInt64.random(in: 0...UInt64.max)

    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Multiply and fold, eight bytes at a time (after wyhash, Wang Yi).
    package static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed tag: UInt64 = 0) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        var hash = mix(seed ^ tag, 0xA076_1D64_78BD_642F) ^ UInt64(truncatingIfNeeded: raw.count)
        if raw.count >= 8 {
            var offset = 0
            while offset &+ 8 < raw.count {
                let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                hash = mix(hash ^ word, 0xE703_7ED1_A0B4_28DB)
                offset &+= 8
            }
            // The last eight, some of which may have been taken before.
            let word = raw.loadUnaligned(fromByteOffset: raw.count &- 8, as: UInt64.self)
            return mix(hash ^ word, 0x8EBC_6AF0_9C88_C6E3)
        }
        var rest: UInt64 = 0
        for byte in raw { rest = rest << 8 | UInt64(byte) }
        return mix(hash ^ rest, 0x8EBC_6AF0_9C88_C6E3)
    }

    static func hash(_ number: UInt64) -> UInt64 { mix(number ^ seed, 0xE703_7ED1_A0B4_28DB) }
}
