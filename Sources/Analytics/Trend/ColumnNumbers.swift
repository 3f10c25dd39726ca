import Columns
import EventModel
import EventStore
import SegmentEngine

/// The numbers in the cells of a column, as they count for sums: numbers, and strings that are entirely a number.
struct ColumnNumbers {
    private enum Storage {
        case decimals(scaled: ColumnSlice<Int64>, exponent: Int32, present: Bitmap)
        /// By code.
        case dictionary(codes: ColumnSlice<UInt32>, numbers: [Decimal128?])
        case sparse(Column)
    }

    private let storage: Storage

    init(_ column: Column) {
        switch column.storage {
        case .decimals(let scaled, let exponent, let present):
            storage = .decimals(scaled: scaled, exponent: exponent, present: present)
        case .dictionary(let codes, let values):
            storage = .dictionary(codes: codes, numbers: values.map(\.number))
        case .sparse: storage = .sparse(column)
        }
    }

    /// The number of a row; nil when it has none.
    @inline(__always)
    func number(at row: Int) -> Decimal128? {
        switch storage {
        case .decimals(let scaled, let exponent, let present):
            present.contains(row) ? Decimal128(scaled: scaled[row], exponent: exponent) : nil
        case .dictionary(let codes, let numbers): numbers[Int(codes[row])]
        case .sparse(let column): column.cell(at: row).number
        }
    }

    /// Adds the number of a row, if it has one.
    @inline(__always)
    func add(_ row: Int, to sum: inout ExactSum) {
        switch storage {
        case .decimals(let scaled, let exponent, let present):
            if present.contains(row) { sum.addScaled(scaled[row], exponent: exponent) }
        case .dictionary(let codes, let numbers):
            if let number = numbers[Int(codes[row])] { sum.add(number) }
        case .sparse(let column):
            if let number = column.cell(at: row).number { sum.add(number) }
        }
    }
}

extension Cell {
    fileprivate var number: Decimal128? {
        switch self {
        case .number(let number): number
        case .string(let text): Decimal128(jsonNumber: text)
        case .missing, .null, .bool, .list, .object: nil
        }
    }
}
