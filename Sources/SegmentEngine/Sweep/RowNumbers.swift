import EventModel
import EventStore
import SegmentLanguage

/// The numbers that an expression has for the rows of a stretch: whole numbers times ten to one exponent.
struct RowNumbers {
    let exponent: Int32
    /// The number of row r stands at `r - base`; anything where the row has none.
    let values: [Int64]
    let base: Int
    /// The rows that have a number; nil: all of the stretch.
    let present: RowMask?
    /// No number is larger in magnitude, but one below zero by one.
    let largest: UInt64

    init(exponent: Int32, values: [Int64], base: Int, present: RowMask?, rows: Range<Int>) {
        self.exponent = exponent
        self.values = values
        self.base = base
        self.present = present
        var bits: UInt64 = 0
        values.withUnsafeBufferPointer { values in
            for row in rows { bits |= UInt64(bitPattern: values[row &- base] ^ (values[row &- base] >> 63)) }
        }
        largest = bits
    }

    init(exponent: Int32, values: [Int64], base: Int, present: RowMask?, largest: UInt64) {
        self.exponent = exponent
        self.values = values
        self.base = base
        self.present = present
        self.largest = largest
    }

    /// Whether `count` of the numbers always have a sum of 64 bits.
    func sumFits(_ count: Int) -> Bool {
        let (product, overflow) = largest.multipliedReportingOverflow(by: UInt64(max(count, 1)))
        return !overflow && product <= UInt64(Int64.max) - UInt64(max(count, 1))
    }

    /// Calls `body` with the numbers of the rows `start..<end` that `mask` holds, if there is one.
    @inline(__always)
    func forEach(_ start: Int, _ end: Int, _ mask: RowMask.Bits?, _ body: (Int64) -> Void) {
        values.withUnsafeBufferPointer { values in
            switch (mask, present) {
            case (nil, nil):
                var row = start
                while row < end {
                    body(values[row &- base])
                    row &+= 1
                }
            case (nil, let present?):
                present.withBits { $0.forEach(start, end) { body(values[$0 &- base]) } }
            case (let mask?, nil):
                mask.forEach(start, end) { body(values[$0 &- base]) }
            case (let mask?, let present?):
                present.withBits { present in
                    mask.forEach(start, end) { row in
                        if present.contains(row) { body(values[row &- base]) }
                    }
                }
            }
        }
    }
}

/// Makes the numbers of expressions: properties, literals, arithmetic on such.
struct RowNumbersMaker {
    let sweep: BlockSweep
    let rows: Range<Int>

    /// Nil where the numbers do not share an exponent, do not fit, or need more than the row's own columns.
    func make(_ expression: ValueNode) -> RowNumbers? {
        switch expression {
        case let node as PropertyNode: column(node.path)
        case let node as ArithmeticNode: arithmetic(node)
        default: nil
        }
    }

    private func column(_ path: PathSlot) -> RowNumbers? {
        guard path.path.scope != .items, !(sweep.binding.hasCatalogue && path.usesCatalogue) else { return nil }
        return numbers(ofColumn: path.column)
    }

    /// The numbers that rows have in a column themselves; nil as above.
    func numbers(ofColumn column: Int) -> RowNumbers? {
        let column = sweep.binding.filledColumn(column)
        switch column?.storage {
        case nil:
            return RowNumbers(
                exponent: 0, values: [], base: rows.lowerBound, present: RowMask(rows) { _ in false }, rows: 0..<0)
        case .decimals(let scaled, let exponent, let present):
            let mask = RowMask(rows, in: present)
            let isCovered = scaled.rows.contains(rows.lowerBound) && rows.upperBound <= scaled.rows.upperBound
            return RowNumbers(
                exponent: exponent, values: scaled.numbers, base: scaled.first,
                present: mask.count == rows.count ? nil : mask, rows: isCovered ? rows : 0..<0)
        case .dictionary(let codes, _): return column?.dictionaryNumbers.map { coded(codes, $0) }
        case .sparse: return nil
        }
    }

