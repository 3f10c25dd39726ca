import Columns
import EventModel

/// A message as it lies in a frame, not yet decoded.
struct MessageRecord: Sendable {
    let arrival: UInt64
    let receivedAt: Int64
    let time: Int64
    let source: UInt32
    let identifier: ProfileNumber?
    let kind: MessageKind
    let bytes: [UInt8]

    /// - Parameter source: the name of the source, which enters the key.
    func decode(_ decoder: MessageDecoder, source name: Text) throws(EventStoreError) -> StoredMessage {
        let message: Message
        do throws(MessageError) {
            message = try bytes.withUnsafeBytes { bytes in
                Result { () throws(MessageError) in
                    try MessageCoding.decode(
                        bytes, kind: kind, time: time, receivedAt: receivedAt, decoder: decoder)
                }
            }.get()
        } catch {
            throw .messageUnreadable(arrival: arrival, code: error.code.string)
        }
        let key = DedupKey(source: name, messageID: message.messageID)
        return StoredMessage(
            arrival: arrival, source: source, identifier: identifier, try IncomingMessage(message, key: key))
    }
}

/// A group of messages, the unit of compression of originals; the same in parts and in the journal.
///
/// ```
/// messageTable  IntegerChunks: arrivals (ascending), received times, times, source codes,
///               identifiers + 1 (0 = none), kinds, ends of the records
/// messageBytes  the records (`MessageCoding`), one after the other, compressed
/// ```
struct OriginalsFrame {
    private static let kinds: [MessageKind] = [.track, .page, .screen, .identify, .group, .alias]

    private(set) var arrivals: [Int64] = []
    private var received: [Int64] = []
    private var times: [Int64] = []
    private var sources: [Int64] = []
    private var identifiers: [Int64] = []
    private var kindCodes: [Int64] = []
    private var ends: [Int64] = []
    private(set) var bytes: [UInt8] = []

    var count: Int { arrivals.count }

    /// What stands in the table beside a record.
    struct Place {
        var arrival: UInt64
        var received: Int64
        var time: Int64
        var source: UInt32
        var identifier: ProfileNumber?
        var kind: MessageKind
    }

    /// Adds a message; arrivals ascend.
    mutating func append(_ stored: StoredMessage) {
        MessageCoding.append(stored.message, to: &bytes)
        finish(
            Place(
                arrival: stored.arrival, received: stored.message.receivedAt.milliseconds,
                time: stored.message.time.milliseconds, source: stored.source, identifier: stored.identifier,
                kind: stored.message.kind))
    }

    /// Adds a message by its record.
    mutating func append(_ record: ArraySlice<UInt8>, _ place: Place) {
        bytes.append(contentsOf: record)
        finish(place)
    }

    private mutating func finish(_ place: Place) {
        arrivals.append(Int64(bitPattern: place.arrival))
        received.append(place.received)
        times.append(place.time)
        sources.append(Int64(place.source))
        identifiers.append(place.identifier.map { Int64($0) + 1 } ?? 0)
        kindCodes.append(Int64(Self.kinds.firstIndex(of: place.kind) ?? 0))
        ends.append(Int64(bytes.count))
    }

    func chunks() -> [ChunkDraft] {
        var table: [UInt8] = []
        IntegerChunk.appendDifferences(arrivals, to: &table)
        for column in [received, times, sources, identifiers, kindCodes] { IntegerChunk.append(column, to: &table) }
        IntegerChunk.appendDifferences(ends, to: &table)
        return [
            ChunkDraft(kind: .messageTable, bytes: table),
            ChunkDraft(kind: .messageBytes, bytes: bytes, compressible: true),
        ]
    }

    var firstReceived: Int64 { received.min() ?? 0 }
    var lastReceived: Int64 { received.max() ?? 0 }

    // MARK: - Reading

    /// The records of a frame.
    static func records(
        table: UnsafeRawBufferPointer, bytes: UnsafeRawBufferPointer, count: Int
    ) throws(ColumnError) -> [MessageRecord] {
        // A record has a byte at least; a packed table alone would bound nothing.
        guard count <= bytes.count else { throw .inconsistent(.countTooLarge) }
        var reader = ByteReader(table)
        var columns: [[Int64]] = []
        for _ in 0..<7 {
            let chunk = try IntegerChunk(&reader, atMost: count)
            guard chunk.count == count else { throw .inconsistent(.presenceCount) }
            columns.append(chunk.values())
        }
        guard reader.remaining == 0 else { throw .inconsistent(.trailingBytes) }
        var records: [MessageRecord] = []
        records.reserveCapacity(count)
        var start = 0
        for index in 0..<count {
            let end = columns[6][index]
            guard end >= Int64(start), end <= Int64(bytes.count) else { throw .inconsistent(.offsetsNotAscending) }
            guard let source = UInt32(exactly: columns[3][index]), (0...Int64(UInt32.max)).contains(columns[4][index]),
                (0..<Int64(kinds.count)).contains(columns[5][index])
            else { throw .inconsistent(.codeOutOfRange) }
            records.append(
                MessageRecord(
                    arrival: UInt64(bitPattern: columns[0][index]), receivedAt: columns[1][index],
                    time: columns[2][index], source: source,
                    identifier: columns[4][index] == 0 ? nil : ProfileNumber(columns[4][index] - 1),
                    kind: kinds[Int(columns[5][index])], bytes: Array(bytes[start..<Int(end)])))
            start = Int(end)
        }
        guard start == bytes.count else { throw .inconsistent(.trailingBytes) }
        return records
    }
}
