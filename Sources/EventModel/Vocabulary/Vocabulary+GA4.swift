extension Vocabulary {
    /// The GA4 event that a canonical event is sent as, or nil when GA4 has none.
    package static func ga4Name(_ event: Text) -> Text? {
        rowsByName[event]?.ga4
    }

    /// The canonical name of a GA4 event in any case, or nil when it is none of the vocabulary's.
    ///
    /// Only for messages that come as GA4; everywhere else `purchase` is a name like any other.
    package static func fromGA4(_ name: Text) -> Text? {
        canonicalByGA4Name[simpleCaseFold(name)]
    }

    /// Whether a name is one of GA4's, for a hint in definitions.
    package static func isGA4Name(_ name: Text) -> Bool { fromGA4(name) != nil }

    /// The parameters of a GA4 event under the names of the vocabulary, its items as `products`.
    ///
    /// `value` of a purchase and a checkout is without shipping and tax, which is `revenue`; parameters that the
    /// vocabulary does not know keep their names.
    package static func fromGA4(parameters: JSONObject, of event: Text) -> JSONObject {
        let hasRevenue = event == "Order Completed" || event == "Checkout Started"
        var properties = JSONObject()
        for (key, value) in parameters.members {
            if key == "items", case .array(let items) = value {
                properties.append("products", .array(items.map(fromGA4(item:))))
            } else if key == "value", hasRevenue {
                properties.append("revenue", value)
            } else if key == "value", event == "Order Refunded" {
                properties.append("total", value)
            } else {
                properties.append(propertyByGA4Parameter[key] ?? key, value)
            }
        }
        return properties
    }

    private static func fromGA4(item: JSONValue) -> JSONValue {
        guard case .object(let item) = item else { return item }
        return .object(JSONObject(item.members.map { (fieldByGA4ItemParameter[$0.key] ?? $0.key, $0.value) }))
    }

    private static let canonicalByGA4Name: [Text: Text] = Dictionary(
        rows.compactMap { row in row.ga4.map { ($0, row.name) } }, uniquingKeysWith: { first, _ in first })

    private static let propertyByGA4Parameter: [Text: Text] = [
        "transaction_id": "order_id", "search_term": "query", "payment_type": "payment_method",
        "shipping_tier": "shipping_method", "creative_name": "creative", "creative_slot": "position",
        "promotion_name": "name", "item_list_id": "list_id", "method": "share_via",
    ]

    private static let fieldByGA4ItemParameter: [Text: Text] = [
        "item_id": "product_id", "item_name": "name", "item_brand": "brand", "item_category": "category",
        "item_variant": "variant", "index": "position",
    ]
}
