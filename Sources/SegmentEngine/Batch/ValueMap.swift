import EventModel
package import EventStore

/// The values of a metric for many profiles, by their dense numbers, that are not null.
///
/// Ten bytes each: numbers, times and durations of up to 18 digits stand in a word, what is left stands once in a list
/// that the words count through.
package struct ValueMap: Sendable {
    /// What a word is; the upper byte of a tag is the exponent.
    private enum Tag {
        static let none: UInt16 = 0
        static let number: UInt16 = 1
        static let time: UInt16 = 2
        static let duration: UInt16 = 3
        static let listed: UInt16 = 4
    }

    private var words: [Int64] = []
    private var tags: [UInt16] = []
    private var list: [Value] = []
    private var placeInList: [Value: Int64] = [:]
    package private(set) var count = 0

    package init() {}

    /// Nil for a profile without a value.
    package subscript(profile: ProfileNumber) -> Value? {
        get { Int(profile) < tags.count ? value(Int(profile)) : nil }
        set { set(newValue ?? .null, at: Int(profile)) }
    }

    /// Sets many at once.
    mutating func set(_ values: [(ProfileNumber, Value)]) {
        for (profile, value) in values { set(value, at: Int(profile)) }
    }

    package var isEmpty: Bool { count == 0 }

    private func value(_ index: Int) -> Value? {
        let word = words[index]
        switch tags[index] & 0xFF {
        case Tag.number: return .number(decimal(word, tags[index]))
        case Tag.time: return .time(Timestamp(milliseconds: word))
        case Tag.duration: return .duration(milliseconds: decimal(word, tags[index]))
        case Tag.listed: return list[Int(word)]
        default: return nil
        }
    }

    private func decimal(_ word: Int64, _ tag: UInt16) -> Decimal128 {
        Decimal128(scaled: word, exponent: Int32(Int8(bitPattern: UInt8(tag >> 8))))
    }

    private mutating func set(_ value: Value, at index: Int) {
        if index >= tags.count {
            if value.isNull { return }
            let missing = index + 1 - tags.count
            words.append(contentsOf: repeatElement(0, count: missing))
            tags.append(contentsOf: repeatElement(Tag.none, count: missing))
        }
        count += (value.isNull ? 0 : 1) - (tags[index] == Tag.none ? 0 : 1)
        (tags[index], words[index]) = packed(value)
    }

    private mutating func packed(_ value: Value) -> (tag: UInt16, word: Int64) {
        switch value {
        case .null: return (Tag.none, 0)
        case .time(let time): return (Tag.time, time.milliseconds)
        case .number(let number):
            if let (tag, word) = Self.packed(number) { return (tag | Tag.number, word) }
        case .duration(let length):
            if let (tag, word) = Self.packed(length) { return (tag | Tag.duration, word) }
        default: break
        }
        let place = placeInList[value] ?? Int64(list.count)
        if place == list.count {
            placeInList[value] = place
            list.append(value)
        }
        return (Tag.listed, place)
    }

    /// Nil where the number has too many digits, or an exponent that takes more than a byte.
    private static func packed(_ number: Decimal128) -> (tag: UInt16, word: Int64)? {
        guard let exponent = Int8(exactly: number.exponent), let word = number.scaled(exponent: Int32(exponent)) else {
            return nil
        }
        return (UInt16(UInt8(bitPattern: exponent)) << 8, word)
    }
}

extension ValueMap: Sequence {
    /// The profiles that have a value, ascending.
    package struct Iterator: IteratorProtocol {
        fileprivate let map: ValueMap
        fileprivate var index = 0

        package mutating func next() -> (key: ProfileNumber, value: Value)? {
            while index < map.tags.count {
                defer { index += 1 }
                if let value = map.value(index) { return (ProfileNumber(index), value) }
            }
            return nil
        }
    }

    package func makeIterator() -> Iterator { Iterator(map: self) }

    package var underestimatedCount: Int { count }
}

extension ValueMap: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (ProfileNumber, Value)...) {
        for (profile, value) in elements { self[profile] = value }
    }
}
