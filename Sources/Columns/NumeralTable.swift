/// A `ByteTable` of ascending strings that begin alike and go on with digits alone, as the numbers these are: a few bits a
/// string where neighbours are near each other, as the ids of products and customers are.
///
/// ```
/// offset  size  field
///      0     1  how many digits the longest has, 0…15
///      1     1  length of what all begin with
///      2     4  count, at least 1
///      6     8  the first number
///     14     …  what all begin with
///      …     …  how far each other number lies above the one before, less one (`PatchedFrames`)
/// ```
///
/// In a number each digit stands for itself plus one, in four bits, and zeros follow a shorter string: so numbers have the
/// order of their strings, and "07" is another one than "7".
package enum NumeralTable {
    private static let digitsMax = 15
    private static let headerSize = 14
    /// A smaller table is not worth it.
    private static let countMin = 64

    /// Nil when the strings are others.
    package static func encode(_ table: UnsafeRawBufferPointer) -> [UInt8]? {
        var reader = ByteReader(table)
        guard let strings = try? ByteTable(&reader, atMost: table.count), reader.remaining == 0,
            strings.count >= countMin
        else { return nil }
        let (first, last) = (strings[0], strings[strings.count - 1])
        let common = zip(first, last).prefix { $0 == $1 }.count
        guard common <= Int(UInt8.max) else { return nil }
        var digits = 0
        for index in 0..<strings.count { digits = max(digits, strings[index].count - common) }
        guard digits <= digitsMax else { return nil }
        var numbers: [UInt64] = []
        numbers.reserveCapacity(strings.count)
        for index in 0..<strings.count {
            guard let number = number(strings[index], behind: first[..<common], digits: digits) else { return nil }
            if let before = numbers.last, before >= number { return nil }
            numbers.append(number)
        }
        var output: [UInt8] = [UInt8(digits), UInt8(common)]
        output.appendLittleEndian(UInt32(strings.count))
        output.appendLittleEndian(numbers[0])
        output.append(contentsOf: first[..<common])
        PatchedFrames.append(zip(numbers.dropFirst(), numbers).map { $0 - $1 - 1 }, to: &output)
        return output
    }

    private static func number(
        _ string: UnsafeRawBufferPointer, behind common: Slice<UnsafeRawBufferPointer>, digits: Int
    ) -> UInt64? {
        guard string.count >= common.count, string.prefix(common.count).elementsEqual(common) else { return nil }
        var number: UInt64 = 0
        for place in 0..<digits {
            number <<= 4
            guard common.count + place < string.count else { continue }
            let digit = string[common.count + place] &- 0x30
            guard digit < 10 else { return nil }
            number += UInt64(digit) + 1
        }
        return number
    }

    /// The table of so many bytes; nil when the bytes stand for none.
    package static func decode(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        var reader = ByteReader(bytes)
        guard let digits = (try? reader.readUInt8()).map({ Int($0) }), digits <= digitsMax,
            let common = (try? reader.readUInt8()).map({ Int($0) }), let count = try? reader.readCount(),
            var number = try? reader.readUInt64(), let start = try? reader.slice(common),
            // All strings differ, so that no more than one is empty.
            count >= 1, count - 1 <= size, common <= size / count,
            let rest = try? reader.slice(reader.remaining),
            let gaps = try? PatchedFrames.values(rest, count: count - 1)
        else { return nil }
        var ends: [Int] = []
        ends.reserveCapacity(count)
        var isGood = true
        let strings = [UInt8](unsafeUninitializedCapacity: size) { strings, end in
            for index in 0..<count {
                if index > 0 { number = number &+ UInt64(bitPattern: gaps[index - 1]) &+ 1 }
                guard number >> UInt64(4 * digits) == 0,
                    let next = write(number, digits, behind: start, to: strings, at: end)
                else {
                    isGood = false
                    return
                }
                end = next
                ends.append(end)
            }
        }
        guard isGood else { return nil }
        let table = ByteTable.bytes(count) { index, bytes in
            bytes.append(contentsOf: strings[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
        }
        return table.count == size ? table : nil
    }

    /// Where the string ends; nil when there is no room for it, or when it is none.
    @inline(__always)
    private static func write(
        _ number: UInt64, _ digits: Int, behind start: UnsafeRawBufferPointer,
        to strings: UnsafeMutableBufferPointer<UInt8>, at place: Int
    ) -> Int? {
        guard start.count + digits <= strings.count - place else { return nil }
        var end = place
        for byte in start {
            strings[end] = byte
            end &+= 1
        }
        // The first digit comes highest.
        var rest = digits == 0 ? 0 : number << UInt64(64 - 4 * digits)
        while rest != 0 {
            let digit = UInt8(truncatingIfNeeded: rest >> 60)
            guard digit &- 1 < 10 else { return nil }
            strings[end] = digit &+ 0x2F
            end &+= 1
            rest <<= 4
        }
        return end
    }
}
