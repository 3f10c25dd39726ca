/// How a format finds the column of one field.
package struct FieldRule: Sendable {
    package let field: Field
    /// Header keys (`Header.key`) that mean the field, likeliest first.
    package let keys: [String]

    /// `names` are written as in the files; they are compared as `Header.key` does.
    package init(_ field: Field, _ names: [String]) {
        self.field = field
        self.keys = names.map(Header.key)
    }

    package init(_ field: Field, _ names: String...) { self.init(field, names) }
}

/// Header names that shops and programs commonly use, for the formats that belong to no platform.
enum Synonyms {
    static let customer = [
        "customer_id", "user_id", "household_id", "client_id", "member_id", "customer", "user", "userid", "shopper_id",
        "buyer_id", "account_id", "profile_id", "contact_id", "cust_id", "customer_number", "customer_no",
        "customer_key", "household_key", "person_id", "profile",
    ]
    static let email = [
        "email", "email_address", "customer_email", "user_email", "contact_email", "billing_email", "mail",
    ]
    static let anonymous = [
        "anonymous_id", "visitor_id", "device_id", "cookie_id", "anon_id", "client_uuid", "fullvisitorid",
        "user_pseudo_id", "distinct_id",
    ]
    static let order = [
        "order_id", "basket_id", "transaction_id", "invoice_id", "order_number", "invoice_no", "invoice_number",
        "invoice", "receipt_id", "order_no", "order", "order_key", "sale_id", "purchase_id",
    ]
    static let time = [
        "timestamp", "transaction_timestamp", "event_time", "event_timestamp", "datetime", "date_time", "time", "date",
        "created_at", "order_date", "order_time", "purchase_date", "transaction_date", "invoice_date", "occurred_at",
        "event_date", "ordered_at", "purchased_at", "received_at", "ts", "day", "order_purchase_timestamp",
        "redemption_date", "redeemed_at", "sent_at", "created",
    ]
    static let event = ["event", "event_name", "event_type", "action", "activity", "event_action"]
    static let product = [
        "product_id", "item_id", "article_id", "product", "stock_code", "variant_id", "product_code", "article", "asin",
        "item",
    ]
    static let sku = ["sku", "item_sku", "product_sku", "lineitem_sku", "variant_sku"]
    static let productName = ["product_name", "item_name", "product_title", "title", "description", "name"]
    static let category = [
        "category", "product_category", "item_category", "category_name", "department", "product_type",
    ]
    static let brand = ["brand", "manufacturer", "vendor"]
    static let quantity = ["quantity", "qty", "units", "items", "count", "number_of_items", "pieces"]
    static let price = ["price", "unit_price", "item_price", "unitprice"]
    /// Of a line, or of an order without its shipping and tax.
    static let amount = [
        "amount", "sales_value", "revenue", "line_total", "sales", "value", "spend", "order_amount", "order_value",
        "net_amount", "monetary", "item_total", "line_amount", "net_sales", "price_total", "payment_value",
    ]
    static let total = [
        "total", "order_total", "grand_total", "total_price", "total_amount", "total_paid", "amount_paid",
    ]
    static let subtotal = ["subtotal", "order_subtotal", "items_total"]
    static let discount = ["discount", "discount_amount", "total_discount", "discounts", "discount_total"]
    static let coupon = ["coupon", "coupon_code", "discount_code", "promo_code", "voucher", "voucher_code"]
    static let currency = ["currency", "currency_code", "order_currency", "iso_currency"]
    static let session = ["session_id", "session", "visit_id", "user_session", "ga_session_id"]
    static let tax = ["tax", "taxes", "total_tax", "tax_total", "vat"]
    static let shipping = ["shipping", "shipping_cost", "shipping_total", "freight", "delivery_fee", "shipping_amount"]
    static let url = ["url", "page_url", "page", "link", "product_url"]
    static let clock = ["time_of_day", "clock", "time"]
}
