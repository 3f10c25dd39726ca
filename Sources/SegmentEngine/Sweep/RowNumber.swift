import Columns
import EventModel
import EventStore
import SegmentLanguage

/// A number that is read from rows without leaving whole numbers: a property, or arithmetic on such.
class RowNumber {
    /// Values are whole numbers times ten to this exponent.
    let exponent: Int32

    init(exponent: Int32) { self.exponent = exponent }

    /// The row's number; nil when it is null. `overflow` is set when it does not fit.
    func read(_ row: Int, _ overflow: inout Bool) -> Int64? { nil }

    /// The numbers of an expression in one block; nil where it is not as simple as that.
    static func make(_ expression: ValueNode, _ sweep: BlockSweep) -> RowNumber? {
        switch expression {
        case let node as PropertyNode: column(node.path, sweep)
        case let node as ConstantNode:
            if case .number(let number) = node.value { Constant(number) } else { nil }
        case let node as ArithmeticNode: arithmetic(node, sweep)
        default: nil
        }
    }

    private static func arithmetic(_ node: ArithmeticNode, _ sweep: BlockSweep) -> RowNumber? {
        guard let left = make(node.left, sweep), let right = make(node.right, sweep) else { return nil }
        switch node.operation {
        case .multiply:
            let exponent = Int(left.exponent) + Int(right.exponent)
            guard let exponent = Int32(exactly: exponent), Decimal128.scaledExponents.contains(exponent) else {
                return nil
            }
            return Product(left, right, exponent: exponent)
        case .add where left.exponent == right.exponent: return Sum(left, right, isDifference: false)
        case .subtract where left.exponent == right.exponent: return Sum(left, right, isDifference: true)
        case .add, .subtract, .divide: return nil
        }
    }

    private static func column(_ path: PathSlot, _ sweep: BlockSweep) -> RowNumber? {
        guard path.path.scope != .items, !(sweep.binding.hasCatalogue && path.usesCatalogue) else { return nil }
        switch sweep.binding.columns[path.column]?.storage {
        case nil: return RowNumber(exponent: 0)
        case .decimals(let scaled, let exponent, let present):
            return Numbers(scaled: scaled, present: present.count == scaled.count ? nil : present, exponent: exponent)
        case .dictionary(let codes, let values): return Coded(codes: codes, values: values)
        case .sparse: return nil
        }
    }

    private final class Constant: RowNumber {
        private let number: Int64

        init?(_ number: Decimal128) {
            let exponent = number.isInteger ? 0 : number.exponent
            guard let exponent = Int32(exactly: Int(exponent)), let scaled = number.scaled(exponent: exponent) else {
                return nil
            }
            self.number = scaled
            super.init(exponent: exponent)
        }

        override func read(_ row: Int, _ overflow: inout Bool) -> Int64? { number }
    }

    private final class Numbers: RowNumber {
        private let scaled: [Int64]
        private let present: Bitmap?

        init(scaled: [Int64], present: Bitmap?, exponent: Int32) {
            self.scaled = scaled
            self.present = present
            super.init(exponent: exponent)
        }

        override func read(_ row: Int, _ overflow: inout Bool) -> Int64? {
            if let present, !present.contains(row) { return nil }
            return scaled[row]
        }
    }

    /// A column with a dictionary, all of whose numbers fit one exponent.
    private final class Coded: RowNumber {
        private let codes: [UInt32]
        private let numbers: [Int64?]

        init?(codes: [UInt32], values: [Cell]) {
            let decimals = values.map { Value($0).numeric }
            let exponent = decimals.compactMap { $0 }.filter { !$0.isZero }.map(\.exponent).min() ?? 0
            guard Decimal128.scaledExponents.contains(exponent) else { return nil }
            var numbers: [Int64?] = []
            numbers.reserveCapacity(decimals.count)
            for decimal in decimals {
                guard let decimal else {
                    numbers.append(nil)
                    continue
                }
                guard let scaled = decimal.scaled(exponent: exponent) else { return nil }
                numbers.append(scaled)
            }
            self.codes = codes
            self.numbers = numbers
            super.init(exponent: exponent)
        }

        override func read(_ row: Int, _ overflow: inout Bool) -> Int64? { numbers[Int(codes[row])] }
    }

    private final class Product: RowNumber {
        private let left: RowNumber
        private let right: RowNumber

        init(_ left: RowNumber, _ right: RowNumber, exponent: Int32) {
            self.left = left
            self.right = right
            super.init(exponent: exponent)
        }

        override func read(_ row: Int, _ overflow: inout Bool) -> Int64? {
            guard let a = left.read(row, &overflow), let b = right.read(row, &overflow) else { return nil }
            let (product, isTooLarge) = a.multipliedReportingOverflow(by: b)
            if isTooLarge { overflow = true }
            return product
        }
    }

    private final class Sum: RowNumber {
        private let left: RowNumber
        private let right: RowNumber
        private let isDifference: Bool

        init(_ left: RowNumber, _ right: RowNumber, isDifference: Bool) {
            self.left = left
            self.right = right
            self.isDifference = isDifference
            super.init(exponent: left.exponent)
        }

        override func read(_ row: Int, _ overflow: inout Bool) -> Int64? {
            guard let a = left.read(row, &overflow), let b = right.read(row, &overflow) else { return nil }
            let (sum, isTooLarge) = isDifference ? a.subtractingReportingOverflow(b) : a.addingReportingOverflow(b)
            if isTooLarge { overflow = true }
            return sum
        }
    }
}
