import Connectors
import EventModel
import EventStore

/// Hands what an import reads to the event store: durable when each call returns.
final class StoreSink: MessageSink {
    private let store: EventStore
    private var totals = SinkTotals()

    init(_ store: EventStore) { self.store = store }

    func add(_ entries: [SinkEntry], source: Text) async throws {
        let messages = entries.map(\.message)
        for (message, verdict) in zip(messages, try store.append(messages, source: source)) {
            if verdict == .accepted { totals.countStored(message) } else { totals.duplicates += 1 }
        }
    }

    func add(products: [JSONObject]) async throws {
        try store.addProducts(products.map { .object($0) })
        totals.products += products.count
    }

    func importState(_ key: Text) async throws -> Text? { nil }

    func finish() async throws -> SinkTotals { totals }
}
