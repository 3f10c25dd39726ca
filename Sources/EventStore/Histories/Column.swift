package import Columns
import EventModel

/// The values of one path: one cell per row of a block, or one per stored item.
package struct Column: Sendable {
    package enum Storage: Sendable {
        /// `values[codes[row]]`; code 0 is `.missing`. For few distinct values.
        case dictionary(codes: ColumnSlice<UInt32>, values: [Cell])
        /// `scaled[row] * 10^exponent`, all numbers; rows not in `present` are missing.
        case decimals(scaled: ColumnSlice<Int64>, exponent: Int32, present: Bitmap)
        /// `values[codes[i]]` for the row `rows[i]`, rows ascending; all others are missing. For rare paths.
        case sparse(rows: [UInt32], codes: [UInt32], values: [Cell])
    }

    package let storage: Storage
    /// Of a dictionary that several columns share: its numbers, once somebody has asked for them.
    private let sharedNumbers: Deferred<DictionaryNumbers?>?

    package init(_ storage: Storage) {
        self.init(storage, numbers: nil)
    }

    init(_ storage: Storage, numbers: Deferred<DictionaryNumbers?>?) {
        self.storage = storage
        sharedNumbers = numbers
    }

    /// The same dictionary under the codes of other rows.
    package func withCodes(_ codes: ColumnSlice<UInt32>, _ values: [Cell]) -> Column {
        Column(.dictionary(codes: codes, values: values), numbers: sharedNumbers)
    }

    /// The numbers of the dictionary; nil without one, and where they do not fit one exponent.
    package var dictionaryNumbers: DictionaryNumbers? {
        if let sharedNumbers { return sharedNumbers.value }
        switch storage {
        case .dictionary(_, let values), .sparse(_, _, let values): return DictionaryNumbers(values)
        case .decimals: return nil
        }
    }

    /// The dictionary; nil without one.
    var dictionary: CellDictionary? {
        switch storage {
        case .dictionary(_, let values), .sparse(_, _, let values): CellDictionary(values, numbers: sharedNumbers)
        case .decimals: nil
        }
    }

    /// The cell of a row, or of an item; `.missing` past the end. Complexity: O(1), sparse columns O(log rows).
    package func cell(at row: Int) -> Cell {
        switch storage {
        case .dictionary(let codes, let values): return values[Int(codes[row])]
        case .decimals(let scaled, let exponent, let present):
            guard present.contains(row) else { return .missing }
            return .number(Decimal128(scaled: scaled[row], exponent: exponent))
        case .sparse(let rows, let codes, let values):
            guard let position = Self.position(of: row, in: rows) else { return .missing }
            return values[Int(codes[position])]
        }
    }

    /// Whether the row has a cell other than `.missing`.
    package func hasCell(at row: Int) -> Bool {
        switch storage {
        case .dictionary(let codes, _): codes[row] != 0
        case .decimals(_, _, let present): present.contains(row)
        case .sparse(let rows, _, _): Self.position(of: row, in: rows) != nil
        }
    }

    /// Where `row` stands in the ascending `rows`.
    package static func position(of row: Int, in rows: [UInt32]) -> Int? {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && Int(rows[low]) == row ? low : nil
    }
}
