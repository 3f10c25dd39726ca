import Columns
import EventModel

/// An entry of the journal: accepted messages in the order of their arrival, as one blob.
///
/// ```
///  0   4  "SHLJ"
///  4   1  format version
///  5   1  smallest version of a reader
///  6   1  0 = records as they are, 1 = zstd
///  7   1  zero
///  8  16  workspace
/// 24   4  count of messages
/// 28   4  length of the table
/// 32   4  length of the records in the blob
/// 36   4  length of the records when decompressed
/// 40   4  CRC-32C of the blob, this as 0
/// 44   …  table, then records: as in a frame of originals, see `OriginalsFrame`
/// ```
enum JournalBody {
    private static let magic = Array("SHLJ".utf8)
    private static let headerSize = 44

    static func encode(_ messages: [StoredMessage], workspace: StoreID) -> [UInt8] {
        var frame = OriginalsFrame()
        for message in messages { frame.append(message) }
        let chunks = frame.chunks()
        let table = chunks[0].bytes
        let records = chunks[1].bytes
        let compressed = Zstandard.compress(records)
        var body = magic
        body.append(contentsOf: [1, 1, compressed == nil ? 0 : 1, 0])
        body.append(contentsOf: workspace.bytes)
        body.appendLittleEndian(UInt32(messages.count))
        body.appendLittleEndian(UInt32(table.count))
        body.appendLittleEndian(UInt32((compressed ?? records).count))
        body.appendLittleEndian(UInt32(records.count))
        body.appendLittleEndian(UInt32(0))
        body.append(contentsOf: table)
        body.append(contentsOf: compressed ?? records)
        body.replaceLittleEndian(CRC32C.checksum(body), at: 40)
        return body
    }

    /// The messages of a blob, not yet decoded; nil when it is damaged or another workspace's.
    static func records(_ body: [UInt8], workspace: StoreID) -> [MessageRecord]? {
        body.withUnsafeBytes { bytes in
            guard bytes.count >= headerSize, bytes[0..<4].elementsEqual(magic), bytes[5] <= 1,
                StoreID(bytes[8..<24]) == workspace,
                PartBlock.load(bytes, 40, UInt32.self)
                    == PartBlock.checksumWithout(bytes, at: 40, end: bytes.count)
            else { return nil }
            let count = Int(PartBlock.load(bytes, 24, UInt32.self))
            let tableLength = Int(PartBlock.load(bytes, 28, UInt32.self))
            let recordsLength = Int(PartBlock.load(bytes, 32, UInt32.self))
            let rawLength = Int(PartBlock.load(bytes, 36, UInt32.self))
            guard headerSize + tableLength + recordsLength == bytes.count else { return nil }
            let tableEnd = headerSize + tableLength
            let table = UnsafeRawBufferPointer(rebasing: bytes[headerSize..<tableEnd])
            let stored = UnsafeRawBufferPointer(rebasing: bytes[tableEnd...])
            if bytes[6] == 0 { return try? OriginalsFrame.records(table: table, bytes: stored, count: count) }
            guard let raw = Zstandard.decompress(stored, size: rawLength) else { return nil }
            defer { withExtendedLifetime(raw) {} }
            return try? OriginalsFrame.records(table: table, bytes: raw.bytes, count: count)
        }
    }
}
