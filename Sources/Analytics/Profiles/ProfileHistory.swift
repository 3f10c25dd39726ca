package import EventModel

/// One profile's messages up to an instant, in history order, and what can be read off them.
package struct ProfileHistory: Sendable {
    /// A product of an event, with what the catalogue knows of it.
    package struct Item: Sendable {
        package let product: Text?
        package let name: Text?
        package let category: Text?
        package let brand: Text?
        package let quantity: Text?
    }

    /// An order as it came in.
    package struct Order: Sendable {
        package let time: Timestamp
        package let id: String?
        package let revenue: Decimal128?
        package let items: Int
        /// What became of it: "refunded", "cancelled", "updated".
        package let note: String?
    }

    package let messages: [Message]
    private let catalogue: Catalogue

    /// - Parameters:
    ///   - messages: all of the profile's, in history order.
    ///   - until: what happened later is left out.
    package init(_ messages: [Message], catalogue: Catalogue, until: Timestamp) {
        self.messages = messages.filter { $0.time <= until }
        self.catalogue = catalogue
    }

    /// Track, page and screen messages, and identify messages: what makes a history.
    package var rows: [Message] { messages.filter { $0.kind.isEvent || $0.kind == .identify } }

    /// Traits as of the end of the history: each message replaces whole top-level traits, null unsets.
    package var traits: JSONObject {
        var traits = JSONObject()
        for message in messages where message.kind == .identify {
            for member in message.traits.effectiveMembers {
                traits[member.key] = member.value.isNull ? nil : member.value
            }
        }
        return traits
    }

    /// Every id the profile was called by, in the order of first use.
    package var identities: (users: [Text], anonymous: [Text]) {
        var users: [Text] = []
        var anonymous: [Text] = []
        for message in messages {
            if let id = message.userID, !users.contains(id) { users.append(id) }
            for id in [message.anonymousID, message.previousID].compactMap(\.self) where !anonymous.contains(id) {
                anonymous.append(id)
            }
        }
        return (users, anonymous)
    }

    /// The state of each purpose that the person ever spoke about, as of the last message about it.
    package var consent: JSONObject {
        var states = JSONObject()
        for message in rows {
            let preferences = message.context["consent"]?.object?["categoryPreferences"]?.object
            for member in preferences?.effectiveMembers ?? [] { states[member.key] = member.value }
            if message.event == "Consent Updated", let purpose = message.properties["purpose"]?.text {
                states[purpose] = message.properties["state"] ?? .null
            }
        }
        return states
    }

    /// Orders, with what became of them.
    package var orders: [Order] {
        var notes: [Text: String] = [:]
        for message in messages {
            guard let id = message.properties["order_id"]?.identity else { continue }
            switch message.event {
            case "Order Refunded": notes[id] = "refunded"
            case "Order Cancelled": notes[id] = "cancelled"
            case "Order Updated" where notes[id] == nil: notes[id] = "updated"
            default: break
            }
        }
        var seen: Set<Text> = []
        return messages.filter { $0.event == "Order Completed" }.compactMap { message in
            let id = message.properties["order_id"]?.identity
            if let id, !seen.insert(id).inserted { return nil }
            return Order(
                time: message.time, id: id?.string, revenue: message.properties["revenue"]?.numeric,
                items: message.items.count, note: id.flatMap { notes[$0] })
        }
    }

    /// What a product is called, by the catalogue.
    package func productName(_ product: Text) -> Text? {
        catalogue.value(productID: product, path: ["name"])?.identity
    }

    /// The items of an event.
    package func items(of message: Message) -> [Item] {
        message.items.map { item in
            let product = item["product_id"]?.identity
            func known(_ name: Text) -> Text? {
                item[name]?.identity ?? product.flatMap { catalogue.value(productID: $0, path: [name])?.identity }
            }
            return Item(
                product: product, name: known("name"), category: known("category"), brand: known("brand"),
                quantity: item["quantity"]?.identity)
        }
    }
}

extension Message {
    /// What tells this event from others of its name: at most three properties, the best known first.
    package var telling: [(name: String, value: String)] {
        let known = Self.tellingProperties.filter { properties.contains(Text($0)) }
        let names = known.isEmpty ? properties.effectiveMembers.map(\.key.string) : known
        return names.lazy
            .compactMap { name in self.properties[name]?.identity.map { (name: name, value: $0.string) } }
            .prefix(3).map(\.self)
    }

    private static let tellingProperties = [
        "order_id", "revenue", "total", "query", "name", "title", "path", "product_id", "category", "price",
        "coupon_id",
        "coupon", "email_subject", "subject", "campaign_name", "score", "purpose", "state", "reason", "step", "channel",
    ]
}
