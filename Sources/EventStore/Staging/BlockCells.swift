import Columns
import EventModel

/// The cells of a staged column as they lie in the blocks of a part, which take theirs one after the other.
struct BlockCells {
    private enum Values {
        case narrow(StagedArray<Int32>, exponent: Int32)
        case wide(StagedArray<Int64>, exponent: Int32)
        case coded(StagedCodes)
    }

    /// Which rows have a cell.
    enum Present {
        case all
        case some(StagedArray<Bool>)
        /// Ascending places, and the cell at each.
        case few(places: [UInt32], cells: [UInt32])
    }

    private let values: Values
    private let present: Present
    private var dictionary: BlockDictionaries?
    private var next = 0

    init(_ column: StagedColumn, _ cut: BlockCut) {
        switch column.values {
        case .narrow(let numbers, let exponent):
            let (values, present) = Self.cut(numbers, column, cut)
            (self.values, self.present) = (.narrow(values, exponent: exponent), present)
        case .wide(let numbers, let exponent):
            let (values, present) = Self.cut(numbers, column, cut)
            (self.values, self.present) = (.wide(values, exponent: exponent), present)
        case .coded(let codes, let dictionary):
            let (values, present) = codes.cut(column, cut)
            (self.values, self.present) = (.coded(values), present)
            self.dictionary = BlockDictionaries(dictionary, rows: cut.count)
        }
    }

    /// What there is of the cells of a column, in the order of places.
    static func cut<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: StagedArray<Value>, _ column: StagedColumn, _ cut: BlockCut
    ) -> (StagedArray<Value>, Present) {
        let listed = column.isDense ? nil : column.listed
        if listed == nil, column.count == cut.places.count { return (cut.cut(values), .all) }
        let rows = listed ?? StagedArray(0..<UInt32(column.count))
        if rows.count * 8 >= cut.count {
            let (cut, has) = cut.cut(values, of: rows)
            return (cut, .some(has))
        }
        let (places, cells) = cut.places(of: rows)
        return (values, .few(places: places, cells: cells))
    }

    /// The chunks of the next block; none when no row has a cell. Their ids are yet to be set.
    ///
    /// - Parameters:
    ///   - rows: the places of the block's rows, or items.
    ///   - sections: as in `BlockLayout`.
    mutating func chunks(of rows: Range<Int>, _ order: BlockOrder, sections: [[UInt32]]) -> [ChunkDraft] {
        var chosen: [UInt32]?
        var cells: [UInt32] = []
        switch present {
        case .all:
            if rows.isEmpty { return [] }
        case .some(let has):
            (chosen, cells) = has.withUnsafeBufferPointer { Self.chosen($0, rows, order) }
        case .few(let places, let all):
            let first = next
            while next < places.count, Int(places[next]) < rows.upperBound { next += 1 }
            var pairs: [UInt64] = []
            for index in first..<next {
                let place = order.places[Int(places[index]) - rows.lowerBound]
                pairs.append(UInt64(place) << 32 | UInt64(all[index]))
            }
            WordOrder.sort(&pairs, from: 32)
            chosen = pairs.map { UInt32($0 >> 32) }
            cells = pairs.map { UInt32($0 & 0xFFFF_FFFF) }
        }
        if let chosen, chosen.isEmpty { return [] }
        // Rows of the block, or places among all.
        let base: Int
        let from: [UInt32]
        if chosen == nil { (base, from) = (rows.lowerBound, order.rows) } else { (base, from) = (0, cells) }
        switch values {
        case .narrow(let numbers, let exponent):
            let taken: [Int64] = Self.gather(numbers, from, base)
            return ColumnCoding.encode(taken, exponent: exponent, at: chosen, sections)
        case .wide(let numbers, let exponent):
            let taken: [Int64] = Self.gather(numbers, from, base)
            return ColumnCoding.encode(taken, exponent: exponent, at: chosen, sections)
        case .coded(let codes):
            guard let (places, table) = dictionary?.encode(codes.gathered(from, base)) else { return [] }
            return ColumnCoding.dictionary(places, table, chosen, sections)
        }
    }

    /// The sorted rows that have a cell, and where their cells are.
    private static func chosen(
        _ has: UnsafeBufferPointer<Bool>, _ rows: Range<Int>, _ order: BlockOrder
    ) -> ([UInt32]?, [UInt32]) {
        var (chosen, cells): ([UInt32], [UInt32]) = ([], [])
        chosen.reserveCapacity(rows.count)
        cells.reserveCapacity(rows.count)
        for (place, row) in order.rows.enumerated() where has[rows.lowerBound &+ Int(row)] {
            chosen.append(UInt32(truncatingIfNeeded: place))
            cells.append(UInt32(truncatingIfNeeded: rows.lowerBound &+ Int(row)))
        }
        return (chosen, cells)
    }

    /// The values at some places above `base`.
    static func gather<Value: FixedWidthInteger & BitwiseCopyable & Sendable, Wide: FixedWidthInteger>(
        _ values: StagedArray<Value>, _ from: [UInt32], _ base: Int
    ) -> [Wide] {
        [Wide](unsafeUninitializedCapacity: from.count) { target, count in
            values.withUnsafeBufferPointer { values in
                from.withUnsafeBufferPointer { from in
                    for index in from.indices {
                        target[index] = Wide(truncatingIfNeeded: values[base &+ Int(from[index])])
                    }
                }
            }
            count = from.count
        }
    }
}

