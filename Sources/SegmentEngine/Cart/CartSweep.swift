import Columns
import EventModel
import EventStore

/// The carts of the profiles of a block at one instant.
///
/// An order empties the cart, so only what came after the last one is replayed.
struct CartSweep {
    /// Whoever keeps this belongs to it.
    private unowned let evaluator: ProfileEvaluator
    private let columns: CartColumns
    private let orders: Stretches?
    private let others: [(name: Text, stretches: Stretches)]

    /// Nil for plans that never ask for carts.
    init?(_ sweep: BlockSweep) {
        guard let columns = sweep.plan.wellKnown.cart else { return nil }
        evaluator = sweep.evaluator
        self.columns = columns
        orders = sweep.block.code(ofEvent: EventName.orderCompleted).map { sweep.stretches(of: $0, in: nil) }
        others = CartColumns.events.filter { $0 != EventName.orderCompleted }.compactMap { name in
            sweep.block.code(ofEvent: name).map { (name, sweep.stretches(of: $0, in: nil)) }
        }
    }

    /// The state of a profile's cart; nil when nothing ever concerned it.
    func state(of profile: Int32) -> CartHistory.State? {
        let (first, end) = orders?.range(profile) ?? (0, 0)
        // Orders that repeat another one do not count, whatever they ask for.
        let last = (first..<end).last { !evaluator.binding.repeatedOrders.contains($0) }
        let emptied = last.map { evaluator.position(of: $0) }
        var steps: [(position: Position, row: Int, name: Text)] = []
        for (name, stretches) in others {
            let (start, end) = stretches.range(profile)
            var row = end - 1
            while row >= start {
                let position = evaluator.position(of: row)
                if let emptied, position < emptied { break }
                steps.append((position, row, name))
                row -= 1
            }
        }
        if steps.count > 1 { steps.sort { $0.position < $1.position } }
        var replay = CartReplay(evaluator: evaluator, columns: columns)
        var updated = emptied?.time
        for step in steps where replay.apply(step.name, row: step.row) { updated = step.position.time }
        return updated.map { replay.state(updated: $0) }
    }
}
