internal import CZstd
import Columns
internal import Crypto

/// A part taken apart, so that any piece of it can be changed and the whole put together again with checksums that
/// hold. Written from the description of the format, not with the program's own writer.
package struct ForgedPart {
    struct Chunk {
        var kind: UInt16
        var isCompressed: Bool
        var id: UInt32
        var rawLength: UInt32
        var bytes: [UInt8]
    }

    struct Block {
        /// The first 72 bytes; offsets, lengths and checksums in them are those of the file it was taken from.
        var header: [UInt8]
        var chunks: [Chunk]
        var offset: Int

        var kind: UInt8 { header[6] }
        var length: Int { chunks.reduce(72 + chunks.count * 24) { $0 + $1.bytes.count } }
    }

    var header: [UInt8]
    var footer: [UInt8]
    /// The last one is the index.
    var blocks: [Block] = []

    /// Nil when the bytes are no part even at first sight.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 192, bytes.count < 1 << 24 else { return nil }
        header = Array(bytes[0..<64])
        footer = Array(bytes[(bytes.count - 128)...])
        let end = bytes.count - 128
        var offset = 64
        while offset < end {
            guard offset + 72 <= end, let length = Int(exactly: bytes.number(offset + 56, 8)),
                length >= 72, length <= end - offset,
                let block = Self.block(Array(bytes[offset..<(offset + length)]), offset)
            else { return nil }
            blocks.append(block)
            offset += length
        }
        guard blocks.count >= 2, blocks[blocks.count - 1].kind == 7 else { return nil }
    }

    private static func block(_ bytes: [UInt8], _ offset: Int) -> Block? {
        let count = Int(bytes.number(44, 4))
        guard 72 + count * 24 <= bytes.count else { return nil }
        var block = Block(header: Array(bytes[0..<72]), chunks: [], offset: offset)
        for entry in stride(from: 72, to: 72 + count * 24, by: 24) {
            let start = Int(bytes.number(entry + 8, 4))
            let length = Int(bytes.number(entry + 12, 4))
            guard start <= bytes.count, length <= bytes.count - start else { return nil }
            block.chunks.append(
                Chunk(
                    kind: UInt16(bytes.number(entry, 2)), isCompressed: bytes[entry + 2] == 1,
                    id: UInt32(bytes.number(entry + 4, 4)), rawLength: UInt32(bytes.number(entry + 16, 4)),
                    bytes: Array(bytes[start..<(start + length)])))
        }
        return block
    }

    // MARK: - Putting together

    /// The bytes of the part; offsets, lengths, checksums, the places in the index and the digest are made to fit.
    package func bytes() -> [UInt8] {
        var all = self
        all.fixPlaces()
        var file = header
        file.replaceLittleEndian(UInt32(0), at: 12)
        file.replaceLittleEndian(CRC32C.checksum(file), at: 12)
        for (number, block) in all.blocks.enumerated() { file += Self.bytes(of: block, number, at: file.count) }
        var footer = footer
        let index = all.blocks[all.blocks.count - 1].length
        for (offset, value) in [(48, file.count - index), (56, index), (64, file.count + 128), (88, blocks.count)] {
            footer.replaceLittleEndian(UInt64(value), at: offset)
        }
        var hash = SHA256()
        hash.update(data: file)
        hash.update(data: footer[0..<12])
        hash.update(data: footer[16..<96])
        footer.replaceSubrange(96..<112, with: Array(hash.finalize()).prefix(16))
        footer.replaceLittleEndian(UInt32(0), at: 12)
        footer.replaceLittleEndian(CRC32C.checksum(footer), at: 12)
        return file + footer
    }

    private static func bytes(of block: Block, _ number: Int, at offset: Int) -> [UInt8] {
        var bytes = block.header
        bytes.replaceLittleEndian(UInt32(truncatingIfNeeded: number), at: 40)
        bytes.replaceLittleEndian(UInt32(block.chunks.count), at: 44)
        bytes.replaceLittleEndian(UInt64(offset), at: 48)
        bytes.replaceLittleEndian(UInt64(block.length), at: 56)
        bytes.replaceLittleEndian(UInt32(0), at: 68)
        var start = 72 + block.chunks.count * 24
        for chunk in block.chunks {
            bytes.appendLittleEndian(chunk.kind)
            bytes += [chunk.isCompressed ? 1 : 0, 0]
            bytes.appendLittleEndian(chunk.id)
            bytes.appendLittleEndian(UInt32(start))
            bytes.appendLittleEndian(UInt32(chunk.bytes.count))
            bytes.appendLittleEndian(chunk.rawLength)
            bytes.appendLittleEndian(CRC32C.checksum(chunk.bytes))
            start += chunk.bytes.count
        }
        bytes.replaceLittleEndian(CRC32C.checksum(bytes), at: 68)
        for chunk in block.chunks { bytes += chunk.bytes }
        return bytes
    }

    /// Makes the index say where the blocks are now.
    private mutating func fixPlaces() {
        var moved: [Int64: (number: Int64, offset: Int64, length: Int64)] = [:]
        var isSame = true
        var next = 64
        for (number, block) in blocks.enumerated() {
            moved[Int64(block.offset)] = (Int64(number), Int64(next), Int64(block.length))
            isSame = isSame && block.offset == next && Int(block.header.number(56, 8)) == block.length
            next += block.length
        }
        guard !isSame else { return }
        let last = blocks.count - 1
        for position in blocks[last].chunks.indices
        where [51, 53, 54, 55, 56, 61].contains(blocks[last].chunks[position].kind) {
            let bytes = blocks[last].chunks[position].bytes
            guard let fixed = Self.fixed(bytes, moved) else { continue }
            blocks[last].chunks[position].bytes = fixed
            blocks[last].chunks[position].rawLength = UInt32(fixed.count)
        }
    }

    /// A chunk of the index whose first three columns are the places of blocks, with their new places.
    private static func fixed(
        _ bytes: [UInt8], _ moved: [Int64: (number: Int64, offset: Int64, length: Int64)]
    ) -> [UInt8]? {
        bytes.withUnsafeBytes { raw in
            var reader = ByteReader(raw)
            var columns: [[Int64]] = []
            for _ in 0..<3 {
                guard let chunk = try? IntegerChunk(&reader, atMost: 4_096) else { return nil }
                columns.append(chunk.values())
            }
            guard columns.allSatisfy({ $0.count == columns[0].count }) else { return nil }
            for (row, offset) in columns[1].enumerated() {
                guard let place = moved[offset] else { continue }
                columns[0][row] = place.number
                columns[1][row] = place.offset
                columns[2][row] = place.length
            }
            var fixed: [UInt8] = []
            for column in columns { IntegerChunk.append(column, to: &fixed) }
            return fixed + raw[reader.offset...]
        }
    }

    // MARK: - The same bytes elsewhere

    /// Entries of the journal with the messages of the part's frames: the same table and records under another header.
    func journalBodies() -> [[UInt8]] {
        blocks.filter { $0.kind == 2 }.prefix(4).compactMap { block in
            guard let table = block.chunks.first(where: { $0.kind == 16 }),
                let records = block.chunks.first(where: { $0.kind == 17 })
            else { return nil }
            var body = Array("SHLJ".utf8) + [1, 1, records.isCompressed ? 1 : 0, 0] + block.header[8..<24]
            body += block.header[64..<68]
            body.appendLittleEndian(UInt32(table.bytes.count))
            body.appendLittleEndian(UInt32(records.bytes.count))
            body.appendLittleEndian(records.rawLength)
            body.appendLittleEndian(UInt32(0))
            body += table.bytes
            body += records.bytes
            body.replaceLittleEndian(CRC32C.checksum(body), at: 40)
            return body
        }
    }
}

extension ForgedPart.Chunk {
    /// Replaces compressed bytes by what they stand for, as far as they can be read.
    mutating func decompress() {
        guard isCompressed, rawLength < 1 << 20 else { return }
        var raw = [UInt8](repeating: 0, count: Int(rawLength))
        guard ZSTD_decompress(&raw, raw.count, bytes, bytes.count) == raw.count else { return }
        isCompressed = false
        bytes = raw
    }
}

extension [UInt8] {
    /// The little-endian number of `size` bytes at `offset`, which lies within the array.
    func number(_ offset: Int, _ size: Int) -> UInt64 {
        self[offset..<(offset + size)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
