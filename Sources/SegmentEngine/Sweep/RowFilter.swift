import Columns
import EventModel
import EventStore
import SegmentLanguage

/// A filter made ready for the rows of one block; without classes of its own below it accepts every row.
class RowFilter {
    /// The rows of a stretch for which it holds; nil when rows must be asked about one by one.
    func mask(_ rows: Range<Int>) -> RowMask? { RowMask(all: rows) }

    /// - Parameters:
    ///   - row: of the block.
    ///   - profile: whose row it is.
    func holds(_ row: Int, _ profile: Int32) -> Bool { true }

    /// The filter of a condition.
    static func make(_ filter: ConditionNode, _ sweep: BlockSweep) -> RowFilter {
        switch filter {
        case let filter as AndNode: AllFilters(filter.operands.map { make($0, sweep) })
        case let filter as OrNode: AnyFilter(filter.operands.map { make($0, sweep) })
        case let filter as NotNode: OppositeFilter(make(filter.operand, sweep))
        case let filter as LeafNode: leaf(filter, sweep)
        default: ClockFilter.make(filter, sweep) ?? NodeFilter(filter, sweep)
        }
    }

    /// A comparison with literals, over the dictionary or the numbers of its column.
    private static func leaf(_ leaf: LeafNode, _ sweep: BlockSweep) -> RowFilter {
        let binding = sweep.binding
        guard leaf.path.path.scope != .items, !(binding.hasCatalogue && leaf.path.usesCatalogue) else {
            return NodeFilter(leaf, sweep)
        }
        let whenAbsent = leaf.test.holds(.null)
        let column = binding.filledColumn(leaf.path.column)
        switch column?.storage {
        case nil: return whenAbsent ? RowFilter() : OppositeFilter(RowFilter())
        case .dictionary(let codes, let values):
            return CodeFilter(
                codes: codes, verdicts: verdicts(leaf, values, leaf.number == nil ? nil : column?.dictionaryNumbers))
        case .decimals(let scaled, let exponent, let present):
            guard let (comparison, number) = leaf.number, let bound = number.scaled(exponent: exponent) else {
                return NodeFilter(leaf, sweep)
            }
            return NumberFilter(
                scaled: scaled, present: present.count == scaled.count ? nil : present, comparison, bound,
                whenAbsent: whenAbsent)
        case .sparse: return NodeFilter(leaf, sweep)
        }
    }

    /// What a comparison says of each cell of a dictionary; where both are numbers, these decide.
    private static func verdicts(_ leaf: LeafNode, _ cells: [Cell], _ numbers: DictionaryNumbers?) -> [Bool] {
        guard let numbers, let (comparison, number) = leaf.number, let bound = number.scaled(exponent: numbers.exponent)
        else { return cells.map { leaf.test.holds(Value($0)) } }
        return cells.indices.map { code in
            numbers.kinds[code] == .number
                ? comparison.holds(numbers.numbers[code], bound) : leaf.test.holds(Value(cells[code]))
        }
    }
}

/// Looks a row's code up among the values that were decided beforehand.
private final class CodeFilter: RowFilter {
    private let codes: [UInt32]
    private let verdicts: [Bool]

    init(codes: [UInt32], verdicts: [Bool]) {
        self.codes = codes
        self.verdicts = verdicts
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool { verdicts[Int(codes[row])] }

    override func mask(_ rows: Range<Int>) -> RowMask? {
        codes.withUnsafeBufferPointer { codes in
            verdicts.withUnsafeBufferPointer { verdicts in RowMask(rows) { verdicts[Int(codes[$0])] } }
        }
    }
}

/// Compares a row's number with a literal.
private final class NumberFilter: RowFilter {
    private let scaled: [Int64]
    /// Nil when all rows have a number.
    private let present: Bitmap?
    private let comparison: Comparison
    private let bound: Int64
    private let whenAbsent: Bool

