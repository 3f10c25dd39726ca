import EventModel
import EventStore

/// What remains of a profile's orders after updates, refunds and cancellations.
struct NetOrders {
    /// An order id as the updates see it.
    private struct Changes {
        var latestRevenue: Decimal128?
        var refunds = Decimal128.ExactSum()
        var refundsEverything = false
        var isCancelled = false
        var hasRefund: Bool { refunds.count > 0 || refundsEverything }
    }

    private(set) var count = 0
    /// Nil when it is outside the decimals.
    var revenue: Decimal128? { isOutside ? nil : sum.value() }
    private var sum = Decimal128.ExactSum()
    private var isOutside = false

    init(_ frame: Frame) {
        let evaluator = frame.root.evaluator
        guard let columns = evaluator.plan.wellKnown.orders else { return }
        let reader = Reader(evaluator: evaluator, frame: frame.root, columns: columns)
        let changes = reader.changes()
        reader.forEachRow(EventName.orderCompleted) { row in
            let own = reader.number(columns.revenue, row)
            let id = reader.value(columns.orderID, row)
            // Nothing changed any order: the id alone does not matter, only whether there is one.
            if changes.isEmpty, id.hasIdentity { return addNet(of: own, after: nil) }
            guard let id = id.identity else {
                count += 1
                add(own ?? 0)
                return
            }
            addNet(of: own, after: changes[id])
        }
    }

    private mutating func addNet(of own: Decimal128?, after changes: Changes?) {
        let revenue = changes?.latestRevenue ?? own ?? 0
        guard let changes else {
            count += 1
            return add(max(revenue, 0))
        }
        if changes.isCancelled || changes.refundsEverything { return }
        guard changes.hasRefund else {
            count += 1
            return add(max(revenue, 0))
        }
        guard let refunded = changes.refunds.value(), refunded < revenue else { return }
        count += 1
        guard let rest = revenue.subtracting(refunded) else {
            isOutside = true
            return
        }
        add(max(rest, 0))
    }

    private mutating func add(_ amount: Decimal128) { sum.add(amount) }

    /// Reads the rows of orders that the frame sees.
    private struct Reader {
        let evaluator: ProfileEvaluator
        let frame: Frame
        let columns: OrderColumns

        func value(_ column: Int, _ at: Int) -> Value { evaluator.binding.value(column, at: at) }
        func number(_ column: Int, _ at: Int) -> Decimal128? { value(column, at).numeric }

        func forEachRow(_ name: Text, _ body: (Int) -> Void) {
            guard let code = evaluator.block.code(ofEvent: name) else { return }
            let run = evaluator.visibleRun(code, frame)
            for index in 0..<run.count { body(run[index]) }
        }

        func changes() -> [Text: Changes] {
            var changes: [Text: Changes] = [:]
            forEachRow(EventName.orderUpdated) { row in
                guard let id = value(columns.orderID, row).identity else { return }
                if let revenue = number(columns.revenue, row) {
                    changes[id, default: Changes()].latestRevenue = revenue
                }
            }
            forEachRow(EventName.orderCancelled) { row in
                guard let id = value(columns.orderID, row).identity else { return }
                changes[id, default: Changes()].isCancelled = true
            }
            forEachRow(EventName.orderRefunded) { row in
                guard let id = value(columns.orderID, row).identity else { return }
                if let amount = refund(row) {
                    changes[id, default: Changes()].refunds.add(amount)
                } else {
                    changes[id, default: Changes()].refundsEverything = true
                }
            }
            return changes
        }

        /// The amount of a refund; nil when it refunds everything.
        private func refund(_ row: Int) -> Decimal128? {
            if let total = number(columns.total, row) { return total }
            let flags = evaluator.binding.flags[row]
            if flags & HistoryBlock.Flag.ownItem != 0 {
                return amount(row, columns.productID, columns.price, columns.quantity)
            }
            guard flags & HistoryBlock.Flag.storedItems != 0 else { return nil }
            var sum = Decimal128.ExactSum()
            let offsets = evaluator.block.itemOffsets
            for item in Int(offsets[row])..<Int(offsets[row + 1]) {
                sum.add(amount(item, columns.itemProductID, columns.itemPrice, columns.itemQuantity))
            }
            return sum.value() ?? 0
        }

        private func amount(_ at: Int, _ productID: Int, _ price: Int, _ quantity: Int) -> Decimal128 {
            let own = number(price, at)
            let price =
                own
                ?? value(productID, at).identity.flatMap {
                    evaluator.settings.catalogue.value(productID: $0, path: ["price"])
                }?.numeric
            return price.flatMap { $0.multiplied(by: number(quantity, at) ?? 1) } ?? 0
        }
    }
}
