/// The products of a workspace, where an event or item looks up a property it lacks.
package struct Catalogue: Sendable {
    private let products: [Text: JSONObject]

    /// Products are objects with a `product_id`; others are passed over, and of several with one id the last counts.
    package init(products: [JSONValue]) {
        var byID: [Text: JSONObject] = [:]
        for case .object(let product) in products {
            if let id = product["product_id" as Text]?.identity { byID[id] = product }
        }
        self.products = byID
    }

    package static let empty = Catalogue(products: [])

    package var isEmpty: Bool { products.isEmpty }
    package var count: Int { products.count }

    /// All products, in no particular order.
    package var all: some Collection<JSONObject> { products.values }

    /// A product by the identity text of its id.
    package func product(_ productID: Text) -> JSONObject? { products[productID] }

    /// The value at a path inside a product; nil when there is none, or null.
    package func value(productID: Text, path parts: [Text]) -> JSONValue? {
        products[productID]?.value(at: parts)
    }
}
