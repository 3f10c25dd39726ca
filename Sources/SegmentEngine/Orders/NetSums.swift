import Columns
import EventModel
import EventStore

/// Net orders and revenue of profiles whose orders nothing has changed: plain counts and sums.
struct NetSums {
    /// Revenue is a whole number times ten to this.
    let exponent: Int32
    private let orders: Stretches
    private let changes: [Stretches]
    private let numbers: RowNumbers
    private let ids: RowKeys
    private let repeated: Bitmap

    /// Nil where there are no orders, or their revenues are no numbers of one exponent.
    init?(_ sweep: BlockSweep) {
        guard let columns = sweep.plan.wellKnown.orders, let code = sweep.binding.orderCode else { return nil }
        orders = sweep.stretches(of: code, in: nil)
        guard !orders.rows.isEmpty,
            let numbers = RowNumbersMaker(sweep: sweep, rows: orders.rows).numbers(ofColumn: columns.revenue),
            numbers.sumFits(orders.rows.count)
        else { return nil }
        self.numbers = numbers
        exponent = numbers.exponent
        ids = RowKeys(sweep.binding.filledColumn(columns.orderID))
        repeated = sweep.binding.repeatedOrders
        changes = OrderColumns.events.filter { $0 != EventName.orderCompleted }.compactMap { name in
            sweep.block.code(ofEvent: name).map { sweep.stretches(of: $0, in: nil) }
        }
    }

    /// Nil for a profile that has updates, refunds or cancellations.
    func sums(of profile: Int32) -> (count: Int64, revenue: Int64)? {
        for change in changes {
            let (start, end) = change.range(profile)
            if start < end { return nil }
        }
        var (count, revenue) = (Int64(0), Int64(0))
        let (start, end) = orders.range(profile)
        for row in start..<end where !repeated.contains(row) {
            let own = numbers.present?.contains(row) ?? true ? numbers.values[row - numbers.base] : 0
            count += 1
            // As `NetOrders` has it: what an id names is never below zero.
            revenue += ids.key(row) >= 0 ? max(own, 0) : own
        }
        return (count, revenue)
    }
}
