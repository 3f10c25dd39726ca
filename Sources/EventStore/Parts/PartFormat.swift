import EventModel

/// The fixed places of a part file. All numbers are little-endian.
///
/// ```
/// file:   header (64) | blocks, without gaps | footer (128)
///
/// header                                   block header
///  0   8  "SHOALPRT"                        0   4  "SHLB"
///  8   1  format version                    4   1  format version
///  9   1  smallest version of a reader      5   1  smallest version of a reader
/// 10   2  zero                              6   1  kind of block
/// 12   4  CRC-32C of the header, this as 0  7   1  zero
/// 16  16  workspace                         8  16  workspace
/// 32  16  part                             24  16  part
/// 48  16  zero                             40   4  number of the block in the part, from 0
///                                          44   4  count of chunks
/// footer                                   48   8  offset of the block in the file
///   0   8  "SHOALEND"                      56   8  length of the block with this header
///   8   1  format version                  64   4  count of rows, messages or keys
///   9   1  smallest version of a reader    68   4  CRC-32C of header and chunk table, this as 0
///  10   2  zero                            72      chunk table, 24 bytes a chunk:
///  12   4  CRC-32C of the footer, this as 0     0   2  kind of chunk
///  16  16  workspace                            2   1  `ChunkCoding`
///  32  16  part                                 3   1  zero
///  48   8  offset of the index block            4   4  id: code of a path or an event name, else 0
///  56   8  length of the index block            8   4  offset from the start of the block
///  64   8  length of the file                  12   4  length in the file
///  72   8  count of messages                   16   4  length when decompressed
///  80   8  count of rows                       20   4  CRC-32C of the bytes in the file
///  88   8  count of blocks
///  96  16  digest: the first half of SHA-256 over everything before the footer, then its bytes 0..<12 and 16..<96
/// 112  16  zero
/// ```
enum PartFormat {
    static let version: UInt8 = 4
    static let minimumReader: UInt8 = 4
    /// The oldest format that is read; before it rows were clustered by profile alone.
    static let oldestVersion: UInt8 = 2
    static let fileMagic = Array("SHOALPRT".utf8)
    static let footerMagic = Array("SHOALEND".utf8)
    static let blockMagic = Array("SHLB".utf8)
    static let fileHeaderSize = 64
    static let footerSize = 128
    static let blockHeaderSize = 72
    static let chunkEntrySize = 24
    static let fileSuffix = ".part"
    static let temporarySuffix = ".part.tmp"

    /// About how many rows share a block; a profile is never cut, so a huge one makes a larger block.
    /// No block may say it has more rows or items than this.
    static let rowsPerBlockMax = 1 << 28
    static let keysPerBlock = 4_096
    static let identifiersPerBlock = 65_536
    static let bytesPerFrame = 131_072
    static let messagesPerFrame = 4_096
    /// Of a frame of rows, which are shorter and alike.
    static let bytesPerRowFrame = 262_144
    /// No more items can stand in the messages of a frame: the frame was not full before its last message came, an item
    /// takes two bytes at least, and a message has no more values than any JSON document.
    static let itemsPerFrameMax = bytesPerFrame / 2 + Limits.jsonValues.value

    enum BlockKind: UInt8 {
        case rows = 1
        case originals = 2
        case keys = 3
        case identities = 5
        case eventProfiles = 6
        case index = 7
    }

    enum ChunkKind: UInt16 {
        // Blocks of rows.
        case profiles = 1
        case sections = 2
        case times = 3
        case arrivals = 4
        case flags = 5
        case items = 6
        case movedRows = 7
        case column = 8
        case dictionary = 9
        // Frames of originals.
        case messageTable = 16
        case messageBytes = 17
        case rowTable = 18
        case recipe = 19
        case rowColumns = 20
        // Keys for deduplication.
        /// Of parts of older formats.
        case keyPrefixes = 24
        case keyFrames = 25
        case keyGaps = 26
        // Identities.
        case identifiers = 32
        case identifierTexts = 33
        case links = 34
        // Which profiles have an event.
        case eventProfiles = 40
        // Index.
        case names = 48
        case paths = 49
        case sources = 50
        case rowBlocks = 51
        case blockNames = 52
        case frames = 53
        case keyBlocks = 54
        case identityBlocks = 56
        case events = 57
        case moved = 58
        case rowless = 59
        case summary = 60
        case eventProfilesBlock = 61
    }
}

/// The 128-bit number of a part or a workspace, drawn at random.
package struct StoreID: Hashable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// From 16 bytes, highest first.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// From 32 hexadecimal digits.
    init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        withUnsafeBytes(of: high.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: low.bigEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    package var description: String { Self.hexadecimal(high) + Self.hexadecimal(low) }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
