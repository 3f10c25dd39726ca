import EventModel

/// The cells of a dictionary as whole numbers times ten to one exponent.
package struct DictionaryNumbers: Sendable {
    /// What stands under a code.
    package enum Kind: UInt8, Sendable {
        /// Nothing that counts as a number.
        case other
        case number
        /// A string that reads as a number.
        case text

        /// Whether it counts as a number.
        @inlinable
        package var isNumeric: Bool {
            switch self {
            case .other: false
            case .number, .text: true
            }
        }
    }

    /// All numbers are multiplied with ten to this power.
    package let exponent: Int32
    /// By code; 0 where there is none.
    package let numbers: [Int64]
    /// By code.
    package let kinds: [Kind]
    /// Whether some cell but that of rows without one is no number.
    package let hasOthers: Bool
    /// No number is larger in magnitude, but one below zero by one.
    package let largest: UInt64

    /// Nil where the numbers do not fit one exponent. Complexity: O(cells).
    package init?(_ cells: [Cell]) {
        var kinds: [Kind] = []
        var decimals: [Decimal128] = []
        kinds.reserveCapacity(cells.count)
        decimals.reserveCapacity(cells.count)
        var exponent: Int32 = 0
        for cell in cells {
            let (kind, decimal) = Self.read(cell)
            kinds.append(kind)
            decimals.append(decimal)
            if !decimal.isZero { exponent = min(exponent, decimal.exponent) }
        }
        guard Decimal128.scaledExponents.contains(exponent) else { return nil }
        var numbers: [Int64] = []
        numbers.reserveCapacity(cells.count)
        for decimal in decimals {
            guard let scaled = decimal.scaled(exponent: exponent) else { return nil }
            numbers.append(scaled)
        }
        self.exponent = exponent
        self.numbers = numbers
        self.kinds = kinds
        hasOthers = !kinds.dropFirst().allSatisfy(\.isNumeric)
        largest = numbers.reduce(0) { $0 | UInt64(bitPattern: $1 ^ ($1 >> 63)) }
    }

    private static func read(_ cell: Cell) -> (Kind, Decimal128) {
        switch cell {
        case .number(let number): return (.number, number)
        case .string(let text):
            guard let number = Decimal128(jsonNumber: text) else { return (.other, 0) }
            return (.text, number)
        default: return (.other, 0)
        }
    }
}
