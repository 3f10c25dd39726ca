import EventModel

/// A cell of a number column, with its text as JSON has it.
struct PlainNumber {
    enum Form {
        case empty
        /// `value` × 10^-`places`, and the part of the cell that is its shortest text.
        case scaled(Int64, places: Int, text: UnsafeBufferPointer<UInt8>)
        case decimal(Decimal128)
    }

    let form: Form

    /// Nil for a cell that is no number.
    init?(_ cell: UnsafeBufferPointer<UInt8>, _ reader: NumberReader) {
        if cell.isEmpty {
            form = .empty
        } else if reader.mark == .point, let (value, places, length) = Self.scan(cell) {
            form = .scaled(value, places: places, text: UnsafeBufferPointer(rebasing: cell[0..<length]))
        } else if let decimal = reader.number(ArraySlice(cell)) {
            form = .decimal(decimal)
        } else if cell.allSatisfy({ $0 <= 0x20 }) {
            form = .empty
        } else {
            return nil
        }
    }

    var isEmpty: Bool { if case .empty = form { true } else { false } }

    var decimal: Decimal128? {
        switch form {
        case .empty: nil
        case .scaled(let value, let places, _): Decimal128(scaled: value, exponent: Int32(-places))
        case .decimal(let decimal): decimal
        }
    }

    /// Reads `-17`, `0.5`, `1.50`: at most 18 digits, no needless zeros before them. `length` is that of the shortest
    /// text, which leaves out zeros at the end of a fraction. Nil for everything else.
    static func scan(_ cell: UnsafeBufferPointer<UInt8>) -> (value: Int64, places: Int, length: Int)? {
        let isNegative = cell.first == UInt8(ascii: "-")
        let first = isNegative ? 1 : 0
        guard cell.count - first <= 19 else { return nil }
        var value: Int64 = 0
        var index = first
        while index < cell.count, cell[index] &- 0x30 < 10 {
            value = value &* 10 &+ Int64(cell[index] &- 0x30)
            index += 1
        }
        let whole = index - first
        guard whole > 0, whole <= 18, whole == 1 || cell[first] != 0x30 else { return nil }
        var places = 0
        if index < cell.count {
            guard cell[index] == UInt8(ascii: ".") else { return nil }
            index += 1
            while index < cell.count, cell[index] &- 0x30 < 10 {
                value = value &* 10 &+ Int64(cell[index] &- 0x30)
                index += 1
                places += 1
            }
            guard index == cell.count, places > 0, whole + places <= 18 else { return nil }
        }
        if value == 0, isNegative { return nil }
        var length = cell.count
        while places > 0, value % 10 == 0 {
            value /= 10
            places -= 1
            length -= 1
        }
        if places == 0, whole + first < length { length = whole + first }
        return (isNegative ? -value : value, places, length)
    }
}
