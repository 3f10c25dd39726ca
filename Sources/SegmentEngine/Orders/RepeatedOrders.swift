import Columns
import EventModel
import EventStore

/// Finds the orders that repeat the `order_id` of an earlier one: of one profile's, the first in history order counts.
///
/// Which one is first does not depend on the instant: whenever a later one is visible, so is the first.
enum RepeatedOrders {
    static let orderID = PropertyPath(.properties, ["order_id"])

    static func rows(in block: HistoryBlock, orderCode: UInt32?) -> Bitmap {
        var repeated = Bitmap()
        guard let orderCode, let column = block.column(orderID) else { return repeated }
        for profile in 0..<block.profileCount {
            let rows = block.run(profile: profile, name: orderCode)
            guard rows.count > 1 else { continue }
            var seen: Set<Text> = []
            for row in rows {
                guard let identity = Value(column.cell(at: row)).identity else { continue }
                if !seen.insert(identity).inserted { repeated.insert(row) }
            }
        }
        return repeated
    }
}
