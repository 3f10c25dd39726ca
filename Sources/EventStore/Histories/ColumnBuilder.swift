import Columns
import EventModel

/// Collects the cells of one path, rows ascending, and chooses the storage that suits them.
package struct ColumnBuilder {
    private var rows: [UInt32] = []
    private var codes: [UInt32] = []
    private var values: [Cell] = [.missing]
    private var codeOfValue: [Cell: UInt32] = [:]

    package init() {}

    /// Appends the cell of a row; `.missing` is left out.
    ///
    /// - Precondition: `row` is larger than every row so far.
    package mutating func append(_ cell: Cell, at row: Int) {
        guard cell != .missing else { return }
        append(code: code(of: cell), at: row)
    }

    /// The code under which `append(code:at:)` takes this cell; 0 for `.missing`.
    package mutating func code(of cell: Cell) -> UInt32 {
        if cell == .missing { return 0 }
        if let known = codeOfValue[cell] { return known }
        let code = UInt32(values.count)
        values.append(cell)
        codeOfValue[cell] = code
        return code
    }

    package mutating func append(code: UInt32, at row: Int) {
        guard code != 0 else { return }
        precondition(rows.last.map { Int($0) < row } ?? true, "row \(row) comes after row \(rows.last ?? 0)")
        rows.append(UInt32(row))
        codes.append(code)
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// The column of `rowCount` rows.
    package consuming func finish(rowCount: Int) -> Column {
        if rows.count * 8 < rowCount { return Column(.sparse(rows: rows, codes: codes, values: values)) }
        if values.count > ColumnCoding.codedNumbersMax(of: rows.count), let decimals = decimals(rowCount: rowCount) {
            return decimals
        }
        var dense = [UInt32](repeating: 0, count: rowCount)
        for (row, code) in zip(rows, codes) { dense[Int(row)] = code }
        return Column(.dictionary(codes: ColumnSlice(dense), values: values))
    }

    /// The column as scaled whole numbers, when all its cells are numbers that share a small enough scale.
    private func decimals(rowCount: Int) -> Column? {
        var exponent: Int32 = 0
        for value in values.dropFirst() {
            guard case .number(let number) = value else { return nil }
            exponent = min(exponent, number.exponent)
        }
        guard exponent >= -12 else { return nil }
        var scaledValues: [Int64] = []
        scaledValues.reserveCapacity(values.count)
        for value in values {
            guard case .number(let number) = value else {
                scaledValues.append(0)
                continue
            }
            guard let scaled = number.scaled(exponent: exponent) else { return nil }
            scaledValues.append(scaled)
        }
        var scaled = [Int64](repeating: 0, count: rowCount)
        var present = Bitmap(capacity: rowCount)
        for (row, code) in zip(rows, codes) {
            scaled[Int(row)] = scaledValues[Int(code)]
            present.insert(Int(row))
        }
        return Column(.decimals(scaled: ColumnSlice(scaled), exponent: exponent, present: present))
    }
}
