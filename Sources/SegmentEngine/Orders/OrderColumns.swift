import EventModel

/// The columns that net orders need, as places among the plan's columns.
struct OrderColumns: Sendable {
    let orderID: Int
    let revenue: Int
    let total: Int
    let productID: Int
    let price: Int
    let quantity: Int
    let itemProductID: Int
    let itemPrice: Int
    let itemQuantity: Int

    static let events: [Text] = [
        EventName.orderCompleted, EventName.orderUpdated, EventName.orderRefunded, EventName.orderCancelled,
    ]

    init(_ column: (PropertyPath) -> Int) {
        orderID = column(RepeatedOrders.orderID)
        revenue = column(PropertyPath(.properties, ["revenue"]))
        total = column(PropertyPath(.properties, ["total"]))
        productID = column(PropertyPath(.properties, ["product_id"]))
        price = column(PropertyPath(.properties, ["price"]))
        quantity = column(PropertyPath(.properties, ["quantity"]))
        itemProductID = column(PropertyPath(.items, ["product_id"]))
        itemPrice = column(PropertyPath(.items, ["price"]))
        itemQuantity = column(PropertyPath(.items, ["quantity"]))
    }
}