/// Makes the dictionaries of the blocks of a column out of that of the whole stage.
struct BlockDictionaries {
    private let dictionary: ByteDictionary
    /// Per code its place among all in their order, and the codes in that order; nil when each block sorts its own.
    private let ranks: (ofCode: [UInt32], codes: [UInt32])?
    /// Per code or rank its place in the block at hand, plus one; zeros between blocks.
    private var places: [UInt32]

    /// - Parameter rows: how many rows the part has.
    init(_ dictionary: ByteDictionary, rows: Int) {
        self.dictionary = dictionary
        places = Array(repeating: 0, count: dictionary.count)
        // Lists have no order of their own, and nearly as many texts as rows are sorted sooner a block at a time.
        guard dictionary.count <= max(65_536, rows / 8), !dictionary.hasLists else {
            ranks = nil
            return
        }
        let sorted = dictionary.sorted(Array(0..<UInt32(dictionary.count)))
        var ofCode = [UInt32](repeating: 0, count: sorted.count)
        for (rank, code) in sorted.enumerated() { ofCode[Int(code)] = UInt32(rank) }
        ranks = (ofCode, sorted)
    }

    /// Places in the block's dictionary for codes, and that dictionary.
    mutating func encode(_ codes: [UInt32]) -> (places: [UInt32], table: [UInt8]) {
        // All codes are looked at in their order, which is quick as long as they are not many more than the block has rows.
        if let ranks, ranks.codes.count <= 2 * codes.count { return encode(codes, inOrder: ranks.codes) }
        var used: [UInt32] = []
        let ofCode = ranks?.ofCode
        var numbers = codes
        places.withUnsafeMutableBufferPointer { places in
            numbers.withUnsafeMutableBufferPointer { numbers in
                ofCode?.withUnsafeBufferPointer { ofCode in
                    for index in numbers.indices { numbers[index] = ofCode[Int(numbers[index])] }
                }
                for number in numbers where places[Int(number)] == 0 {
                    places[Int(number)] = 1
                    used.append(number)
                }
                if ranks != nil { used.sort() } else { used = dictionary.sorted(used) }
                for (place, number) in used.enumerated() { places[Int(number)] = UInt32(place) }
                for index in numbers.indices { numbers[index] = places[Int(numbers[index])] }
                for number in used { places[Int(number)] = 0 }
            }
        }
        return (numbers, table(ranks.map { ranks in used.map { ranks.codes[Int($0)] } } ?? used))
    }

    private mutating func encode(_ codes: [UInt32], inOrder all: [UInt32]) -> (places: [UInt32], table: [UInt8]) {
        var used: [UInt32] = []
        var numbers: [UInt32] = []
        places.withUnsafeMutableBufferPointer { places in
            for code in codes { places[Int(code)] = 1 }
            for code in all where places[Int(code)] != 0 {
                places[Int(code)] = UInt32(truncatingIfNeeded: used.count)
                used.append(code)
            }
            numbers = [UInt32](unsafeUninitializedCapacity: codes.count) { numbers, count in
                for (index, code) in codes.enumerated() { numbers[index] = places[Int(code)] }
                count = codes.count
            }
            for code in used { places[Int(code)] = 0 }
        }
        return (numbers, table(used))
    }

