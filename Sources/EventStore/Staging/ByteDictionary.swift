import Columns
import Glibc

/// Different byte strings in the order of their first use, all in one piece of memory.
///
/// Choose it where millions of values come and few objects may be made; readers want a dictionary of cells instead.
package struct ByteDictionary: Sendable {
    /// A place of the hash table, with all there is to know of a short string: looking it up touches nothing else.
    private struct Slot: BitwiseCopyable, Sendable {
        /// See `QuickHash.ends`.
        var first: UInt64
        var last: UInt64
        var length: UInt32
        /// Code + 1, 0 for a free slot.
        var mark: UInt32
    }

    private var bytes: [UInt8] = []
    /// Where each string ends; it starts where the one before ends. Its tag comes first.
    private var ends: [Int] = []
    /// By hash; a power of two of them, at most two thirds in use.
    private var slots: [Slot] = []
    private let seed = QuickHash.seed
    /// The codes of whole numbers of one tag, plus one, at the places of the numbers; see `codes(tag:count:numbers:)`.
    private var codeOfNumber: [UInt32] = []
    private var tagOfNumbers: UInt8 = 0

    package init() {}

    package var count: Int { ends.count }

    /// About how much memory it takes.
    var byteCount: Int {
        bytes.count + ends.count * 8 + slots.count * MemoryLayout<Slot>.stride + codeOfNumber.count * 4
    }

    /// The code of `tag` and the bytes behind it; a new one when they are new. Complexity: O(bytes).
    @inline(__always)
    package mutating func code(tag: UInt8, _ rest: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let words = QuickHash.ends(rest)
        let length = Self.length(tag, rest.count)
        if !slots.isEmpty {
            let mark = slots.withUnsafeBufferPointer { slots in
                let mask = slots.count &- 1
                var place = Int(truncatingIfNeeded: hash(words, length, rest)) & mask
                while true {
                    let slot = slots[place]
                    if slot.first == words.0, slot.last == words.1, slot.length == length, slot.mark != 0,
                        rest.count <= 16 || isMiddleEqual(slot.mark &- 1, rest)
                    {
                        return slot.mark
                    }
                    if slot.mark == 0 { return 0 }
                    place = (place &+ 1) & mask
                }
            }
            if mark != 0 { return mark &- 1 }
        }
        return insert(tag, rest)
    }

    /// The codes of many strings of one tag, in their order: as `code` gives them one by one, but the places of the next ones
    /// are on their way meanwhile.
    package mutating func codes(
        tag: UInt8, count: Int, _ string: (Int) -> UnsafeBufferPointer<UInt8>
    ) -> [UInt32] {
        let ahead = 8
        for index in 0..<min(ahead, count) { bringNearer(tag, string(index)) }
        return [UInt32](unsafeUninitializedCapacity: count) { codes, initialized in
            for index in 0..<count {
                if index &+ ahead < count { bringNearer(tag, string(index &+ ahead)) }
                codes[index] = code(tag: tag, string(index))
            }
            initialized = count
        }
    }

    /// The same of strings that may be whole numbers in digits, without needless zeros: those that came before are not looked
    /// up but stand at the places of their numbers.
    ///
    /// - Parameter numbers: the number of each string plus one, up to some millions; nil when they are others.
    mutating func codes(
        tag: UInt8, count: Int, numbers: [UInt32]?, _ string: (Int) -> UnsafeBufferPointer<UInt8>
    ) -> [UInt32] {
        guard codeOfNumber.isEmpty || tagOfNumbers == tag, let numbers, let largest = numbers.max() else {
            return codes(tag: tag, count: count, string)
        }
        tagOfNumbers = tag
        if Int(largest) >= codeOfNumber.count {
            let more = max(Int(largest) + 1, codeOfNumber.count * 2) - codeOfNumber.count
            codeOfNumber.append(contentsOf: repeatElement(0, count: more))
        }
        return [UInt32](unsafeUninitializedCapacity: numbers.count) { codes, initialized in
            for (index, number) in numbers.enumerated() {
                let known = codeOfNumber[Int(number)]
                codes[index] = known &- 1
                guard known == 0 else { continue }
                codes[index] = code(tag: tag, string(index))
                codeOfNumber[Int(number)] = codes[index] &+ 1
            }
            initialized = numbers.count
        }
    }

    @inline(__always)
    private func bringNearer(_ tag: UInt8, _ rest: UnsafeBufferPointer<UInt8>) {
        slots.withUnsafeBufferPointer { slots in
            guard let start = slots.baseAddress else { return }
            let hash = hash(QuickHash.ends(rest), Self.length(tag, rest.count), rest)
            prefetch(start + (Int(truncatingIfNeeded: hash) & (slots.count &- 1)))
        }
    }

    /// The tag and the length in one number; strings whose length has more bits differ elsewhere.
    @inline(__always)
    private static func length(_ tag: UInt8, _ count: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: count) << 4 | UInt32(tag & 0x0F)
    }

    @inline(__always)
    private func hash(_ words: (UInt64, UInt64), _ length: UInt32, _ rest: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = QuickHash.mix(words.0 ^ seed, 0xA076_1D64_78BD_642F ^ UInt64(length))
        if rest.count > 16 {
            let raw = UnsafeRawBufferPointer(rest)
            for offset in stride(from: 8, to: raw.count &- 8, by: 8) {
                let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                hash = QuickHash.mix(hash ^ word, 0xE703_7ED1_A0B4_28DB)
            }
        }
        return QuickHash.mix(hash ^ words.1, 0x8EBC_6AF0_9C88_C6E3)
    }

    /// Whether a string of the same length and ends is the same.
    private func isMiddleEqual(_ code: UInt32, _ rest: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = range(of: Int(code))
        guard range.count == rest.count + 1, let right = rest.baseAddress else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { memcmp($0 + range.lowerBound + 1, right, rest.count) == 0 } ?? false
        }
    }

    @inline(never)
    private mutating func insert(_ tag: UInt8, _ rest: UnsafeBufferPointer<UInt8>) -> UInt32 {
        precondition(tag < 16, "a tag of \(tag) has no place beside a length")
        if (ends.count + 1) * 3 > slots.count * 2 { grow() }
        bytes.append(tag)
        bytes.append(contentsOf: rest)
        ends.append(bytes.count)
        enter(UInt32(ends.count - 1))
        return UInt32(ends.count - 1)
    }

    /// Puts a code into the table, which has room for it.
    private mutating func enter(_ code: UInt32) {
        let range = range(of: Int(code))
        let (words, length, hash) = bytes.withUnsafeBufferPointer { bytes in
            let rest = UnsafeBufferPointer(rebasing: bytes[(range.lowerBound + 1)..<range.upperBound])
            let words = QuickHash.ends(rest)
            let length = Self.length(bytes[range.lowerBound], rest.count)
            return (words, length, self.hash(words, length, rest))
        }
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place].mark != 0 { place = (place + 1) & mask }
        slots[place] = Slot(first: words.0, last: words.1, length: length, mark: code + 1)
    }

    /// The codes that the strings of another dictionary have here, by their codes there.
    mutating func codes(of other: ByteDictionary) -> [UInt32] {
        var codes: [UInt32] = []
        codes.reserveCapacity(other.count)
        other.bytes.withUnsafeBufferPointer { bytes in
            for code in 0..<other.count {
                let range = other.range(of: code)
                let rest = UnsafeBufferPointer(rebasing: bytes[(range.lowerBound + 1)..<range.upperBound])
                codes.append(self.code(tag: bytes[range.lowerBound], rest))
            }
        }
        return codes
    }

    private mutating func grow() {
        slots = Array(
            repeating: Slot(first: 0, last: 0, length: 0, mark: 0), count: max(16, slots.count * 2))
        for code in ends.indices { enter(UInt32(code)) }
    }

    private func range(of code: Int) -> Range<Int> { (code == 0 ? 0 : ends[code - 1])..<ends[code] }

    /// The bytes of a string, its tag first.
    subscript(code: UInt32) -> ArraySlice<UInt8> { bytes[range(of: Int(code))] }
}

