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
            guard rows.count > 1, !hasOnlyOwnCodes(rows, column) else { continue }
            var seen: Set<Text> = []
            for row in rows {
                guard let identity = Value(column.cell(at: row)).identity else { continue }
                if !seen.insert(identity).inserted { repeated.insert(row) }
            }
        }
        return repeated
    }

    /// Up to so many orders are compared each with each.
    private static let fewOrders = 32

    /// Whether all ids are strings, and no two the same; then nothing is repeated.
    private static func hasOnlyOwnCodes(_ rows: Range<Int>, _ column: Column) -> Bool {
        guard rows.count <= fewOrders, case .dictionary(let codes, let values) = column.storage else { return false }
        for row in rows {
            guard case .string = values[Int(codes[row])] else { return false }
            for earlier in rows.lowerBound..<row where codes[earlier] == codes[row] { return false }
        }
        return true
    }
}
