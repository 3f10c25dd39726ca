extension Vocabulary {
    /// One event of the vocabulary.
    struct Row: Sendable {
        let name: Text
        /// Names it had before v2.
        let aliases: [Text]
        /// What the specification lists, without the fields of a product.
        let properties: [Text]
        /// The GA4 event it is sent as.
        let ga4: Text?
        /// False for page and screen views, which have no fields of their own.
        let isInTable: Bool

        init(_ name: Text, aliases: [Text] = [], _ properties: [Text], ga4: Text? = nil, isInTable: Bool = true) {
            self.name = name
            self.aliases = aliases
            self.properties = properties
            self.ga4 = ga4
            self.isInTable = isInTable
        }
    }

    private static let checkoutStep: [Text] = ["checkout_id", "step", "shipping_method", "payment_method"]
    private static let promotion: [Text] = ["promotion_id", "creative", "name", "position"]
    private static let order: [Text] = [
        "order_id", "affiliation", "total", "revenue", "shipping", "tax", "discount", "coupon", "currency", "products",
    ]
    private static let coupon: [Text] = ["order_id", "cart_id", "coupon_id", "coupon_name", "discount"]
    private static let wishlist: [Text] = ["wishlist_id", "wishlist_name"]
    private static let share: [Text] = ["share_via", "share_message", "recipient", "cart_id", "products"]

    // Segment's e-commerce specification v2 and its table of older names; GA4's recommended events.
    static let rows: [Row] = [
        Row("Products Searched", ["query"], ga4: "search"),
        Row(
            "Product List Viewed", aliases: ["Viewed Product Category"], ["list_id", "category", "products"],
            ga4: "view_item_list"),
        Row("Product List Filtered", ["list_id", "category", "filters", "sorts", "products"]),
        Row("Promotion Viewed", aliases: ["Viewed Promotion"], promotion, ga4: "view_promotion"),
        Row("Promotion Clicked", aliases: ["Clicked Promotion"], promotion, ga4: "select_promotion"),
        Row("Product Clicked", aliases: ["Clicked Product"], [], ga4: "select_item"),
        Row("Product Viewed", aliases: ["Viewed Product"], ["currency", "value"], ga4: "view_item"),
        Row("Product Added", aliases: ["Added Product"], ["cart_id"], ga4: "add_to_cart"),
        Row("Product Removed", aliases: ["Removed Product"], ["cart_id"], ga4: "remove_from_cart"),
        Row("Cart Viewed", ["cart_id", "products"], ga4: "view_cart"),
        Row(
            "Checkout Started", aliases: ["Started Order"],
            [
                "order_id", "affiliation", "value", "revenue", "shipping", "tax", "discount", "coupon", "currency",
                "products",
            ], ga4: "begin_checkout"),
        Row("Checkout Step Viewed", aliases: ["Viewed Checkout Step"], checkoutStep),
        Row(
            "Checkout Step Completed", aliases: ["Completed Checkout Step"], checkoutStep, ga4: "add_shipping_info"),
        Row("Payment Info Entered", checkoutStep + ["order_id"], ga4: "add_payment_info"),
        Row("Order Completed", aliases: ["Completed Order"], order + ["checkout_id", "subtotal"], ga4: "purchase"),
        Row("Order Updated", aliases: ["Updated Order"], order),
        Row("Order Refunded", ["order_id", "total", "currency", "products"], ga4: "refund"),
        Row("Order Cancelled", order),
        Row("Coupon Entered", coupon),
        Row("Coupon Applied", coupon),
        Row("Coupon Denied", coupon + ["reason"]),
        Row("Coupon Removed", coupon),
        Row("Product Added to Wishlist", wishlist, ga4: "add_to_wishlist"),
        Row("Product Removed from Wishlist", wishlist),
        Row("Wishlist Product Added to Cart", wishlist + ["cart_id"], ga4: "add_to_cart"),
        Row("Product Shared", share, ga4: "share"),
        Row("Cart Shared", share, ga4: "share"),
        Row("Product Reviewed", ["product_id", "review_id", "review_body", "rating"]),
        Row("Page Viewed", [], isInTable: false),
        Row("Screen Viewed", [], isInTable: false),
    ]
}
