import Columns
import EventModel
import EventStore

/// Small numbers for the texts of values, given as they are met.
struct ValueNumbers: Sendable {
    private var texts: [Text] = []
    /// Places of texts by their hash, open addressing; -1: nothing.
    private var places: [Int32] = Array(repeating: -1, count: 64)
    /// Whole numbers have a table of their own, which needs no text: their number + 1.
    private var wholeNumbers = NumberTable()

    var isEmpty: Bool { texts.isEmpty }

    func text(of number: Int32) -> Text { texts[Int(number)] }

    mutating func number(of text: Text) -> Int32 {
        var place = Self.hash(text) & (places.count - 1)
        while places[place] >= 0 {
            if texts[Int(places[place])] == text { return places[place] }
            place = (place + 1) & (places.count - 1)
        }
        let number = Int32(truncatingIfNeeded: texts.count)
        texts.append(text)
        places[place] = number
        if texts.count * 2 > places.count { grow() }
        return number
    }

    private mutating func grow() {
        places = Array(repeating: -1, count: places.count * 2)
        for (number, text) in texts.enumerated() {
            var place = Self.hash(text) & (places.count - 1)
            while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
            places[place] = Int32(truncatingIfNeeded: number)
        }
    }

    /// Quick and plain: for a few bytes, where nobody gains by choosing them.
    private static func hash(_ text: Text) -> Int {
        text.withBytes { bytes in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            return Int(truncatingIfNeeded: (hash ^ hash >> 29) &* 0x9E37_79B9_7F4A_7C15 >> 20)
        }
    }

    @inline(__always)
    mutating func number(ofWhole whole: Int64) -> Int32 {
        let known = wholeNumbers.count(of: UInt64(bitPattern: whole))
        if known != 0 { return Int32(truncatingIfNeeded: known - 1) }
        let number = number(of: Text(String(whole)))
        wholeNumbers.add(Int(number) + 1, to: UInt64(bitPattern: whole))
        return number
    }
}

/// The values of a column's cells as numbers of `ValueNumbers`, looked up once per dictionary entry.
struct ColumnValues {
    private let column: Column
    /// By code: the number, -1 for no identity, -2 for not looked up yet.
    private var numberOfCode: [Int32] = []

    init(_ column: Column) {
        self.column = column
        if case .dictionary(_, let values) = column.storage { numberOfCode = Array(repeating: -2, count: values.count) }
    }

    /// The number of a row's value; negative when it has none.
    @inline(__always)
    mutating func number(at row: Int, _ numbers: inout ValueNumbers) -> Int32 {
        switch column.storage {
        case .dictionary(let codes, _):
            return number(ofCode: Int(codes[row]), &numbers)
        case .decimals(let scaled, 0, let present):
            return present.contains(row) ? numbers.number(ofWhole: scaled[row]) : -1
        case .decimals, .sparse:
            return Self.number(of: column.cell(at: row), &numbers)
        }
    }

    /// The codes by row; nil for columns without a dictionary.
    var codes: ColumnSlice<UInt32>? { if case .dictionary(let codes, _) = column.storage { codes } else { nil } }

    /// The number of an entry of the dictionary; negative when it has no identity, or there is no dictionary.
    @inline(__always)
    mutating func number(ofCode code: Int, _ numbers: inout ValueNumbers) -> Int32 {
        guard case .dictionary(_, let values) = column.storage else { return -1 }
        if numberOfCode[code] == -2 { numberOfCode[code] = Self.number(of: values[code], &numbers) }
        return numberOfCode[code]
    }

    private static func number(of cell: Cell, _ numbers: inout ValueNumbers) -> Int32 {
        cell.identity.map { numbers.number(of: $0) } ?? -1
    }
}

extension Cell {
    /// The text by which it is the same as another.
    fileprivate var identity: Text? {
        switch self {
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): Text(number.description)
        case .string(let text): text
        case .missing, .null, .list, .object: nil
        }
    }
}

/// Counts by 64-bit keys: open addressing, the keys spread by a multiplication.
struct NumberTable: Sendable {
    private var keys: [UInt64] = Array(repeating: 0, count: 64)
    /// 0: nothing stands there.
    private var counts: [Int] = Array(repeating: 0, count: 64)
    private var used = 0

    /// Adds a positive count.
    @inline(__always)
    mutating func add(_ count: Int, to key: UInt64) {
        let place = place(of: key)
        if counts[place] == 0 { used += 1 }
        keys[place] = key
        counts[place] += count
        if used * 2 > keys.count { grow() }
    }

    /// The count of a key; 0 when it was never met.
    @inline(__always)
    func count(of key: UInt64) -> Int { counts[place(of: key)] }

    func forEachCount(_ body: (_ key: UInt64, _ count: Int) -> Void) {
        for (place, count) in counts.enumerated() where count != 0 { body(keys[place], count) }
    }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while counts[place] != 0, keys[place] != key { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let (oldKeys, oldCounts) = (keys, counts)
        keys = Array(repeating: 0, count: oldKeys.count * 2)
        counts = Array(repeating: 0, count: oldKeys.count * 2)
        for (place, count) in oldCounts.enumerated() where count != 0 {
            let target = self.place(of: oldKeys[place])
            keys[target] = oldKeys[place]
            counts[target] = count
        }
    }
}
