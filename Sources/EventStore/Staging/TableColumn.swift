package import Columns
package import EventModel

/// A column of a table by its different cells.
package struct TableColumn: Sendable {
    package let column: Int
    /// Per row of the table the code of its cell; `CellCoder.noCode` for rows that are left out.
    package let codes: [UInt32]
    /// Per code a row that has the cell.
    package let rows: [UInt32]
    /// Per code the whole number that the cell is, plus one, and 0 for an empty cell; nil when the cells are others.
    let numbers: [UInt32]?

    package init(column: Int, _ coded: CellCoder.Coded) {
        self.column = column
        codes = coded.codes
        rows = coded.firstRows
        numbers = coded.numbers
    }

    package var count: Int { rows.count }

    /// The codes of some rows, all of which have a cell, in the order of their first use.
    func codesUsed(in rows: Range<Int>) -> [Int] {
        // Codes are in the order in which the table uses them.
        if rows == codes.indices { return Array(0..<count) }
        var isUsed = [Bool](repeating: false, count: count)
        var used: [Int] = []
        for row in rows {
            let code = Int(codes[row])
            guard !isUsed[code] else { continue }
            isUsed[code] = true
            used.append(code)
        }
        return used
    }

    /// Whether the cells of codes are positive whole numbers; nil when that is not known.
    package var arePositive: [Bool]? { numbers.map { $0.map { $0 > 1 } } }

    /// The cell of a code.
    @inline(__always)
    package func cell(_ code: Int, in cells: TableCells) -> UnsafeBufferPointer<UInt8> {
        cells.cell(Int(rows[code]), column)
    }

    /// The same without white space at its ends.
    @inline(__always)
    package func text(_ code: Int, in cells: TableCells) -> UnsafeBufferPointer<UInt8> {
        trimmedCell(cell(code, in: cells))
    }
}

/// A column of numbers.
package struct TableNumbers: Sendable {
    package let column: TableColumn
    // Per code `values` × 10^-`places`.
    private var values: [Int64] = []
    private var allPlaces: [Int8] = []

    /// In `places`: there is no number.
    package static let empty: Int8 = -1
    /// In `places`: the cell is something else, which may be a number that is written otherwise.
    package static let notPlain: Int8 = -2

    /// - Parameter mark: what stands before the fraction.
    package init(_ column: TableColumn, _ cells: TableCells, mark: UInt8) {
        self.column = column
        if let numbers = column.numbers {
            values = numbers.map { Int64($0) - 1 }
            allPlaces = numbers.map { $0 == 0 ? Self.empty : 0 }
            return
        }
        for code in 0..<column.count {
            let cell = column.cell(code, in: cells)
            let number = cell.isEmpty ? nil : PlainNumber(cell, mark: mark)
            values.append(number?.value ?? 0)
            allPlaces.append(
                cell.isEmpty ? Self.empty : number.map { Int8(truncatingIfNeeded: $0.places) } ?? Self.notPlain)
        }
    }

    /// Whether some cell is not plain.
    package var hasOthers: Bool { allPlaces.contains(Self.notPlain) }

    /// How many digits stand behind the mark in a row that is not left out; `empty` or `notPlain` for no number.
    package func places(_ row: Int) -> Int8 { allPlaces[Int(column.codes[row])] }

    package func decimal(_ row: Int) -> Decimal128? {
        let code = Int(column.codes[row])
        return allPlaces[code] < 0 ? nil : Decimal128(scaled: values[code], exponent: -Int32(allPlaces[code]))
    }

    /// The number of a code; nil for none.
    func number(_ code: Int) -> (value: Int64, places: Int)? {
        allPlaces[code] < 0 ? nil : (values[code], Int(allPlaces[code]))
    }
}
