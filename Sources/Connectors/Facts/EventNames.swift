package import EventModel

/// What event logs of other programs call the events of the vocabulary.
package enum EventNames {
    /// The vocabulary's name for a plain word such as `add_to_cart`, `Vocabulary.canonicalName` for the rest.
    package static func canonical(_ written: Text) -> Text {
        let name = Vocabulary.canonicalName(written)
        if Vocabulary.isVocabulary(name) { return name }
        let key = Header.key(written.string)
        if let known = byKey[key] { return known }
        // `account_page`, `promo_page`: pages by their own name.
        return key.hasSuffix("page") && key.count > 4 ? "Page Viewed" : name
    }

    /// Whether the word says just "a page was viewed", and names no page.
    package static func isPageView(_ written: Text) -> Bool { pageViews.contains(Header.key(written.string)) }

    private static let pageViews: Set<String> = [
        "page", "pageview", "pageviewed", "viewpage", "$pageview", "pagevisit",
    ]

    /// The table of the documentation: each name with the words taken for it.
    package static let words: [(name: Text, words: [String])] = [
        (
            "Page Viewed",
            ["page", "page_view", "page_viewed", "view_page", "$pageview", "page_visit", "home", "landing"]
        ),
        ("Products Searched", ["search", "searched", "view_search_results", "product_search", "search_products"]),
        (
            "Product List Viewed",
            [
                "catalog", "catalogue", "category_view", "view_category", "view_item_list", "product_list", "list_view",
                "collection_view", "collection_viewed",
            ]
        ),
        ("Product List Filtered", ["filter_results", "filter", "apply_filter", "list_filter"]),
        ("Promotion Viewed", ["view_promotion", "promotion_view", "promo_view"]),
        ("Promotion Clicked", ["select_promotion", "promotion_click", "promo_click"]),
        ("Product Clicked", ["select_item", "product_click", "click_product"]),
        (
            "Product Viewed",
            ["product_view", "view_product", "view_item", "product_detail", "product_detail_view", "view", "item_view"]
        ),
        ("Product Added", ["add_to_cart", "cart_add", "addtocart", "add_cart", "added_to_cart"]),
        ("Product Removed", ["remove_from_cart", "cart_remove", "removed_from_cart", "delete_from_cart"]),
        ("Cart Viewed", ["cart", "view_cart", "cart_view"]),
        ("Checkout Started", ["checkout", "begin_checkout", "checkout_start", "start_checkout", "initiate_checkout"]),
        ("Checkout Step Viewed", ["shipping_details", "payment_details", "shipping_info", "payment_info"]),
        ("Payment Info Entered", ["add_payment_info", "payment_info_added"]),
        (
            "Order Completed",
            [
                "purchase", "purchased", "order", "order_placed", "place_order", "transaction", "buy",
                "checkout_complete",
                "checkout_completed", "order_complete",
            ]
        ),
        ("Order Refunded", ["refund", "refunded"]),
        ("Order Cancelled", ["order_canceled", "cancel_order"]),
        ("Product Added to Wishlist", ["wishlist_add", "add_to_wishlist", "wishlist"]),
        ("Product Removed from Wishlist", ["wishlist_remove", "remove_from_wishlist"]),
    ]

    private static let byKey: [String: Text] = {
        var table: [String: Text] = [:]
        for (name, words) in words {
            for word in words { table[Header.key(word)] = name }
        }
        return table
    }()
}
