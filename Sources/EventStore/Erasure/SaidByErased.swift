import EventModel

/// What erased messages say that others may have noted.
struct SaidByErased: Hashable {
    private(set) var messageIDs: Set<Text> = []
    /// Ids of orders.
    private(set) var orders: Set<Text> = []
    /// E-mail addresses and telephone numbers as they were written.
    private(set) var addresses: Set<Text> = []

    mutating func note(_ message: Message) {
        if !message.messageID.isEmpty { messageIDs.insert(message.messageID) }
        if let order = message.properties["order_id"]?.identity { orders.insert(order) }
        let nested = message.context["traits"]?.object
        for address in [message.traits["email"]?.text, message.properties["email"]?.text, nested?["email"]?.text] {
            if let address, address.string.contains("@") { addresses.insert(address) }
        }
        for number in [message.traits["phone"]?.text, nested?["phone"]?.text] {
            if let number, Handle(phone: number) != nil { addresses.insert(number) }
        }
    }

    mutating func formUnion(_ other: SaidByErased) {
        messageIDs.formUnion(other.messageIDs)
        orders.formUnion(other.orders)
        addresses.formUnion(other.addresses)
    }
}
