package import EventModel

/// Track events of one source that were never messages in memory: their cells and the bytes of their originals.
///
/// An importer fills one on a thread of its own, and the bulk writer takes it over column by column. What it holds
/// must be just what the decoder of messages would make of the originals; `BulkWriter.add` of messages is for
/// everything that needs more thought.
///
/// ```swift
/// batch.beginRow()
/// batch.append(string: cell, to: category)
/// batch.original.append(contentsOf: json)
/// batch.endRow(key: key, messageIDEnd: end, person: person, event: event, time: time)
/// ```
package struct RowBatch: Sendable {
    struct Row: Sendable {
        var time: Int64
        var person: UInt32
        var event: UInt32
        var flags: UInt8
        /// Where the message id ends in the record.
        var messageIDEnd: UInt32
    }

    package let receivedAt: Timestamp
    private(set) var rows: [Row] = []
    private(set) var keys: [DedupKey] = []
    private(set) var persons: [MessageStage.Person] = []
    private(set) var events: [Text] = []
    private(set) var paths: [PropertyPath] = []
    private(set) var columns: [StagedColumn] = []
    private(set) var recordEnds: [Int] = []
    /// The original of the row that was begun is appended here.
    package var original: [UInt8] = []
    private var recordStart = 0

    /// - Parameter receivedAt: of all messages.
    package init(receivedAt: Timestamp) {
        self.receivedAt = receivedAt
    }

    package var count: Int { rows.count }

    // MARK: - What rows refer to

    /// The number of a column, by which its cells are appended. Each path is declared once.
    package mutating func column(_ path: PropertyPath) -> Int {
        paths.append(path)
        columns.append(StagedColumn())
        return columns.count - 1
    }

    /// The number of a person. At least one id is given.
    package mutating func person(userID: Text?, anonymousID: Text?) -> UInt32 {
        persons.append(MessageStage.Person(userID: userID, anonymousID: anonymousID, previousID: nil, isAlias: false))
        return UInt32(persons.count - 1)
    }

    /// The number of an event, by its canonical name.
    package mutating func event(_ name: Text) -> UInt32 {
        events.append(name)
        return UInt32(events.count - 1)
    }

    // MARK: - Rows

    /// Cells and original up to `endRow` belong to a new row.
    package mutating func beginRow() {
        recordStart = original.count
        MessageCoding.beginRecord(in: &original)
    }

    /// Appends a text, which is UTF-8, to the row's cells; a column takes at most one.
    package mutating func append(string: UnsafeBufferPointer<UInt8>, to column: Int) {
        columns[column].append(string: string, at: rows.count)
    }

    /// Appends `scaled` × 10^-`places`, `places` at most 18.
    package mutating func append(scaled: Int64, places: Int, to column: Int) {
        columns[column].append(scaled: scaled, places: places, at: rows.count)
    }

    package mutating func append(_ value: JSONValue, to column: Int) {
        columns[column].append(value, at: rows.count)
    }

    /// Ends the row.
    ///
    /// - Parameters:
    ///   - messageIDEnd: the offset in `original` behind the message id.
    ///   - isOwnItem: whether it has a `product_id`; events with `products` are none for a batch.
    package mutating func endRow(
        key: DedupKey, messageIDEnd: Int, person: UInt32, event: UInt32, time: Timestamp, isOwnItem: Bool
    ) {
        keys.append(key)
        recordEnds.append(original.count)
        rows.append(
            Row(
                time: time.milliseconds, person: person, event: event,
                flags: isOwnItem ? HistoryBlock.Flag.ownItem : 0,
                messageIDEnd: UInt32(messageIDEnd - recordStart)))
    }

    /// Gives rows other message ids: the old one and a suffix each. `keys` are the new ones.
    package mutating func rename(_ suffixes: [(row: Int, suffix: Text, key: DedupKey)]) {
        guard !suffixes.isEmpty else { return }
        var renamed: [UInt8] = []
        renamed.reserveCapacity(original.count + suffixes.count * 8)
        var next = 0
        var start = 0
        for row in rows.indices {
            let end = recordEnds[row]
            if next < suffixes.count, suffixes[next].row == row {
                let cut = start + Int(rows[row].messageIDEnd)
                renamed.append(contentsOf: original[start..<cut])
                renamed.append(contentsOf: suffixes[next].suffix.utf8)
                renamed.append(contentsOf: original[cut..<end])
                keys[row] = suffixes[next].key
                next += 1
            } else {
                renamed.append(contentsOf: original[start..<end])
            }
            start = end
            recordEnds[row] = renamed.count
        }
        original = renamed
    }
}