/// A hash of bytes for tables in memory; different in every process, so that nobody can aim at it.
package enum QuickHash {
    static let seed = UInt64.random(in: 0...UInt64.max)

    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// The first eight bytes and the last eight; with the count of bytes they tell all of up to sixteen.
    @inline(__always)
    static func ends(_ bytes: UnsafeBufferPointer<UInt8>) -> (UInt64, UInt64) {
        let raw = UnsafeRawBufferPointer(bytes)
        if raw.count >= 8 {
            return (
                raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: raw.count &- 8, as: UInt64.self)
            )
        }
        if raw.count >= 4 {
            return (
                UInt64(raw.loadUnaligned(fromByteOffset: 0, as: UInt32.self)),
                UInt64(raw.loadUnaligned(fromByteOffset: raw.count &- 4, as: UInt32.self))
            )
        }
        if raw.count == 0 { return (0, 0) }
        return (UInt64(raw[0]) | UInt64(raw[raw.count &- 1]) << 8, UInt64(raw[raw.count >> 1]))
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

    @inline(__always)
    static func hash(_ number: UInt64, seed: UInt64) -> UInt64 { mix(number ^ seed, 0xE703_7ED1_A0B4_28DB) }

    static func hash(_ number: UInt64) -> UInt64 { hash(number, seed: seed) }
}
