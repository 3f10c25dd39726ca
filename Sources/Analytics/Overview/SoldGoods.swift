import EventModel

/// What was sold of each product and category, as one worker has met it.
struct SoldGoods: Sendable {
    private let catalogue: Catalogue
    var productIDs = ValueNumbers()
    var categoryNames = ValueNumbers()
    private var products: [Sold] = []
    private var categories: [Sold] = []
    /// By product number: what the catalogue says, once somebody has asked.
    private var known: [Known?] = []

    private struct Known {
        let category: Int32
        let price: Decimal128?
    }

    struct Sold: Sendable {
        var orders = 0
        var quantity = ExactSum()
        var revenue = ExactSum()
        var revenueBefore = ExactSum()
        /// The name that the latest order wrote; of one instant the smaller text.
        var name: (time: Int64, text: Text)?
        /// The order counted last, so that each counts once.
        var order = -1

        mutating func merge(_ other: Sold) {
            orders += other.orders
            quantity.add(other.quantity)
            revenue.add(other.revenue)
            revenueBefore.add(other.revenueBefore)
            if let (time, text) = other.name { note(text, at: time) }
        }

        mutating func note(_ text: Text, at time: Int64) {
            if let (known, own) = name, time < known || time == known && own <= text { return }
            name = (time, text)
        }
    }

    init(_ catalogue: Catalogue) { self.catalogue = catalogue }

    /// - Parameters:
    ///   - order: a number of the order that no other one in this worker's hands has.
    ///   - isBefore: whether it lies in the period before.
    mutating func add(_ item: OrderItems.Item, order: Int, at time: Int64, isBefore: Bool) {
        if item.product >= 0 {
            let name = item.name
            Self.count(item, order, isBefore, in: &products, at: Int(item.product))
            if !isBefore, let name { products[Int(item.product)].note(name, at: time) }
        }
        if item.category >= 0 { Self.count(item, order, isBefore, in: &categories, at: Int(item.category)) }
    }

    private static func count(
        _ item: OrderItems.Item, _ order: Int, _ isBefore: Bool, in all: inout [Sold], at place: Int
    ) {
        if place >= all.count { all += repeatElement(Sold(), count: place + 1 - all.count) }
        if isBefore {
            if let revenue = item.revenue { all[place].revenueBefore.add(revenue) }
            return
        }
        if all[place].order != order {
            all[place].order = order
            all[place].orders += 1
        }
        all[place].quantity.add(item.quantity)
        if let revenue = item.revenue { all[place].revenue.add(revenue) }
    }

    // MARK: - The catalogue

    mutating func catalogueCategory(of product: Int32) -> Int32 { entry(of: product)?.category ?? -1 }
    mutating func cataloguePrice(of product: Int32) -> Decimal128? { entry(of: product)?.price }

    private mutating func entry(of product: Int32) -> Known? {
        guard product >= 0, !catalogue.isEmpty else { return nil }
        let place = Int(product)
        if place >= known.count { known += repeatElement(nil, count: place + 1 - known.count) }
        if let entry = known[place] { return entry }
        let found = catalogue.product(productIDs.text(of: product))
        let price = found?["price" as Text]
        let entry = Known(
            category: (found?["category" as Text]?.identity).map { categoryNames.number(of: $0) } ?? -1,
            price: price?.decimal ?? price?.text.flatMap { Decimal128(jsonNumber: $0) })
        known[place] = entry
        return entry
    }

    // MARK: - Together

    mutating func merge(_ other: SoldGoods) {
        for (number, sold) in other.products.enumerated() {
            let place = Int(productIDs.number(of: other.productIDs.text(of: Int32(truncatingIfNeeded: number))))
            if place >= products.count { products += repeatElement(Sold(), count: place + 1 - products.count) }
            products[place].merge(sold)
        }
        for (number, sold) in other.categories.enumerated() {
            let place = Int(categoryNames.number(of: other.categoryNames.text(of: Int32(truncatingIfNeeded: number))))
            if place >= categories.count { categories += repeatElement(Sold(), count: place + 1 - categories.count) }
            categories[place].merge(sold)
        }
    }

    /// Products that were ordered in the period, most revenue first.
    var soldProducts: [SoldProduct] {
        let sold = products.enumerated().filter { $0.element.orders > 0 }.map { number, sold in
            let id = productIDs.text(of: Int32(truncatingIfNeeded: number))
            return SoldProduct(
                id: id, name: catalogue.product(id)?["name" as Text]?.text ?? sold.name?.text, orders: sold.orders,
                quantity: sold.quantity.value(), revenue: sold.revenue.value(),
                revenueBefore: sold.revenueBefore.value())
        }
        return sold.sorted { Self.isBefore(($0.revenue, $0.orders, $0.id), ($1.revenue, $1.orders, $1.id)) }
    }

    /// Categories that were ordered from in the period, most revenue first.
    var soldCategories: [SoldCategory] {
        let sold = categories.enumerated().filter { $0.element.orders > 0 }.map { number, sold in
            SoldCategory(
                name: categoryNames.text(of: Int32(truncatingIfNeeded: number)), orders: sold.orders,
                quantity: sold.quantity.value(), revenue: sold.revenue.value(),
                revenueBefore: sold.revenueBefore.value())
        }
        return sold.sorted { Self.isBefore(($0.revenue, $0.orders, $0.name), ($1.revenue, $1.orders, $1.name)) }
    }

    private typealias Rank = (revenue: Decimal128?, orders: Int, name: Text)

    private static func isBefore(_ left: Rank, _ right: Rank) -> Bool {
        switch (left.revenue, right.revenue) {
        case (let mine?, let other?) where mine != other: mine > other
        case (nil, _?): false
        case (_?, nil): true
        default: left.orders != right.orders ? left.orders > right.orders : left.name < right.name
        }
    }
}
