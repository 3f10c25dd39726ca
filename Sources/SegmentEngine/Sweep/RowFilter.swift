import Columns
import EventModel
import EventStore
import SegmentLanguage

/// A filter made ready for the rows of one block; without classes of its own below it accepts every row.
class RowFilter {
    /// Keeps those rows of a mask for which it holds; false, and the mask is of no more use, when rows must be asked
    /// about one by one.
    func refine(_ mask: inout RowMask) -> Bool { true }

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
                scaled: scaled, present: present.count == binding.block.rowCount ? nil : present, comparison, bound,
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
    private let codes: ColumnSlice<UInt32>
    private let verdicts: [Bool]

    init(codes: ColumnSlice<UInt32>, verdicts: [Bool]) {
        self.codes = codes
        self.verdicts = verdicts
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool { verdicts[Int(codes[row])] }

    override func refine(_ mask: inout RowMask) -> Bool {
        codes.withReader { codes in
            verdicts.withUnsafeBufferPointer { verdicts in mask.filter { verdicts[Int(codes[$0])] } }
        }
        return true
    }
}

/// Compares a row's number with a literal.
private final class NumberFilter: RowFilter {
    private let scaled: ColumnSlice<Int64>
    /// Nil when all rows have a number.
    private let present: Bitmap?
    private let comparison: Comparison
    private let bound: Int64
    private let whenAbsent: Bool

    init(
        scaled: ColumnSlice<Int64>, present: Bitmap?, _ comparison: Comparison, _ bound: Int64, whenAbsent: Bool
    ) {
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

    override func refine(_ mask: inout RowMask) -> Bool {
        let bound = bound
        var absent = mask
        if let present { mask.formIntersection(present) }
        scaled.withReader { scaled in
            switch comparison {
            case .equal: mask.filter { scaled[$0] == bound }
            case .notEqual: mask.filter { scaled[$0] != bound }
            case .less: mask.filter { scaled[$0] < bound }
            case .lessOrEqual: mask.filter { scaled[$0] <= bound }
            case .greater: mask.filter { scaled[$0] > bound }
            case .greaterOrEqual: mask.filter { scaled[$0] >= bound }
            }
        }
        if let present, whenAbsent {
            absent.subtract(present)
            mask.formUnion(absent)
        }
        return true
    }
}

private final class AllFilters: RowFilter {
    private let filters: [RowFilter]

    init(_ filters: [RowFilter]) { self.filters = filters }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        for filter in filters where !filter.holds(row, profile) { return false }
        return true
    }

    override func refine(_ mask: inout RowMask) -> Bool { filters.allSatisfy { $0.refine(&mask) } }
}

private final class AnyFilter: RowFilter {
    private let filters: [RowFilter]

    init(_ filters: [RowFilter]) { self.filters = filters }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        for filter in filters where filter.holds(row, profile) { return true }
        return false
    }

    override func refine(_ mask: inout RowMask) -> Bool {
        var rest = mask
        for filter in filters {
            var holding = rest
            guard filter.refine(&holding) else { return false }
            rest.subtract(holding)
        }
        mask.subtract(rest)
        return true
    }
}

private final class OppositeFilter: RowFilter {
    private let filter: RowFilter

    init(_ filter: RowFilter) { self.filter = filter }

    override func holds(_ row: Int, _ profile: Int32) -> Bool { !filter.holds(row, profile) }

    override func refine(_ mask: inout RowMask) -> Bool {
        var holding = mask
        guard filter.refine(&holding) else { return false }
        mask.subtract(holding)
        return true
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

    override func refine(_ mask: inout RowMask) -> Bool {
        mask.subtract(repeated)
        return filter?.refine(&mask) ?? true
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

    override func refine(_ mask: inout RowMask) -> Bool { false }
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
