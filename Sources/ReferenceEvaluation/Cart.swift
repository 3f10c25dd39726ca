import EventModel

/// What lies in a profile's cart, replayed from its visible events.
struct Cart {
    private struct Key: Hashable {
        let product: Text?
        let variant: Text?
    }

    private struct Line {
        let key: Key
        var quantity: Decimal128
        var price: Decimal128?
        /// What the catalogue asks for the product when no event gave a price.
        let cataloguePrice: Decimal128?
    }

    private var lines: [Line] = []
    /// The time of the last event that is about the cart; nil if there was none.
    private(set) var updated: Int64?

    init(replaying events: [Event], catalogue: Catalogue) {
        for event in events { apply(event, catalogue) }
    }

    /// The sum of price times quantity; a line without price adds 0. Nil when out of range.
    var value: Decimal128? {
        var sum = ExactSum()
        for line in lines {
            guard let amount = (line.price ?? line.cataloguePrice ?? 0).multiplied(by: line.quantity) else {
                return nil
            }
            sum.add(amount)
        }
        return sum.value()
    }

    /// How many lines.
    var items: Int { lines.count }

    var quantity: Decimal128? {
        var sum = ExactSum()
        for line in lines { sum.add(line.quantity) }
        return sum.value()
    }

    private mutating func apply(_ event: Event, _ catalogue: Catalogue) {
        switch event.name {
        case "Product Added", "Wishlist Product Added to Cart":
            add(event.properties, catalogue)
        case "Product Removed":
            remove(event.properties)
        case "Cart Viewed":
            guard case .array = event.properties["products"] else { return }
            lines = []
            for item in event.items { add(item, catalogue) }
        case "Order Completed":
            lines = []
        default:
            return
        }
        updated = event.time
    }

    private mutating func add(_ product: JSONObject, _ catalogue: Catalogue) {
        let key = key(of: product)
        let quantity = number(product["quantity"]) ?? 1
        let price = number(product["price"])
        if let index = lines.firstIndex(where: { $0.key == key }) {
            lines[index].quantity = lines[index].quantity.adding(quantity) ?? lines[index].quantity
            lines[index].price = price ?? lines[index].price
        } else {
            let listed = ReferenceValue(product["product_id"]).identity
                .flatMap { catalogue.value(productID: $0, path: ["price"]) }
            lines.append(Line(key: key, quantity: quantity, price: price, cataloguePrice: number(listed)))
        }
        lines.removeAll { $0.quantity <= 0 }
    }

    private mutating func remove(_ product: JSONObject) {
        let key = key(of: product)
        guard let index = lines.firstIndex(where: { $0.key == key }) else { return }
        let quantity = number(product["quantity"]) ?? lines[index].quantity
        lines[index].quantity = lines[index].quantity.subtracting(quantity) ?? lines[index].quantity
        lines.removeAll { $0.quantity <= 0 }
    }

    private func key(of product: JSONObject) -> Key {
        let id = ReferenceValue(product["product_id"]).identity ?? ReferenceValue(product["sku"]).identity
        return Key(product: id, variant: ReferenceValue(product["variant"]).identity)
    }
}

/// The number a property is, or counts as.
func number(_ value: JSONValue?) -> Decimal128? {
    ReferenceValue(value).asNumber
}
