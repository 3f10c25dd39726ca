package import EventModel

/// One line of an order.
package struct Item: Sendable {
    package var product: Text?
    package var sku: Text?
    package var name: Text?
    package var category: Text?
    package var brand: Text?
    package var variant: Text?
    package var price: Decimal128?
    package var quantity: Decimal128?
    /// What the line came to.
    package var amount: Decimal128?
    package var discount: Decimal128?
    package var coupon: Text?
    package var url: Text?
    package var extras: [JSONObject.Member] = []

    package init() {}

    /// The price of one piece that the amount comes to, if it is a decimal number exactly.
    package static func exactPrice(amount: Decimal128, quantity: Decimal128?) -> Decimal128? {
        guard let quantity else { return amount }
        guard !quantity.isZero, let price = amount.divided(by: quantity), price.multiplied(by: quantity) == amount
        else {
            return nil
        }
        return price
    }

    /// As an element of `products`.
    package var object: JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(6)
        func add(_ key: Text, _ text: Text?) { if let text { members.append((key, .string(text))) } }
        func add(_ key: Text, _ number: Decimal128?) { if let number { members.append((key, .number(number))) } }
        add("product_id", product)
        add("sku", sku)
        add("name", name)
        add("category", category)
        add("brand", brand)
        add("variant", variant)
        add("price", price)
        add("quantity", quantity)
        add("amount", amount)
        add("discount", discount)
        add("coupon", coupon)
        add("url", url)
        members.append(contentsOf: extras)
        return JSONObject(members)
    }
}
