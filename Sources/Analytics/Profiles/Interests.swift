package import EventModel
import Foundation

/// What a profile has lately been interested in: counts of categories, brands and products that fade with time.
///
/// Each item of an event counts 0.5^(age / 30 days), so that one from today weighs as much as two from a month ago.
package struct Interests: Sendable {
    package struct Interest: Sendable {
        package let value: Text
        /// The name of a product, where one is known.
        package let name: Text?
        package let weight: Double
        package let count: Int
    }

    package let categories: [Interest]
    package let brands: [Interest]
    package let products: [Interest]

    private static let halfLifeMilliseconds = 30.0 * 86_400_000

    package init(_ history: ProfileHistory, asOf: Timestamp, limit: Int = 5) {
        var categories = Tally()
        var brands = Tally()
        var products = Tally()
        for message in history.messages where Self.events.contains(message.event) {
            let age = Double(max(0, asOf.milliseconds(since: message.time)))
            let weight = pow(0.5, age / Self.halfLifeMilliseconds)
            for item in history.items(of: message) {
                categories.add(item.category, weight)
                brands.add(item.brand, weight)
                products.add(item.product, weight, name: item.name)
            }
        }
        self.categories = categories.top(limit)
        self.brands = brands.top(limit)
        self.products = products.top(limit)
    }

    /// Events in which a shopper shows interest in a product.
    package static let events: Set<Text> = [
        "Product Viewed", "Product Clicked", "Product Added", "Product Added to Wishlist",
        "Wishlist Product Added to Cart", "Product Shared", "Product Reviewed", "Order Completed",
    ]
}

private struct Tally {
    private var weights: [Text: (weight: Double, count: Int, name: Text?)] = [:]

    mutating func add(_ value: Text?, _ weight: Double, name: Text? = nil) {
        guard let value else { return }
        var entry = weights[value] ?? (0, 0, nil)
        entry.weight += weight
        entry.count += 1
        entry.name = name ?? entry.name
        weights[value] = entry
    }

    func top(_ limit: Int) -> [Interests.Interest] {
        weights.map {
            Interests.Interest(value: $0.key, name: $0.value.name, weight: $0.value.weight, count: $0.value.count)
        }
        .sorted { ($1.weight, $0.value) < ($0.weight, $1.value) }
        .prefix(limit).map(\.self)
    }
}