    /// A column with a dictionary, all of whose numbers fit one exponent.
    private func coded(_ codes: ColumnSlice<UInt32>, _ dictionary: DictionaryNumbers) -> RowNumbers {
        let hasOthers = dictionary.hasOthers
        var smallest = UInt32.max
        let values = [Int64](unsafeUninitializedCapacity: rows.count) { values, initialized in
            codes.withReader { codes in
                dictionary.numbers.withUnsafeBufferPointer { numbers in
                    for row in rows {
                        let code = codes[row]
                        smallest = min(smallest, code)
                        values[row &- rows.lowerBound] = numbers[Int(code)]
                    }
                }
            }
            initialized = rows.count
        }
        var present: RowMask?
        if hasOthers || smallest == 0 {
            let mask = codes.withReader { codes in
                hasOthers
                    ? RowMask(rows) { dictionary.kinds[Int(codes[$0])].isNumeric } : RowMask(rows) { codes[$0] != 0 }
            }
            if mask.count < rows.count { present = mask }
        }
        return RowNumbers(
            exponent: dictionary.exponent, values: values, base: rows.lowerBound, present: present,
            largest: dictionary.largest)
    }

    private func arithmetic(_ node: ArithmeticNode) -> RowNumbers? {
        if let constant = Scaled(node.right), let left = make(node.left) {
            return result(left, node.operation, exponent: constant.exponent) { _ in constant.number }
        }
        if let constant = Scaled(node.left), let right = make(node.right), node.operation != .subtract {
            return result(right, node.operation, exponent: constant.exponent) { _ in constant.number }
        }
        guard let left = make(node.left), let right = make(node.right) else { return nil }
        let numbers = right.values.withUnsafeBufferPointer { values in
            result(left, node.operation, exponent: right.exponent) { row in
                right.present.map { $0.contains(row) } ?? true ? values[row - right.base] : 0
            }
        }
        guard let numbers, let present = right.present else { return numbers }
        var both = present
        if let own = left.present { both.formIntersection(own) }
        return RowNumbers(
            exponent: numbers.exponent, values: numbers.values, base: numbers.base, present: both, rows: rows)
    }

    /// The numbers of `left` with others of a fixed exponent beside them; rows without stay without.
    @inline(__always)
    private func result(
        _ left: RowNumbers, _ operation: ArithmeticOperator, exponent: Int32, _ right: (Int) -> Int64
    ) -> RowNumbers? {
        let joined: Int
        switch operation {
        case .multiply: joined = Int(left.exponent) + Int(exponent)
        case .add, .subtract:
            guard left.exponent == exponent else { return nil }
            joined = Int(exponent)
        case .divide: return nil
        }
        guard let wanted = Int32(exactly: joined), Decimal128.scaledExponents.contains(wanted) else { return nil }
        var overflow = false
        let values = [Int64](unsafeUninitializedCapacity: rows.count) { values, initialized in
            for row in rows {
                let a = left.present.map { $0.contains(row) } ?? true ? left.values[row - left.base] : 0
                let (number, isTooLarge) =
                    switch operation {
                    case .multiply: a.multipliedReportingOverflow(by: right(row))
                    case .add: a.addingReportingOverflow(right(row))
                    case .subtract, .divide: a.subtractingReportingOverflow(right(row))
                    }
                overflow = overflow || isTooLarge
                values[row - rows.lowerBound] = number
            }
            initialized = rows.count
        }
        if overflow { return nil }
        return RowNumbers(
            exponent: wanted, values: values, base: rows.lowerBound, present: left.present, rows: rows)
    }

    /// A literal number.
    private struct Scaled {
        let number: Int64
        let exponent: Int32

        init?(_ node: ValueNode) {
            guard let node = node as? ConstantNode, case .number(let decimal) = node.value else { return nil }
            let exponent = decimal.isInteger ? 0 : decimal.exponent
            guard let number = decimal.scaled(exponent: exponent) else { return nil }
            self.number = number
            self.exponent = exponent
        }
    }
}
