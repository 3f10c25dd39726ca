package import EventModel
package import EventStore

/// Takes an import's facts into an event store, through its bulk writer.
///
/// Messages are durable a part at a time, each with what is remembered beside it; after a crash the import is run
/// again, and what was stored is a duplicate then.
package final class EventStoreSink: MessageSink {
    private let store: EventStore
    private let writer: BulkWriter
    /// Products wait for the end: the catalogue is published as a whole.
    private var products: [Text: JSONObject] = [:]
    private var productsUnchanged = 0
    private let catalogue: Catalogue

    /// See `EventStore.bulkWriter`.
    package init(
        _ store: EventStore, _ size: BulkWriter.Size? = nil, whenStored: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        writer = store.bulkWriter(size, whenStored: whenStored)
        catalogue = store.settings.catalogue
    }

    package func add(_ entries: [SinkEntry], source: Text) async throws {
        var state: [ImportStateKey: JSONValue] = [:]
        for case let remembered? in entries.map(\.remembered) {
            state[Self.key(remembered.key)] = .string(remembered.value)
        }
        _ = try writer.add(entries.map(\.message), source: source, state: state)
    }

    package var takesRows: Bool { true }

    package func add(_ rows: RowBatch, occurrences: any RowOccurrences) async throws -> [UInt64] {
        try writer.add(rows, occurrences: occurrences)
    }

    package func hasTaken(_ key: DedupKey) throws -> Bool { try writer.hasTaken(key) }

    package func reserve(_ messages: Int) { writer.reserve(messages) }

    package func add(products: [JSONObject]) async throws {
        for product in products {
            guard let id = product["product_id" as Text]?.identity else { continue }
            if (self.products[id] ?? catalogue.product(id)) == product {
                productsUnchanged += 1
            } else {
                self.products[id] = product
            }
        }
    }

    package func importState(_ key: Text) async throws -> Text? {
        try writer.importState(Self.key(key))?.text
    }

    package func finish() async throws -> SinkTotals {
        let counters = try writer.finish()
        if !products.isEmpty { try store.addProducts(products.values.map { .object($0) }) }
        var totals = SinkTotals()
        totals.storedByEvent = writer.storedByEvent
        totals.duplicates = counters.duplicates
        totals.products = products.count
        totals.productsUnchanged = productsUnchanged
        return totals
    }

    private static func key(_ key: Text) -> ImportStateKey { ImportStateKey(source: "import", key: key, kind: "seen") }
}
