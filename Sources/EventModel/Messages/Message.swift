/// What a message is about.
package enum MessageKind: String, Hashable, Sendable, CaseIterable {
    case track, page, screen, identify, group, alias

    /// Whether messages of this kind are events of a profile's history.
    package var isEvent: Bool { self == .track || self == .page || self == .screen }
}

/// One message of a shop, read and made canonical.
///
/// Properties are as the language sees them: canonical event name, empty strings of the vocabulary's own fields
/// left out, amounts in the base currency. `original` is what was sent, untouched.
package struct Message: Hashable, Sendable {
    package var kind: MessageKind
    package var messageID: Text
    package var userID: Text?
    package var anonymousID: Text?
    /// Only of an alias.
    package var previousID: Text?
    /// Only of a group message.
    package var groupID: Text?
    /// When it happened, after all corrections.
    package var time: Timestamp
    /// When it happened as the sender wrote it, if it was written.
    package var originalTime: Timestamp?
    /// When the sender says it sent it.
    package var sentAt: Timestamp?
    package var receivedAt: Timestamp
    /// The canonical name; `Page Viewed` and `Screen Viewed` for pages and screens; empty for the other kinds.
    package var event: Text
    package var properties: JSONObject
    package var context: JSONObject
    package var traits: JSONObject
    /// The bytes of the message as they came.
    package var original: [UInt8]
    /// What was taken but changed or left out, as codes: `no-exchange-rate`, `future-time`, `placeholder-id`.
    package var warnings: [Text]

    package init(
        kind: MessageKind, messageID: Text, userID: Text? = nil, anonymousID: Text? = nil, previousID: Text? = nil,
        groupID: Text? = nil, time: Timestamp, originalTime: Timestamp? = nil, sentAt: Timestamp? = nil,
        receivedAt: Timestamp? = nil, event: Text = "", properties: JSONObject = JSONObject(),
        context: JSONObject = JSONObject(), traits: JSONObject = JSONObject(), original: [UInt8] = [],
        warnings: [Text] = []
    ) {
        self.kind = kind
        self.messageID = messageID
        self.userID = userID
        self.anonymousID = anonymousID
        self.previousID = previousID
        self.groupID = groupID
        self.time = time
        self.originalTime = originalTime
        self.sentAt = sentAt
        self.receivedAt = receivedAt ?? time
        self.event = event
        self.properties = properties
        self.context = context
        self.traits = traits
        self.original = original
        self.warnings = warnings
    }
}

// MARK: - Items

extension Message {
    /// Whether the event is its own single item: it has no `products` (or null), but a `product_id`.
    package var isOwnItem: Bool {
        kind.isEvent && properties.isOwnItem
    }

    /// The items of the event: the objects of `properties.products`, or the properties of an event that is its own
    /// item. A `products` that is no list, or an empty one, gives none.
    package var items: [JSONObject] {
        guard kind.isEvent else { return [] }
        if properties.isOwnItem { return [properties] }
        return properties["products" as Text]?.elements?.compactMap(\.object) ?? []
    }
}

extension JSONObject {
    /// Whether properties like these make an event its own item.
    package var isOwnItem: Bool {
        let products = self["products" as Text] ?? .null
        return products.isNull && !(self["product_id" as Text] ?? .null).isNull
    }
}
