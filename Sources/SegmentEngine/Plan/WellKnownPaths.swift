/// Columns that the language's own notions read, as places among the plan's columns; nil where nothing asks.
struct WellKnownPaths: Sendable {
    var productID = 0
    var itemProductID = 0
    var timezone: Int?
    var cart: CartColumns?
    var orders: OrderColumns?
}
