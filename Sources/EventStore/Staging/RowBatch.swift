import Columns
package import EventModel

/// Track events of one source that were never messages in memory: their cells, and their rows as they came.
///
/// An importer fills one on a thread of its own, and the bulk writer takes it over column by column. What it holds
/// must be just what the decoder of messages would make of the rows by their recipe; `BulkWriter.add` of messages is
/// for everything that needs more thought.
package struct RowBatch: Sendable {
    package let receivedAt: Timestamp
    package let recipe: StoredRecipe
    /// What the rows say; of equal ones the second gets another message id than the first.
    package let digests: [RowDigest]
    /// Of each row, when it is the first of its kind.
    private(set) var keys: [DedupKey]
    /// In milliseconds.
    package let times: [Int64]
    private(set) var persons: [UInt32] = []
    private(set) var personKeys = ByteDictionary()
    private(set) var events: [UInt32] = []
    private(set) var eventNames: [Text] = []
    /// Whether a row has a `product_id`; events with `products` are none for a batch.
    package var areOwnItems: [Bool]
    private(set) var paths: [PropertyPath] = []
    private(set) var columns: [StagedColumn] = []
    private(set) var frames: [RowFrame] = []

    /// - Parameters:
    ///   - receivedAt: of all messages.
    ///   - source: of all messages; enters the keys.
    ///   - digests: of each row.
    ///   - times: of each row.
    package init(receivedAt: Timestamp, source: Text, recipe: StoredRecipe, digests: [RowDigest], times: [Int64]) {
        precondition(digests.count == times.count, "\(digests.count) digests and \(times.count) times")
        self.receivedAt = receivedAt
        self.recipe = recipe
        self.digests = digests
        self.times = times
        areOwnItems = Array(repeating: false, count: times.count)
        keys = DedupKey.keys(source: source, of: digests)
    }

    package var count: Int { digests.count }

    // MARK: - What rows say

    /// Sets who the rows are about, by the codes that `PersonCodes` gave; a code for each row.
    package mutating func set(persons codes: [UInt32], of persons: PersonCodes) {
        precondition(codes.count == count, "\(codes.count) persons for \(count) rows")
        self.persons = codes
        personKeys = persons.keys
    }

    /// Sets the canonical names of the rows' events, as places in `names`.
    package mutating func set(events: [UInt32], of names: [Text]) {
        precondition(events.count == count, "\(events.count) events for \(count) rows")
        self.events = events
        eventNames = names
    }

    /// Adds the cells of a path; no path comes twice.
    package mutating func add(_ column: StagedColumn, _ path: PropertyPath) {
        guard !column.rows.isEmpty else { return }
        paths.append(path)
        columns.append(column)
    }

    /// Adds the cells of a path that may have cells in other rows already.
    package mutating func merge(_ column: StagedColumn, _ path: PropertyPath) {
        guard let place = paths.firstIndex(of: path) else { return add(column, path) }
        columns[place] = columns[place].merged(with: column)
    }

    /// Adds the originals of the next rows: the bytes of whole rows as they stood in the file.
    ///
    /// - Parameter tellsTime: whether each of the rows has a cell that says its time by `PlainTimes`.
    package mutating func add(originals: UnsafeRawBufferPointer, of rows: Range<Int>, tellsTime: Bool) {
        frames.append(
            RowFrame(originals, count: rows.count, recipe: recipe, times: tellsTime ? nil : Array(times[rows])))
    }

    /// The limits of `add(originals:)`.
    package static let frameRowsMax = PartFormat.messagesPerFrame
    package static let frameBytes = PartFormat.bytesPerRowFrame

    /// Says that a row is not the first of its kind, which gives it another message id.
    mutating func repeated(_ row: Int, occurrence: Int, key: DedupKey) {
        keys[row] = key
        var first = 0
        for index in frames.indices {
            let end = first + frames[index].count
            if row < end {
                frames[index].repeated.append((UInt32(row - first), UInt32(clamping: occurrence)))
                return
            }
            first = end
        }
    }
}

/// Codes for persons, by their ids.
package struct PersonCodes: Sendable {
    private(set) var keys = ByteDictionary()
    private var scratch: [UInt8] = []

    package init() {}

    /// How many persons there are; codes are below it, in the order of first use.
    package var count: Int { keys.count }

    /// The code of a person by ids that are UTF-8, of which at least one is not empty.
    @inline(__always)
    package mutating func code(
        user: UnsafeBufferPointer<UInt8>, anonymous: UnsafeBufferPointer<UInt8>
    ) -> UInt32 {
        if anonymous.isEmpty { return keys.code(tag: PersonKey.Tag.user, user) }
        if user.isEmpty { return keys.code(tag: PersonKey.Tag.anonymous, anonymous) }
        return code(both: user, anonymous)
    }

    private mutating func code(both user: UnsafeBufferPointer<UInt8>, _ anonymous: UnsafeBufferPointer<UInt8>) -> UInt32
    {
        scratch.removeAll(keepingCapacity: true)
        scratch.appendLittleEndian(UInt32(truncatingIfNeeded: user.count))
        scratch.append(contentsOf: user)
        scratch.append(contentsOf: anonymous)
        return scratch.withUnsafeBufferPointer { keys.code(tag: PersonKey.Tag.user | PersonKey.Tag.anonymous, $0) }
    }

    /// The ids behind a code.
    package func ids(of code: UInt32) -> (userID: Text?, anonymousID: Text?) {
        let person = PersonKey.person(keys[code])
        return (person.userID, person.anonymousID)
    }
}
