import EventModel

@testable import Connectors

/// A sink that keeps everything in memory and forgets nothing, as the event store does.
final class MemorySink: MessageSink {
    private(set) var messages: [Message] = []
    private(set) var products: [Text: JSONObject] = [:]
    private(set) var state: [Text: Text] = [:]
    private(set) var finishes = 0
    private var totals = SinkTotals()
    private var seen: Set<[Text]> = []
    /// Ends the import with an error after so many batches.
    var batchesUntilFailure = Int.max

    struct Failure: Error {}

    func add(_ entries: [SinkEntry], source: Text) async throws {
        guard batchesUntilFailure > 0 else { throw Failure() }
        batchesUntilFailure -= 1
        for entry in entries {
            if let remembered = entry.remembered { state[remembered.key] = remembered.value }
            let message = entry.message
            if seen.insert([source, message.messageID]).inserted {
                self.messages.append(message)
                totals.countStored(message)
            } else {
                totals.duplicates += 1
            }
        }
    }

    func add(products: [JSONObject]) async throws {
        for product in products {
            guard let id = product["product_id" as Text]?.identity else { continue }
            if self.products[id] == product { totals.productsUnchanged += 1 } else { totals.products += 1 }
            self.products[id] = product
        }
    }

    func importState(_ key: Text) async throws -> Text? { state[key] }

    func finish() async throws -> SinkTotals {
        finishes += 1
        defer { totals = SinkTotals() }
        return totals
    }

    // MARK: - What the tests ask

    func events(_ name: Text) -> [Message] { messages.filter { $0.kind.isEvent && $0.event == name } }

    var profiles: Set<Text> { Set(messages.compactMap { $0.userID ?? $0.anonymousID }) }

    func sum(_ property: Text, of event: Text) -> Decimal128? {
        var sum = ExactSum()
        for message in events(event) {
            if let number = message.properties[property]?.decimal { sum.add(number) }
        }
        return sum.value()
    }
}
