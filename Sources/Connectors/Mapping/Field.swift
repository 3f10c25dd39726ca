/// What a column may hold: the names that `--map FIELD=COLUMN` knows.
package enum Field: Int, CaseIterable, Hashable, Sendable {
    // Who.
    case customer, anonymous, email, phone
    case firstName
    case lastName
    case name, company, street
    case street2
    case city, state
    case postalCode
    case country
    case tags, note
    case emailConsent
    case smsConsent

    // What and when.
    case event, time, clock, session

    // An order.
    case order
    case orderNumber
    case status, fulfillment, revenue, subtotal, total, tax, shipping, discount, coupon, currency
    case refunded, cancelled, paid, affiliation
    case paymentMethod
    case shippingMethod

    // An item.
    case product, sku
    case productName
    case category, brand, variant, price, quantity, amount
    case itemDiscount
    case lineItems
    case url
    case imageURL

    // How the cells are to be read; these take a constant: `--map date_format=@dmy`.
    case dateFormat
    case decimalMark
    case eventNames

    /// The name in `--map`.
    package var word: String { Self.words[rawValue] }

    package init?(word: String) {
        guard let index = Self.words.firstIndex(of: word) else { return nil }
        self.init(rawValue: index)
    }

    /// In the order of the cases.
    package static let words = [
        "customer", "anonymous", "email", "phone", "first_name", "last_name", "name", "company", "street",
        "street_2", "city", "state", "postal_code", "country", "tags", "note", "email_consent", "sms_consent",
        "event", "time", "clock", "session", "order", "order_number", "status", "fulfillment", "revenue", "subtotal",
        "total", "tax", "shipping", "discount", "coupon", "currency", "refunded", "cancelled", "paid", "affiliation",
        "payment_method", "shipping_method", "product", "sku", "product_name", "category", "brand", "variant",
        "price", "quantity", "amount", "item_discount", "line_items", "url", "image_url", "date_format",
        "decimal_mark", "event_names",
    ]

    /// One line for the documentation and for error messages.
    package var meaning: String {
        switch self {
        case .customer: "who: the id the shop knows a customer by"
        case .anonymous: "who, as long as nobody knows: a device, cookie or visitor id"
        case .email: "e-mail address; also the id where there is no other"
        case .phone: "telephone number"
        case .firstName: "first name"
        case .lastName: "last name"
        case .name: "full name"
        case .company: "company"
        case .street: "street and number"
        case .street2: "second line of the street"
        case .city: "city"
        case .state: "state or province"
        case .postalCode: "postal code"
        case .country: "country"
        case .tags: "tags, separated by commas"
        case .note: "note"
        case .emailConsent: "whether e-mail marketing is allowed: yes or no"
        case .smsConsent: "whether marketing by SMS is allowed: yes or no"
        case .event: "name of the event"
        case .time: "when it happened; of customers: since when the row holds"
        case .clock: "time of day, where it is apart from the date"
        case .session: "id of the visit"
        case .order: "id of the order; its lines share it"
        case .orderNumber: "number of the order as people see it"
        case .status: "state of payment or of the order"
        case .fulfillment: "state of delivery"
        case .revenue: "revenue of the order: items after discounts, without shipping and tax"
        case .subtotal: "items after discounts, before shipping and tax"
        case .total: "everything paid: items, shipping and tax after discounts"
        case .tax: "tax"
        case .shipping: "shipping cost"
        case .discount: "discount of the order"
        case .coupon: "coupon code of the order"
        case .currency: "currency (ISO 4217)"
        case .refunded: "everything refunded so far"
        case .cancelled: "when the order was cancelled"
        case .paid: "when the order was paid"
        case .affiliation: "shop or channel the order came from"
        case .paymentMethod: "way of payment"
        case .shippingMethod: "way of shipping"
        case .product: "id of the product"
        case .sku: "stock keeping unit"
        case .productName: "name of the product"
        case .category: "category of the product"
        case .brand: "brand of the product"
        case .variant: "variant of the product"
        case .price: "price of one piece"
        case .quantity: "number of pieces"
        case .amount: "amount of the line, or of the order in an order list"
        case .itemDiscount: "discount of the line"
        case .lineItems: "all lines of the order in one cell"
        case .url: "address of the page or the product"
        case .imageURL: "address of the product's picture"
        case .dateFormat: "order of day and month: @dmy, @mdy, @ymd, @epoch_s or @epoch_ms"
        case .decimalMark: "decimal mark of amounts: @point or @comma"
        case .eventNames: "@keep leaves event names as they are"
        }
    }

    /// Fields that say how to read the file instead of naming a column.
    package var isSetting: Bool { self == .dateFormat || self == .decimalMark || self == .eventNames }
}
