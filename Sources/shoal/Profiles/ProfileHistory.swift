import EventModel

/// One profile's messages up to an instant, in history order, and what can be read off them.
struct ProfileHistory: Sendable {
    /// A product of an event, with what the catalogue knows of it.
    struct Item: Sendable {
        let product: Text?
        let name: Text?
        let category: Text?
        let brand: Text?
        let quantity: Text?
    }

    let messages: [Message]
    private let catalogue: Catalogue

    /// - Parameters:
    ///   - messages: all of the profile's, in history order.
    ///   - until: what happened later is left out.
    init(_ messages: [Message], catalogue: Catalogue, until: Timestamp) {
        self.messages = messages.filter { $0.time <= until }
        self.catalogue = catalogue
    }

    /// Track, page and screen messages, and identify messages: what makes a history.
    var rows: [Message] { messages.filter { $0.kind.isEvent || $0.kind == .identify } }

    /// Traits as of the end of the history: each message replaces whole top-level traits, null unsets.
    var traits: JSONObject {
        var traits = JSONObject()
        for message in messages where message.kind == .identify {
            for member in message.traits.effectiveMembers {
                traits[member.key] = member.value.isNull ? nil : member.value
            }
        }
        return traits
    }

    /// Every id the profile was called by, in the order of first use.
    var identities: (users: [Text], anonymous: [Text]) {
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

    /// What a product is called, by the catalogue.
    func productName(_ product: Text) -> Text? {
        catalogue.value(productID: product, path: ["name"])?.identity
    }

    /// The items of an event.
    func items(of message: Message) -> [Item] {
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
    var telling: [(name: String, value: String)] {
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
