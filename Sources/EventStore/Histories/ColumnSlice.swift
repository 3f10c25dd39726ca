/// A number for each row of a stretch of a block: of the other rows there is nothing to say, so theirs is zero.
///
/// Columns that only some events have need no room for the rows of the others.
package struct ColumnSlice<Number: FixedWidthInteger & Sendable>: Sendable {
    /// The row that the first number belongs to.
    package let first: Int
    package let numbers: [Number]

    package init(_ numbers: [Number], first: Int = 0) {
        self.first = first
        self.numbers = numbers
    }

    /// The rows that have a number of their own.
    package var rows: Range<Int> { first..<first + numbers.count }

    @inline(__always)
    fileprivate func number(_ row: Int) -> Number {
        let place = row &- first
        return place >= 0 && place < numbers.count ? numbers[place] : 0
    }

    /// Those of some rows, in their order.
    func picking(_ rows: [UInt32]) -> ColumnSlice { ColumnSlice(rows.map { number(Int($0)) }) }
}

// For each kind of number by itself, so that other targets call no generic code for a row.

extension ColumnSlice<UInt32> {
    package subscript(row: Int) -> UInt32 { number(row) }
}

extension ColumnSlice<Int64> {
    package subscript(row: Int) -> Int64 { number(row) }
}
