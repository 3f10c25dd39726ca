import DemoStore
import EventModel
import Testing

/// What the messages of a demonstration store say, and that it fits together.
struct DemoStoreContentTests {
    let store: WrittenStore
    let messages: [Message]

    /// Made once for all tests.
    private static let written = Result {
        let store = try WrittenStore(profiles: 800)
        return (store, try store.messages())
    }

    init() throws {
        (store, messages) = try Self.written.get()
    }

    @Test func `repeated messages are few, and are repeated byte for byte`() throws {
        #expect(store.summary.duplicates > 0)
        let lines = store.lines
        #expect(lines.count == store.summary.messages)
        #expect(lines.count - messages.count == store.summary.duplicates)
        #expect(Set(lines).count == messages.count)
    }

    @Test func `every event lies in the year before the end`() throws {
        let end = try #require(WrittenStore.end)
        for message in messages {
            #expect(message.time < end)
            #expect(message.time >= end.adding(milliseconds: -365 * Timestamp.millisecondsPerDay))
        }
    }

    @Test func `messages come in the order of time, but for the late ones`() {
        let backwards = zip(messages, messages.dropFirst()).filter { $0.time > $1.time }.count
        #expect(backwards > 0)
        #expect(backwards * 50 < messages.count)
    }

    @Test func `every shopper is there, and visitors are recognised later`() {
        var owners: [Text: Text] = [:]
        for message in messages {
            if let anonymous = message.anonymousID, let user = message.userID { owners[anonymous] = user }
        }
        let profiles = Set(
            messages.compactMap { message in
                message.userID ?? message.anonymousID.map { owners[$0] ?? $0 }
            })
        #expect(profiles.count >= 800)
        #expect(profiles.count < 1_000)
        let recognised = messages.filter { $0.userID == nil && $0.anonymousID.map { owners[$0] != nil } == true }
        #expect(recognised.count > 700)
    }

    @Test func `the amounts of an order add up`() throws {
        let orders = messages.filter { $0.event == "Order Completed" }
        #expect(orders.count > 400)
        for order in orders {
            let properties = order.properties
            let list = order.items.reduce(Decimal128(0)) { sum, item in
                let price = item["price"]?.decimal ?? 0
                let quantity = item["quantity"]?.decimal ?? 0
                return price.multiplied(by: quantity).flatMap(sum.adding) ?? 0
            }
            let revenue = try #require(properties["revenue"]?.decimal)
            let discount = try #require(properties["discount"]?.decimal)
            let tax = try #require(properties["tax"]?.decimal)
            let shipping = try #require(properties["shipping"]?.decimal)
            #expect(list.subtracting(discount) == revenue)
            #expect(revenue.adding(tax)?.adding(shipping) == properties["total"]?.decimal)
            #expect(!revenue.isNegative && revenue != 0)
            #expect((properties["coupon"] != nil) <= (discount > 0))
        }
    }

    @Test func `nothing is refunded, cancelled or updated that was not ordered`() {
        var revenues: [Text: Decimal128] = [:]
        for message in messages where message.event == "Order Completed" {
            if let id = message.properties["order_id"]?.identity, let revenue = message.properties["revenue"]?.decimal {
                revenues[id] = revenue
            }
        }
        var counts: [Text: Int] = [:]
        let kinds: Set<Text> = ["Order Refunded", "Order Cancelled", "Order Updated"]
        for message in messages where kinds.contains(message.event) {
            counts[message.event, default: 0] += 1
            let revenue = message.properties["order_id"]?.identity.flatMap { revenues[$0] }
            #expect(revenue != nil)
            if let total = message.properties["total"]?.decimal, let revenue { #expect(total <= revenue) }
        }
        #expect(kinds.allSatisfy { counts[$0, default: 0] > 0 })
    }

    @Test func `every product of a message stands in the catalogue`() throws {
        let products = try store.products.split(separator: UInt8(ascii: "\n")).map { try JSONReader.parse(Array($0)) }
        #expect(products.count == store.summary.products)
        #expect((350...450).contains(products.count))
        let categories = Set(products.compactMap { $0.object?["category"]?.text })
        #expect(categories.count == 25)
        let known = Set(products.compactMap { $0.object?["product_id"]?.identity })
        let named = Set(messages.flatMap(\.items).compactMap { $0["product_id"]?.identity })
        #expect(named.isSubset(of: known))
        #expect(named.count > 350)
    }

    @Test func `a few products sell many times as often as the others`() {
        var sold: [Text: Int] = [:]
        for message in messages where message.event == "Order Completed" {
            for item in message.items {
                if let id = item["product_id"]?.identity { sold[id, default: 0] += 1 }
            }
        }
        let counts = sold.values.sorted(by: >)
        let top = counts.prefix(counts.count / 5).reduce(0, +)
        #expect(top * 100 > counts.reduce(0, +) * 35)
    }

    @Test func `shoppers have no names, and addresses only at example.com`() throws {
        let known: Set<Text> = ["email", "country", "birthday"]
        for message in messages where message.kind == .identify {
            #expect(Set(message.traits.members.map(\.key)).isSubset(of: known))
            let email = try #require(message.traits["email"]?.text)
            #expect(email.string.hasSuffix("@example.com"))
        }
    }

    @Test(arguments: [
        "Page Viewed", "Screen Viewed", "Products Searched", "Product List Viewed", "Promotion Viewed",
        "Promotion Clicked", "Product Viewed", "Product Added", "Product Removed", "Product Added to Wishlist",
        "Cart Viewed", "Checkout Started", "Checkout Step Completed", "Payment Info Entered", "Coupon Entered",
        "Coupon Applied", "Coupon Denied", "Order Completed", "Order Refunded", "Order Cancelled", "Email Sent",
        "Email Opened", "Email Link Clicked", "Unsubscribed", "Consent Updated", "Survey Answered", "Product Reviewed",
        "Support Ticket Opened",
    ])
    func `the event occurs`(event: String) {
        #expect(messages.contains { $0.event == Text(event) })
    }

    @Test func `some orders are completed twice under one order id`() {
        var ids: [Text: Int] = [:]
        for message in messages where message.event == "Order Completed" {
            if let id = message.properties["order_id"]?.identity { ids[id, default: 0] += 1 }
        }
        #expect(ids.values.contains(2))
    }
}

extension Bool {
    /// Implies.
    fileprivate static func <= (left: Bool, right: Bool) -> Bool { !left || right }
}
