package import EventModel

/// What became of a message.
package enum Verdict: Hashable, Sendable {
    case taken
    /// A message of that id was there already.
    case duplicate
    case rejected(code: Text)
}

/// Where an import's facts go. The event store has one; tests have one in memory.
package protocol MessageSink: AnyObject {
    /// Takes messages of one source and says of each, in order, what became of it.
    ///
    /// `state` is kept beside them: where the sink can, in the same step, so that neither is there without the other.
    func add(_ messages: [Message], source: Text, state: [ImportStateChange]) async throws -> [Verdict]

    /// Takes products into the catalogue; one with a known `product_id` replaces the old one.
    ///
    /// Returns which of them changed anything.
    func add(products: [JSONObject]) async throws -> [Verdict]

    /// What `state` said last under a key.
    func importState(_ key: Text) async throws -> Text?

    /// Everything was added: make it last.
    func finish() async throws
}

/// Something an import remembers for the next one.
package struct ImportStateChange: Hashable, Sendable {
    package var key: Text
    package var value: Text

    package init(key: Text, value: Text) {
        self.key = key
        self.value = value
    }
}
