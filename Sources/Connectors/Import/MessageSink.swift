package import EventModel
package import EventStore

/// Where an import's facts go. The event store is one (`EventStoreSink`); tests have one in memory.
package protocol MessageSink: AnyObject {
    /// Takes messages of one source; of several with one id the first counts, now and in all earlier imports.
    func add(_ entries: [SinkEntry], source: Text) async throws

    /// Takes rows of events; only called when `takesRows` says so. See `BulkWriter.add` for what it is given and answers.
    func add(_ rows: RowBatch, occurrences: any RowOccurrences) async throws -> [UInt64]

    /// Whether events may come as rows.
    var takesRows: Bool { get }

    /// Whether a message of this key was taken since the sink was made; only called when `takesRows` says so.
    func hasTaken(_ key: DedupKey) throws -> Bool

    /// Makes room for about so many messages more.
    func reserve(_ messages: Int)

    /// Takes products into the catalogue; one with a known `product_id` replaces the old one.
    func add(products: [JSONObject]) async throws

    /// What was remembered last under a key, what was just added included.
    func importState(_ key: Text) async throws -> Text?

    /// Makes everything last, and says what became of it all.
    func finish() async throws -> SinkTotals
}

extension MessageSink {
    package func add(_ rows: RowBatch, occurrences: any RowOccurrences) async throws -> [UInt64] { [] }
    package var takesRows: Bool { false }
    package func hasTaken(_ key: DedupKey) throws -> Bool { false }
    package func reserve(_ messages: Int) {}
}

/// What became of what a sink was given.
package struct SinkTotals: Hashable, Sendable {
    /// Messages that are stored now and were not before, by event name; traits as `$identify`.
    package var storedByEvent: [Text: Int] = [:]
    /// Messages that were there already.
    package var duplicates = 0
    /// Products that are new or changed, and those that were there just so.
    package var products = 0
    package var productsUnchanged = 0

    package init() {}

    package var stored: Int { storedByEvent.values.reduce(0, +) }

    /// Counts one stored message.
    package mutating func countStored(_ message: Message) {
        storedByEvent[message.kind.isEvent ? message.event : Text("$" + message.kind.rawValue), default: 0] += 1
    }
}

/// A message, and what is remembered for the next import together with it.
package struct SinkEntry: Sendable {
    package var message: Message
    /// Kept in the same step as the message, so that neither is there without the other.
    package var remembered: Remembered?

    package init(_ message: Message, remembering remembered: Remembered? = nil) {
        self.message = message
        self.remembered = remembered
    }

    package struct Remembered: Hashable, Sendable {
        package var key: Text
        package var value: Text

        package init(key: Text, value: Text) {
            self.key = key
            self.value = value
        }
    }
}
