import Columns
import EventModel
import EventStore
import SegmentLanguage

/// A filter made ready for the rows of one block; without classes of its own below it accepts every row.
class RowTest {
    /// - Parameters:
    ///   - row: of the block.
    ///   - profile: whose row it is.
    func holds(_ row: Int, _ profile: Int32) -> Bool { true }

    /// The test of a filter.
    static func make(_ filter: ConditionNode, _ sweep: BlockSweep) -> RowTest {
        switch filter {
        case let filter as AndNode: AllTests(filter.operands.map { make($0, sweep) })
        case let filter as OrNode: AnyTest(filter.operands.map { make($0, sweep) })
        case let filter as NotNode: OppositeTest(make(filter.operand, sweep))
        case let filter as LeafNode: leaf(filter, sweep)
        default: NodeTest(filter, sweep)
        }
    }

    /// A comparison with literals, over the dictionary or the numbers of its column.
    private static func leaf(_ leaf: LeafNode, _ sweep: BlockSweep) -> RowTest {
        let binding = sweep.binding
        guard leaf.path.path.scope != .items, !(binding.hasCatalogue && leaf.path.usesCatalogue) else {
            return NodeTest(leaf, sweep)
        }
        let whenAbsent = leaf.test.holds(.null)
        switch binding.columns[leaf.path.column]?.storage {
        case nil: return whenAbsent ? RowTest() : OppositeTest(RowTest())
        case .dictionary(let codes, let values):
            return CodeTest(codes: codes, verdicts: values.map { leaf.test.holds(Value($0)) })
        case .decimals(let scaled, let exponent, let present):
            guard let (comparison, number) = leaf.number, let bound = number.scaled(exponent: exponent) else {
                return NodeTest(leaf, sweep)
            }
            return NumberTest(
                scaled: scaled, present: present.count == scaled.count ? nil : present, comparison, bound,
                whenAbsent: whenAbsent)
        case .sparse: return NodeTest(leaf, sweep)
        }
    }
}

/// Looks a row's code up among the values that were decided beforehand.
private final class CodeTest: RowTest {
    private let codes: [UInt32]
    private let verdicts: [Bool]

    init(codes: [UInt32], verdicts: [Bool]) {
        self.codes = codes
        self.verdicts = verdicts
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool { verdicts[Int(codes[row])] }
}

/// Compares a row's number with a literal.
private final class NumberTest: RowTest {
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
}

private final class AllTests: RowTest {
    private let tests: [RowTest]

    init(_ tests: [RowTest]) { self.tests = tests }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        for test in tests where !test.holds(row, profile) { return false }
        return true
    }
}

private final class AnyTest: RowTest {
    private let tests: [RowTest]

    init(_ tests: [RowTest]) { self.tests = tests }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        for test in tests where test.holds(row, profile) { return true }
        return false
    }
}

private final class OppositeTest: RowTest {
    private let test: RowTest

    init(_ test: RowTest) { self.test = test }

    override func holds(_ row: Int, _ profile: Int32) -> Bool { !test.holds(row, profile) }
}

/// Leaves out the rows of orders that repeat an earlier one.
final class UnrepeatedTest: RowTest {
    private let repeated: Bitmap
    private let test: RowTest?

    init(repeated: Bitmap, _ test: RowTest?) {
        self.repeated = repeated
        self.test = test
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        !repeated.contains(row) && test?.holds(row, profile) ?? true
    }
}

/// Asks the node itself.
private final class NodeTest: RowTest {
    private let node: ConditionNode
    private unowned let sweep: BlockSweep

    init(_ node: ConditionNode, _ sweep: BlockSweep) {
        self.node = node
        self.sweep = sweep
    }

    override func holds(_ row: Int, _ profile: Int32) -> Bool {
        node.evaluate(sweep.frame(of: profile), Occurrence(row: row)).holds
    }
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
