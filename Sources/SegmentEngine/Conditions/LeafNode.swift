import Columns
import EventModel
import EventStore
import SegmentLanguage

/// A comparison of one property with literals, in a filter: decided once per distinct value of a column.
final class LeafNode: ConditionNode, @unchecked Sendable {
    let path: PathSlot
    let test: ValueTest
    /// Index among the plan's leaves.
    private let leaf: Int
    /// The number it is compared with, for columns of decimals.
    let number: (Comparison, Decimal128)?

    init(slot: Int, source: Condition, path: PathSlot, test: ValueTest, leaf: Int) {
        self.path = path
        self.test = test
        self.leaf = leaf
        if case .compare(let comparison, .number(let number), _) = test.kind {
            self.number = (comparison, number)
        } else {
            number = nil
        }
        super.init(
            slot: slot, traits: NodeTraits(readsRow: true, readsItem: path.path.scope == .items), source: source)
    }

    override func compute(_ frame: Frame, _ place: Occurrence) -> Truth {
        Truth(holds(frame, place))
    }

    override var isOfRowAlone: Bool { path.path.scope != .items }

    private func holds(_ frame: Frame, _ place: Occurrence) -> Bool {
        let evaluator = frame.evaluator
        let binding = evaluator.binding
        let isStoredItem = path.path.scope == .items && place.item >= 0
        let isOwnItem = path.path.scope == .items && place.item == Occurrence.ownItem
        // Visits have properties of their own; what the catalogue knows is not in the column.
        if place.visit >= 0 { return test.holds(evaluator.read(path, place, frame)) }
        let column = isOwnItem ? path.ownColumn : path.column
        let row = isStoredItem ? Int(place.item) : Int(place.row)
        if path.path.scope == .items, !isStoredItem, !isOwnItem { return test.holds(.null) }
        guard let source = binding.column(column) else { return absent(evaluator, place, frame) }
        let table = leaf * 2 + (isOwnItem ? 1 : 0)
        switch source.storage {
        case .dictionary(let codes, let values):
            let code = Int(codes[row])
            if code == 0 { return absent(evaluator, place, frame) }
            return binding.decide(self, table: table, code: code, values: values)
        case .sparse(let rows, let codes, let values):
            guard let position = Column.position(of: row, in: rows) else { return absent(evaluator, place, frame) }
            return binding.decide(self, table: table, code: Int(codes[position]), values: values)
        case .decimals(let scaled, let exponent, let present):
            guard present.contains(row) else { return absent(evaluator, place, frame) }
            if let (comparison, number) = number, let bound = number.scaled(exponent: exponent) {
                return comparison.holds(scaled[row], bound)
            }
            return test.holds(.number(Decimal128(scaled: scaled[row], exponent: exponent)))
        }
    }

    /// The event or item has no value of its own.
    private func absent(_ evaluator: ProfileEvaluator, _ place: Occurrence, _ frame: Frame) -> Bool {
        evaluator.binding.hasCatalogue
            ? test.holds(evaluator.read(path, place, frame)) : test.holds(.null)
    }
}