    private func table(_ codes: [UInt32]) -> [UInt8] {
        ByteTable.bytes(codes.count) { index, bytes in bytes.append(contentsOf: dictionary[codes[index]]) }
    }
}

extension ColumnCoding {
    /// The chunks of numbers of one scale, one for each row in `present`, or for every row when that is nil.
    static func encode(
        _ numbers: [Int64], exponent: Int32, at present: [UInt32]?, _ sections: [[UInt32]]
    ) -> [ChunkDraft] {
        // The same choice as for a column of cells: few different numbers are shorter as codes.
        guard let distinct = DistinctNumbers(numbers, atMost: codedNumbersMax(of: numbers.count)) else {
            return [decimals(present, numbers, exponent: exponent, sections, path: 0)]
        }
        let sorted = distinct.values.indices.sorted { distinct.values[$0] < distinct.values[$1] }
        var place = [UInt32](repeating: 0, count: sorted.count)
        for (position, code) in sorted.enumerated() { place[code] = UInt32(position) }
        let table = ByteTable.bytes(sorted.count) { index, bytes in
            let number = Decimal128(scaled: distinct.values[sorted[index]], exponent: exponent)
            bytes.append(contentsOf: CellCoding.encode(.number(number)))
        }
        return dictionary(distinct.codes.map { place[Int($0)] }, table, present, sections)
    }
}

extension ByteDictionary {
    /// Whether a list is among the cells.
    fileprivate var hasLists: Bool { (0..<UInt32(count)).contains { self[$0].first == CellCoding.Tag.list } }

    /// Codes in the order of their cells: as `CellCoding.precedes` has it.
    fileprivate func sorted(_ codes: [UInt32]) -> [UInt32] {
        // Most differ in their first bytes, which are quick to compare.
        let heads = codes.enumerated().map { place, code in
            let cell = self[code]
            var head: UInt64 = 0
            for byte in cell.prefix(8) { head = head << 8 | UInt64(byte) }
            head <<= UInt64(8 * max(0, 8 - cell.count))
            // Lists have no order of their own; one profile's are alike and compress well beside each other.
            if cell.first == CellCoding.Tag.list { head = UInt64(CellCoding.Tag.list) << 56 | UInt64(place) }
            return (head: head, code: code)
        }
        return heads.sorted { left, right in
            let isNumber = left.head >> 56 == UInt64(CellCoding.Tag.number)
            if left.head != right.head, !isNumber || right.head >> 56 != left.head >> 56 {
                return left.head < right.head
            }
            return isNumber
                ? number(left.code) < number(right.code)
                : self[left.code].lexicographicallyPrecedes(self[right.code])
        }.map(\.code)
    }

    private func number(_ code: UInt32) -> Decimal128 {
        let cell = self[code].withUnsafeBytes { CellCoding.decode($0) }
        guard case .number(let number)? = cell else { return .zero }
        return number
    }
}

/// The different numbers among some, each with a code in the order of first use.
private struct DistinctNumbers {
    private(set) var values: [Int64] = []
    private(set) var codes: [UInt32] = []

    /// Nil when there are more than `limit`.
    init?(_ numbers: [Int64], atMost limit: Int) {
        var size = 128
        while size < 2 * min(limit, numbers.count) { size *= 2 }
        var isWithin = true
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: size) { slots in
            slots.initialize(repeating: 0)
            let mask = size &- 1
            var last: Int64 = 0
            var lastCode: UInt32 = 0
            codes = [UInt32](unsafeUninitializedCapacity: numbers.count) { codes, count in
                for number in numbers {
                    if lastCode == 0 || number != last {
                        var slot = Int(truncatingIfNeeded: QuickHash.hash(UInt64(bitPattern: number))) & mask
                        while slots[slot] != 0, values[Int(slots[slot] &- 1)] != number { slot = (slot &+ 1) & mask }
                        if slots[slot] == 0 {
                            guard values.count < limit else {
                                isWithin = false
                                return
                            }
                            values.append(number)
                            slots[slot] = UInt32(truncatingIfNeeded: values.count)
                        }
                        (last, lastCode) = (number, slots[slot])
                    }
                    codes[count] = lastCode &- 1
                    count &+= 1
                }
            }
        }
        if !isWithin { return nil }
    }
}
