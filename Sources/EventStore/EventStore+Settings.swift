package import EventModel
import Synchronization

extension EventStore {
    /// The workspace's zone, currency, catalogue and consent purposes.
    package var settings: WorkspaceSettings { published.withLock { $0.settings } }

    /// Whether `update` was ever called: until then the settings are those of a store that somebody is about to set up.
    package func hasSettings() throws(EventStoreError) -> Bool { try database.hasSettings() }

    /// Sets zone, base currency and consent purposes; the catalogue is set by `addProducts`.
    ///
    /// Stored messages keep their times and amounts. Exchange rates are not kept: they are the importer's.
    package func update(_ change: (inout WorkspaceSettings) -> Void) throws(EventStoreError) {
        try asWriter { _ throws(EventStoreError) in
            var settings = self.settings
            change(&settings)
            try database.put(settings)
            published.withLock { $0.settings = settings }
        }
    }

    /// What became of a product.
    package enum ProductVerdict: Hashable, Sendable {
        /// It is new, or differs from the one that was there.
        case stored
        case unchanged
        case withoutID
    }

    /// Adds products to the catalogue, each replacing the one with the same `product_id`; says of each what became
    /// of it, in order.
    @discardableResult
    package func addProducts(_ products: [JSONValue]) throws(EventStoreError) -> [ProductVerdict] {
        try asWriter { _ throws(EventStoreError) in
            let verdicts = try database.put(products: products)
            if verdicts.contains(.stored) {
                let settings = try database.settings()
                published.withLock { $0.settings.catalogue = settings.catalogue }
            }
            return verdicts
        }
    }
}
