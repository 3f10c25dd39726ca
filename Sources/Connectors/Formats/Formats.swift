/// All kinds of tables Shoal reads, in the order in which they are tried: platforms first, then from the most specific
/// to the least.
package enum Formats {
    package static let all: [any Format.Type] = [
        ShopifyOrders.self,
        ShopifyCustomers.self,
        WooCommerceOrders.self,
        WixOrders.self,
        CouponRedemptions.self,
        EventLogs.self,
        ItemLines.self,
        OrderLists.self,
        Products.self,
        Customers.self,
    ]

    /// Header keys that any of them knows; the delimiter that finds most of them is the file's.
    static let knownKeys: Set<String> = Set(all.flatMap { $0.rules.flatMap(\.keys) + $0.signature.map(Header.key) })
}
