package import EventModel

/// A message on its way into the store, kept in one place: messages are large, and copying one is not free.
final class IncomingMessage: Sendable {
    let message: Message
    let key: DedupKey

    init(_ message: Message, key: DedupKey) throws(EventStoreError) {
        // Lengths are stored in 32 bits; a frame of messages must stay far below that.
        let limit = Limits.jsonBytes.value
        guard message.original.count <= limit else {
            throw .messageTooLarge(bytes: message.original.count, limit: limit)
        }
        self.message = message
        self.key = key
    }
}

/// A message with what the store gave it: its place in the order of arrival and the identifier it stands under.
package struct StoredMessage: Sendable {
    /// Unique in a workspace, ascending in the order of acceptance, from 1.
    package let arrival: UInt64
    /// The code of the source it came from.
    let source: UInt32
    /// The identifier it stands under: its user id's, else its anonymous id's; nil when it names nobody, and in a
    /// message out of a part, whose rows stand under it already.
    let identifier: ProfileNumber?
    private let incoming: IncomingMessage

    init(arrival: UInt64, source: UInt32, identifier: ProfileNumber?, _ incoming: IncomingMessage) {
        self.arrival = arrival
        self.source = source
        self.identifier = identifier
        self.incoming = incoming
    }

    package var message: Message {
        _read { yield incoming.message }
    }

    var key: DedupKey { incoming.key }

    /// The same under another identifier.
    func under(_ identifier: ProfileNumber?) -> StoredMessage {
        StoredMessage(arrival: arrival, source: source, identifier: identifier, incoming)
    }

    /// Whether it makes a row: group and alias messages do not, nor does one that names nobody.
    var hasRow: Bool {
        message.kind != .group && message.kind != .alias && (message.userID != nil || message.anonymousID != nil)
    }
}
