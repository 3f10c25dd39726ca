import Columns
import EventModel

/// The cells of a staged column in the order of a part's rows, from which blocks take theirs one after the other.
struct BlockCells {
    private let values: StagedColumn.Values
    /// Rows of the part that have a cell, ascending, and which cell of the staged column it is.
    private var positions: [UInt32] = []
    private var cells: [UInt32] = []
    private var next = 0

    /// What stands in `places` for a row that is left out.
    static let leftOut = UInt32.max

    /// - Parameters:
    ///   - places: where in the part each staged row, or item, stands.
    ///   - count: how many rows, or items, the part has.
    ///   - all: for a column with a cell in every staged row: all rows of the part, and the staged row of each.
    init(
        _ column: StagedColumn, places: [UInt32], count: Int, all: (positions: [UInt32], rows: [UInt32])? = nil
    ) {
        values = column.values
        if let all, column.isDense, column.count == places.count {
            (positions, cells) = all
            return
        }
        let rows = column.rows
        if rows.count * 8 >= count {
            var cellAt = [UInt32](repeating: 0, count: count)
            for (cell, row) in rows.enumerated() {
                let place = places[Int(row)]
                if place != Self.leftOut { cellAt[Int(place)] = UInt32(cell + 1) }
            }
            positions.reserveCapacity(rows.count)
            cells.reserveCapacity(rows.count)
            for (position, cell) in cellAt.enumerated() where cell != 0 {
                positions.append(UInt32(position))
                cells.append(cell - 1)
            }
        } else {
            var pairs: [UInt64] = []
            pairs.reserveCapacity(rows.count)
            for (cell, row) in rows.enumerated() {
                let place = places[Int(row)]
                if place != Self.leftOut { pairs.append(UInt64(place) << 32 | UInt64(cell)) }
            }
            pairs.sort()
            positions = pairs.map { UInt32(truncatingIfNeeded: $0 >> 32) }
            cells = pairs.map { UInt32(truncatingIfNeeded: $0) }
        }
    }

    /// The chunks of the next rows; none when no row has a cell. Their ids are yet to be set.
    ///
    /// - Parameter sections: as in `BlockLayout`.
    mutating func chunks(of rows: Range<Int>, sections: [[UInt32]]) -> [ChunkDraft] {
        let first = next
        while next < positions.count, Int(positions[next]) < rows.upperBound { next += 1 }
        guard first < next else { return [] }
        let present = positions[first..<next].map { $0 - UInt32(rows.lowerBound) }
        let chosen = cells[first..<next]
        switch values {
        case .scaled(let numbers, let exponent):
            let taken = numbers.withUnsafeBufferPointer { numbers in chosen.map { numbers[Int($0)] } }
            return ColumnCoding.encode(taken, exponent: exponent, at: present, sections)
        case .coded(let codes, let dictionary):
            let taken = codes.withUnsafeBufferPointer { codes in chosen.map { codes[Int($0)] } }
            return ColumnCoding.encode(taken, of: dictionary, at: present, sections)
        }
    }
}

extension ColumnCoding {
    /// The chunks of numbers of one scale, one for each row in `present`.
    static func encode(
        _ numbers: [Int64], exponent: Int32, at present: [UInt32], _ sections: [[UInt32]]
    ) -> [ChunkDraft] {
        // The same choice as for a column of cells: few different numbers are shorter as codes.
        guard let distinct = DistinctNumbers(numbers, atMost: codedNumbersMax(of: numbers.count)) else {
            return [decimals(present, numbers, exponent: exponent, sections, path: 0)]
        }
        let sorted = distinct.values.indices.sorted { distinct.values[$0] < distinct.values[$1] }
        var place = [Int64](repeating: 0, count: sorted.count)
        for (position, code) in sorted.enumerated() { place[code] = Int64(position) }
        let table = ByteTable.bytes(sorted.count) { index, bytes in
            let number = Decimal128(scaled: distinct.values[sorted[index]], exponent: exponent)
            bytes.append(contentsOf: CellCoding.encode(.number(number)))
        }
        return dictionary(distinct.codes.map { place[Int($0)] }, table, present, sections)
    }

    /// The chunks of cells, one for each row in `present`.
    static func encode(
        _ codes: [UInt32], of dictionary: ByteDictionary, at present: [UInt32], _ sections: [[UInt32]]
    ) -> [ChunkDraft] {
        var localOfCode = [UInt32](repeating: .max, count: dictionary.count)
        var used: [UInt32] = []
        var local: [UInt32] = []
        local.reserveCapacity(codes.count)
        for code in codes {
            var known = localOfCode[Int(code)]
            if known == .max {
                known = UInt32(used.count)
                localOfCode[Int(code)] = known
                used.append(code)
            }
            local.append(known)
        }
        let sorted = dictionary.sorted(used)
        var place = [Int64](repeating: 0, count: sorted.count)
        for (position, code) in sorted.enumerated() { place[Int(localOfCode[Int(code)])] = Int64(position) }
        let table = ByteTable.bytes(sorted.count) { index, bytes in
            bytes.append(contentsOf: dictionary[sorted[index]])
        }
        return self.dictionary(local.map { place[Int($0)] }, table, present, sections)
    }
}

extension ByteDictionary {
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
        var slots = [UInt32](repeating: 0, count: size)
        codes.reserveCapacity(numbers.count)
        for number in numbers {
            var slot = Int(truncatingIfNeeded: QuickHash.hash(UInt64(bitPattern: number))) & (size - 1)
            while slots[slot] != 0, values[Int(slots[slot] - 1)] != number { slot = (slot + 1) & (size - 1) }
            if slots[slot] == 0 {
                guard values.count < limit else { return nil }
                values.append(number)
                slots[slot] = UInt32(values.count)
            }
            codes.append(slots[slot] - 1)
        }
    }
}
