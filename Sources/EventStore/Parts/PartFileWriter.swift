import Columns
internal import Crypto

/// A chunk about to be written: its place in the table and its bytes.
struct ChunkDraft {
    let kind: PartFormat.ChunkKind
    var id: UInt32 = 0
    let bytes: [UInt8]
    /// Whether compressing is worth a try; packed numbers are not.
    var compressible = false
}

/// How the bytes of a chunk stand in the file.
enum ChunkCoding: UInt8 {
    case plain = 0
    case zstandard = 1
    /// Of dictionaries: `NumeralTable`.
    case numerals = 2

    init(isCompressed: Bool) { self = isCompressed ? .zstandard : .plain }
}

/// Where a block lies in its file.
struct BlockPlace: Hashable, Sendable {
    let number: Int
    let offset: Int
    let length: Int
}

/// What the manifest keeps of a finished file.
struct FinishedFile: Hashable, Sendable {
    let size: Int
    let digest: [UInt8]
}

/// Writes the blocks of one part file one after the other, with their headers, checksums and the digest of all.
///
/// The file is complete, synced and closed after `finish`; any error before leaves a temporary file to be removed.
struct PartFileWriter {
    private let file: any DiskFile
    private let workspace: StoreID
    private let part: StoreID
    private var offset = 0
    private var blockCount = 0
    private var hash = SHA256()

    init(creating path: String, on disk: any Disk, workspace: StoreID, part: StoreID) throws(DiskError) {
        self.workspace = workspace
        self.part = part
        file = try disk.create(path)
        var header = PartFormat.fileMagic
        header.append(contentsOf: [PartFormat.version, PartFormat.minimumReader, 0, 0])
        header.appendLittleEndian(UInt32(0))
        header.append(contentsOf: workspace.bytes)
        header.append(contentsOf: part.bytes)
        header.append(contentsOf: repeatElement(0, count: 16))
        header.replaceLittleEndian(CRC32C.checksum(header), at: 12)
        try write(header)
    }

    /// Appends a block of chunks; `count` is its rows, messages or keys.
    mutating func append(
        _ kind: PartFormat.BlockKind, count: Int, chunks: [ChunkDraft]
    ) throws(DiskError) -> BlockPlace {
        let sorted = chunks.sorted { ($0.kind.rawValue, $0.id) < ($1.kind.rawValue, $1.id) }
        return try append(
            kind, count: count,
            copying: sorted.map { chunk in
                let (coding, bytes) = Self.coded(chunk)
                return StoredChunk(
                    kind: chunk.kind.rawValue, coding: coding.rawValue, id: chunk.id, rawCount: chunk.bytes.count,
                    bytes: bytes)
            })
    }

    private static func coded(_ chunk: ChunkDraft) -> (ChunkCoding, [UInt8]) {
        if chunk.kind == .dictionary, let numerals = chunk.bytes.withUnsafeBytes(NumeralTable.encode),
            Zstandard.isPossible(chunk.bytes.count, from: numerals.count)
        {
            return (.numerals, numerals)
        }
        if chunk.compressible, let compressed = Zstandard.compress(chunk.bytes) { return (.zstandard, compressed) }
        return (.plain, chunk.bytes)
    }

    /// Appends a block of chunks that are in their final form and order.
    mutating func append(
        _ kind: PartFormat.BlockKind, count: Int, copying chunks: [StoredChunk]
    ) throws(DiskError) -> BlockPlace {
        var table: [UInt8] = []
        var payload: [UInt8] = []
        let start = PartFormat.blockHeaderSize + chunks.count * PartFormat.chunkEntrySize
        for chunk in chunks {
            table.appendLittleEndian(chunk.kind)
            table.append(chunk.coding)
            table.append(0)
            table.appendLittleEndian(chunk.id)
            table.appendLittleEndian(UInt32(start + payload.count))
            table.appendLittleEndian(UInt32(chunk.bytes.count))
            table.appendLittleEndian(UInt32(chunk.rawCount))
            table.appendLittleEndian(CRC32C.checksum(chunk.bytes))
            payload.append(contentsOf: chunk.bytes)
        }
        let place = BlockPlace(number: blockCount, offset: offset, length: start + payload.count)
        precondition(place.length <= Int(UInt32.max), "a block of \(place.length) bytes has no place for its offsets")
        var block = header(kind, count: count, chunkCount: chunks.count, place: place)
        block.append(contentsOf: table)
        block.replaceLittleEndian(CRC32C.checksum(block), at: 68)
        block.append(contentsOf: payload)
        try write(block)
        blockCount += 1
        return place
    }

    private func header(
        _ kind: PartFormat.BlockKind, count: Int, chunkCount: Int, place: BlockPlace
    ) -> [UInt8] {
        var header = PartFormat.blockMagic
        header.reserveCapacity(place.length)
        header.append(contentsOf: [PartFormat.version, PartFormat.minimumReader, kind.rawValue, 0])
        header.append(contentsOf: workspace.bytes)
        header.append(contentsOf: part.bytes)
        header.appendLittleEndian(UInt32(place.number))
        header.appendLittleEndian(UInt32(chunkCount))
        header.appendLittleEndian(UInt64(place.offset))
        header.appendLittleEndian(UInt64(place.length))
        header.appendLittleEndian(UInt32(count))
        header.appendLittleEndian(UInt32(0))
        return header
    }

    /// Writes the footer, syncs and closes.
    mutating func finish(index: BlockPlace, messages: Int, rows: Int) throws(DiskError) -> FinishedFile {
        var footer = PartFormat.footerMagic
        footer.append(contentsOf: [PartFormat.version, PartFormat.minimumReader, 0, 0])
        footer.appendLittleEndian(UInt32(0))
        footer.append(contentsOf: workspace.bytes)
        footer.append(contentsOf: part.bytes)
        footer.appendLittleEndian(UInt64(index.offset))
        footer.appendLittleEndian(UInt64(index.length))
        footer.appendLittleEndian(UInt64(offset + PartFormat.footerSize))
        footer.appendLittleEndian(UInt64(messages))
        footer.appendLittleEndian(UInt64(rows))
        footer.appendLittleEndian(UInt64(blockCount))
        let digest = PartDigest.finish(hash, footer: footer)
        footer.append(contentsOf: digest)
        footer.append(contentsOf: repeatElement(0, count: 16))
        footer.replaceLittleEndian(CRC32C.checksum(footer), at: 12)
        try write(footer)
        try file.sync()
        try file.close()
        return FinishedFile(size: offset, digest: digest)
    }

    private mutating func write(_ bytes: [UInt8]) throws(DiskError) {
        try file.write(bytes)
        hash.update(data: bytes)
        offset += bytes.count
    }
}

/// The digest of a whole part file.
enum PartDigest {
    /// The digest of a file from the hash of everything before the footer and the first 96 bytes of the footer.
    static func finish(_ hash: SHA256, footer: [UInt8]) -> [UInt8] {
        var hash = hash
        hash.update(data: footer[0..<12])
        hash.update(data: footer[16..<96])
        return Array(hash.finalize().prefix(16))
    }

    /// The digest of the bytes of a file, which must hold at least a footer.
    static func compute(_ file: UnsafeRawBufferPointer) -> [UInt8] {
        let footerStart = file.count - PartFormat.footerSize
        var hash = SHA256()
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: file[0..<footerStart]))
        return finish(hash, footer: Array(file[footerStart...]))
    }
}
