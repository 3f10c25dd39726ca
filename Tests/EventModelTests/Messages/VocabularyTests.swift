import EventModel
import Testing

@Suite struct VocabularyTests {
    /// The table as the specification gives it: event, older name, own properties without a product's fields.
    private static let table: [(Text, Text?, [Text])] = [
        ("Products Searched", nil, ["query"]),
        ("Product List Viewed", "Viewed Product Category", ["list_id", "category", "products"]),
        ("Product List Filtered", nil, ["list_id", "category", "filters", "sorts", "products"]),
        ("Promotion Viewed", "Viewed Promotion", ["promotion_id", "creative", "name", "position"]),
        ("Promotion Clicked", "Clicked Promotion", ["promotion_id", "creative", "name", "position"]),
        ("Product Clicked", "Clicked Product", []),
        ("Product Viewed", "Viewed Product", ["currency", "value"]),
        ("Product Added", "Added Product", ["cart_id"]),
        ("Product Removed", "Removed Product", ["cart_id"]),
        ("Cart Viewed", nil, ["cart_id", "products"]),
        (
            "Checkout Started", "Started Order",
            [
                "order_id", "affiliation", "value", "revenue", "shipping", "tax", "discount", "coupon", "currency",
                "products",
            ]
        ),
        ("Checkout Step Viewed", "Viewed Checkout Step", ["checkout_id", "step", "shipping_method", "payment_method"]),
        (
            "Checkout Step Completed", "Completed Checkout Step",
            ["checkout_id", "step", "shipping_method", "payment_method"]
        ),
        ("Payment Info Entered", nil, ["checkout_id", "order_id", "step", "shipping_method", "payment_method"]),
        (
            "Order Completed", "Completed Order",
            [
                "checkout_id", "order_id", "affiliation", "subtotal", "total", "revenue", "shipping", "tax", "discount",
                "coupon", "currency", "products",
            ]
        ),
        (
            "Order Updated", "Updated Order",
            [
                "order_id", "affiliation", "total", "revenue", "shipping", "tax", "discount", "coupon", "currency",
                "products",
            ]
        ),
        ("Order Refunded", nil, ["order_id", "total", "currency", "products"]),
        (
            "Order Cancelled", nil,
            [
                "order_id", "affiliation", "total", "revenue", "shipping", "tax", "discount", "coupon", "currency",
                "products",
            ]
        ),
        ("Coupon Entered", nil, ["order_id", "cart_id", "coupon_id", "coupon_name", "discount"]),
        ("Coupon Applied", nil, ["order_id", "cart_id", "coupon_id", "coupon_name", "discount"]),
        ("Coupon Denied", nil, ["order_id", "cart_id", "coupon_id", "coupon_name", "discount", "reason"]),
        ("Coupon Removed", nil, ["order_id", "cart_id", "coupon_id", "coupon_name", "discount"]),
        ("Product Added to Wishlist", nil, ["wishlist_id", "wishlist_name"]),
        ("Product Removed from Wishlist", nil, ["wishlist_id", "wishlist_name"]),
        ("Wishlist Product Added to Cart", nil, ["wishlist_id", "wishlist_name", "cart_id"]),
        ("Product Shared", nil, ["share_via", "share_message", "recipient", "cart_id", "products"]),
        ("Cart Shared", nil, ["share_via", "share_message", "recipient", "cart_id", "products"]),
        ("Product Reviewed", nil, ["product_id", "review_id", "review_body", "rating"]),
    ]