    init(scaled: [Int64], present: Bitmap?, _ comparison: Comparison, _ bound: Int64, whenAbsent: Bool) {
        self.scaled = scaled
        self.present = present
        self.comparison = comparison
        self.bound = bound
        self.whenAbsent = whenAbsent
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        if let present, !present.contains(row) { return whenAbsent }
        return comparison.holds(scaled[row], bound)
    }

    override func mask(_ rows: Range<Int>) -> RowMask? {
        let bound = bound
        var mask = scaled.withUnsafeBufferPointer { scaled in
            switch comparison {
            case .equal: RowMask(rows) { scaled[$0] == bound }
            case .notEqual: RowMask(rows) { scaled[$0] != bound }
            case .less: RowMask(rows) { scaled[$0] < bound }
            case .lessOrEqual: RowMask(rows) { scaled[$0] <= bound }
            case .greater: RowMask(rows) { scaled[$0] > bound }
            case .greaterOrEqual: RowMask(rows) { scaled[$0] >= bound }
            }
        }
        guard let present else { return mask }
        let own = RowMask(rows, in: present)
        mask.formIntersection(own)
        if whenAbsent {
            var absent = RowMask(all: rows)
            absent.subtract(own)
            mask.formUnion(absent)
        }
        return mask
    }
}

private final class AllFilters: RowFilter {
    private let filters: [RowFilter]

    init(_ filters: [RowFilter]) { self.filters = filters }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        for filter in filters where !filter.holds(row, profile) { return false }
        return true
    }

    override func mask(_ rows: Range<Int>) -> RowMask? {
        var all: RowMask?
        for filter in filters {
            guard let mask = filter.mask(rows) else { return nil }
            if all == nil { all = mask } else { all?.formIntersection(mask) }
        }
        return all
    }
}

private final class AnyFilter: RowFilter {
    private let filters: [RowFilter]

    init(_ filters: [RowFilter]) { self.filters = filters }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        for filter in filters where filter.holds(row, profile) { return true }
        return false
    }

    override func mask(_ rows: Range<Int>) -> RowMask? {
        var any: RowMask?
        for filter in filters {
            guard let mask = filter.mask(rows) else { return nil }
            if any == nil { any = mask } else { any?.formUnion(mask) }
        }
        return any
    }
}

private final class OppositeFilter: RowFilter {
    private let filter: RowFilter

    init(_ filter: RowFilter) { self.filter = filter }

    override func holds(_ row: Int, _ profile: Int32) -> Bool { !filter.holds(row, profile) }

    override func mask(_ rows: Range<Int>) -> RowMask? {
        guard let mask = filter.mask(rows) else { return nil }
        var all = RowMask(all: rows)
        all.subtract(mask)
        return all
    }
}

/// Leaves out the rows of orders that repeat an earlier one.
final class UnrepeatedFilter: RowFilter {
    private let repeated: Bitmap
    private let filter: RowFilter?

    init(repeated: Bitmap, _ filter: RowFilter?) {
        self.repeated = repeated
        self.filter = filter
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        !repeated.contains(row) && filter?.holds(row, profile) ?? true
    }

    override func mask(_ rows: Range<Int>) -> RowMask? {
        guard var mask = filter.map({ $0.mask(rows) }) ?? RowMask(all: rows) else { return nil }
        mask.subtract(RowMask(rows, in: repeated))
        return mask
    }
}

/// Asks the node itself.
private final class NodeFilter: RowFilter {
    private let node: ConditionNode
    private unowned let sweep: BlockSweep

    init(_ node: ConditionNode, _ sweep: BlockSweep) {
        self.node = node
        self.sweep = sweep
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        node.evaluate(sweep.frame(of: profile), Occurrence(row: row)).holds
    }

    override func mask(_ rows: Range<Int>) -> RowMask? { nil }
}

extension Comparison {
    /// Whether the comparison holds between two whole numbers, or instants.
    @inline(__always)
    func holds(_ value: Int64, _ bound: Int64) -> Bool {
        switch self {
        case .equal: value == bound
        case .notEqual: value != bound
        case .less: value < bound
        case .lessOrEqual: value <= bound
        case .greater: value > bound
        case .greaterOrEqual: value >= bound
        }
    }
}
