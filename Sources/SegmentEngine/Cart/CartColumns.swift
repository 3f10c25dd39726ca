import EventModel

/// The columns that the cart needs, as places among the plan's columns.
struct CartColumns: Sendable {
    let productID: Int
    let sku: Int
    let variant: Int
    let quantity: Int
    let price: Int
    let itemProductID: Int
    let itemSKU: Int
    let itemVariant: Int
    let itemQuantity: Int
    let itemPrice: Int

    static let events: [Text] = [
        EventName.productAdded, EventName.wishlistProductAddedToCart, EventName.productRemoved,
        EventName.cartViewed, EventName.orderCompleted,
    ]

    init(_ column: (PropertyPath) -> Int) {
        productID = column(PropertyPath(.properties, ["product_id"]))
        sku = column(PropertyPath(.properties, ["sku"]))
        variant = column(PropertyPath(.properties, ["variant"]))
        quantity = column(PropertyPath(.properties, ["quantity"]))
        price = column(PropertyPath(.properties, ["price"]))
        itemProductID = column(PropertyPath(.items, ["product_id"]))
        itemSKU = column(PropertyPath(.items, ["sku"]))
        itemVariant = column(PropertyPath(.items, ["variant"]))
        itemQuantity = column(PropertyPath(.items, ["quantity"]))
        itemPrice = column(PropertyPath(.items, ["price"]))
    }
}
