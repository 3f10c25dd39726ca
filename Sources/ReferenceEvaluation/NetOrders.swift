import EventModel

/// A profile's orders after updates, refunds and cancellations (language, section 4).
struct NetOrders {
    private(set) var count = 0
    private var amounts = ExactSum()

    /// The sum of what the net orders are worth; nil when out of range.
    var revenue: Decimal128? { amounts.value() }

    init(of events: [Event], catalogue: Catalogue) {
        for order in events where order.name == "Order Completed" {
            guard let id = orderID(of: order) else {
                count += 1
                amounts.add(number(order.properties["revenue"]) ?? 0)
                continue
            }
            let about = events.filter { orderID(of: $0) == id }
            if about.contains(where: { $0.name == "Order Cancelled" }) { continue }
            let revenue = revenue(of: order, updates: about.filter { $0.name == "Order Updated" })
            let refunds = about.filter { $0.name == "Order Refunded" }
            guard let left = rest(of: revenue, after: refunds, catalogue) else { continue }
            count += 1
            amounts.add(left)
        }
    }

    private func orderID(of event: Event) -> Text? {
        ReferenceValue(event.properties["order_id"]).identity
    }

    /// That of the latest update that has one, else the order's, else 0.
    private func revenue(of order: Event, updates: [Event]) -> Decimal128 {
        let updated = updates.compactMap { number($0.properties["revenue"]) }.last
        return updated ?? number(order.properties["revenue"]) ?? 0
    }

    /// What refunds leave of an order, never below 0; nil when they reach its revenue.
    private func rest(of revenue: Decimal128, after refunds: [Event], _ catalogue: Catalogue) -> Decimal128? {
        var refunded = ExactSum()
        for refund in refunds {
            guard let amount = amount(of: refund, catalogue) else { return nil }
            refunded.add(amount)
        }
        guard let total = refunded.value() else { return nil }
        if !refunds.isEmpty && total >= revenue { return nil }
        guard let left = revenue.subtracting(total) else { return nil }
        return max(left, 0)
    }

    /// Its total, else price times quantity of its items; nil is everything.
    private func amount(of refund: Event, _ catalogue: Catalogue) -> Decimal128? {
        if let total = number(refund.properties["total"]) { return total }
        if refund.items.isEmpty { return nil }
        var sum = ExactSum()
        for item in refund.items {
            let listed = ReferenceValue(item["product_id"]).identity
                .flatMap { catalogue.value(productID: $0, path: ["price"]) }
            let price = number(item["price"]) ?? number(listed) ?? 0
            guard let amount = price.multiplied(by: number(item["quantity"]) ?? 1) else { return nil }
            sum.add(amount)
        }
        return sum.value()
    }
}
