import Columns
import EventModel
import EventStore

/// A column whose cells are read as whole numbers times ten to one exponent.
struct NumberColumn {
    private enum Source {
        case scaled(ColumnSlice<Int64>, Bitmap)
        case coded(ColumnSlice<UInt32>, DictionaryNumbers)
    }

    let exponent: Int32
    private let source: Source

    /// Nil where the numbers do not share an exponent, or do not fit.
    init?(_ column: Column) {
        switch column.storage {
        case .decimals(let scaled, let exponent, let present):
            self.exponent = exponent
            source = .scaled(scaled, present)
        case .dictionary(let codes, _):
            guard let numbers = column.dictionaryNumbers else { return nil }
            exponent = numbers.exponent
            source = .coded(codes, numbers)
        case .sparse: return nil
        }
    }

    /// The number of a row; nil when it has none. Strings that read as numbers count as such.
    @inline(__always)
    func number(at row: Int) -> Int64? {
        switch source {
        case .scaled(let scaled, let present): return present.contains(row) ? scaled[row] : nil
        case .coded(let codes, let numbers):
            let code = Int(codes[row])
            return numbers.kinds[code].isNumeric ? numbers.numbers[code] : nil
        }
    }
}