    @Test func `the table is the specification's`() {
        #expect(Vocabulary.standardEvents == Self.table.map(\.0) + ["Page Viewed", "Screen Viewed"])
        #expect(Vocabulary.aliases.map(\.alias) == Self.table.compactMap(\.1))
        for (name, alias, properties) in Self.table {
            #expect(Vocabulary.canonicalName(name) == name)
            if let alias { #expect(Vocabulary.canonicalName(alias) == name) }
            #expect(Vocabulary.ownFields(of: name) == Vocabulary.productFields.union(properties), "\(name)")
        }
    }

    @Test func `names of the vocabulary are matched in any case, others stay as they are`() {
        #expect(Vocabulary.canonicalName("ORDER COMPLETED") == "Order Completed")
        #expect(Vocabulary.canonicalName("order completed") == "Order Completed")
        #expect(Vocabulary.canonicalName("completed ORDER") == "Order Completed")
        #expect(Vocabulary.canonicalName("page viewed") == "Page Viewed")
        #expect(Vocabulary.canonicalName("Chec\u{212A}out Started") == "Checkout Started")
        for other in [
            "Order  Completed", " Order Completed", "order_completed", "Order Canceled", "Survey Answered",
            "survey answered", "purchase", "visit", "",
        ] as [Text] {
            #expect(Vocabulary.canonicalName(other) == other)
            #expect(!Vocabulary.isVocabulary(other))
            #expect(Vocabulary.ownFields(of: other).isEmpty)
        }
        #expect(Vocabulary.isVocabulary("Order Completed") && !Vocabulary.isVocabulary("order completed"))
    }

    @Test func `page and screen views have no fields of their own`() {
        #expect(Vocabulary.ownFields(of: "Page Viewed").isEmpty)
        #expect(Vocabulary.ownFields(of: "Screen Viewed").isEmpty)
    }

    @Test func `browsing events are events of the vocabulary`() {
        #expect(Vocabulary.browsingEvents.count == 16)
        #expect(Vocabulary.browsingEvents.isSubset(of: Vocabulary.standardEvents))
        #expect(!Vocabulary.browsingEvents.contains("Order Completed"))
    }

    @Test func `GA4 names become the vocabulary's only where they are asked for`() {
        let pairs: [(Text, Text)] = [
            ("search", "Products Searched"), ("view_item_list", "Product List Viewed"),
            ("view_promotion", "Promotion Viewed"),
            ("select_promotion", "Promotion Clicked"), ("select_item", "Product Clicked"),
            ("view_item", "Product Viewed"),
            ("add_to_cart", "Product Added"), ("remove_from_cart", "Product Removed"), ("view_cart", "Cart Viewed"),
            ("begin_checkout", "Checkout Started"), ("add_shipping_info", "Checkout Step Completed"),
            ("add_payment_info", "Payment Info Entered"), ("purchase", "Order Completed"), ("refund", "Order Refunded"),
            ("add_to_wishlist", "Product Added to Wishlist"), ("share", "Product Shared"),
        ]
        for (ga4, name) in pairs {
            #expect(Vocabulary.fromGA4(ga4) == name)
            #expect(Vocabulary.ga4Name(name) == ga4)
            #expect(Vocabulary.canonicalName(ga4) == ga4)
        }
        #expect(Vocabulary.fromGA4("PURCHASE") == "Order Completed")
        #expect(Vocabulary.fromGA4("Order Completed") == nil)
        #expect(Vocabulary.ga4Name("Wishlist Product Added to Cart") == "add_to_cart")
        #expect(Vocabulary.ga4Name("Order Updated") == nil)
    }

    @Test func `GA4 parameters take the vocabulary's names`() throws {
        let parameters = """
            {"transaction_id":"T1","value":12.5,"tax":1,
             "items":[{"item_id":"S","item_name":"N","index":2,"x":1},7],"y":2}
            """
        let properties = """
            {"order_id":"T1","revenue":12.5,"tax":1,
             "products":[{"product_id":"S","name":"N","position":2,"x":1},7],"y":2}
            """
        let sent = try #require(try JSONReader.parse(parameters).object)
        let wanted = try JSONReader.parse(properties)
        #expect(JSONValue.object(Vocabulary.fromGA4(parameters: sent, of: "Order Completed")) == wanted)
        #expect(Vocabulary.fromGA4(parameters: ["value": 3].object, of: "Product Viewed")["value"] == 3)
        #expect(Vocabulary.fromGA4(parameters: ["value": 3].object, of: "Order Refunded")["total"] == 3)
    }
}

extension Dictionary where Key == Text, Value == JSONValue {
    fileprivate var object: JSONObject { JSONObject(map { (key: $0.key, value: $0.value) }) }
}
