package import EventModel

/// Changes to inputs, as they follow from a seed.
package enum Mutation {
    private static let interesting: [UInt64] = [
        0, 1, 2, 7, 8, 63, 64, 65, 127, 128, 255, 4_096, 0x7FFF, 0xFFFF, 1 << 28, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFE, .max,
    ]

    /// A number that a count, a width or an offset should not be.
    package static func number(_ random: inout SeededRandom) -> UInt64 {
        random.chance(0.8) ? random.element(of: interesting) ?? 0 : random.next() >> UInt64(random.int(below: 64))
    }

    /// Changes some bytes; numbers near the start, where headers are, more often.
    package static func bytes(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        for _ in 0...random.int(below: 3) {
            guard !bytes.isEmpty else {
                bytes.append(UInt8(truncatingIfNeeded: random.next()))
                continue
            }
            let reach = random.chance(0.5) ? min(bytes.count, 40) : bytes.count
            let offset = random.int(below: reach)
            switch random.int(below: 8) {
            case 0: bytes[offset] ^= 1 << UInt8(random.int(below: 8))
            case 1: bytes[offset] = UInt8(truncatingIfNeeded: random.next())
            case 2...4: overwrite(&bytes, at: offset, random.int(below: 4), number(&random))
            case 5: bytes.removeSubrange(offset..<min(bytes.count, offset + 1 + random.int(below: 16)))
            case 6:
                let from = random.int(below: bytes.count)
                bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + 1 + random.int(below: 32))], at: offset)
            default: bytes.removeLast(random.int(below: bytes.count))
            }
        }
    }

    private static func overwrite(_ bytes: inout [UInt8], at offset: Int, _ size: Int, _ value: UInt64) {
        for byte in 0..<(1 << size) where offset + byte < bytes.count {
            bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt64(byte * 8))
        }
    }

    /// Changes pieces of a part inside its blocks, under checksums that hold again.
    ///
    /// - Parameter change: what is done to the contents of a chunk.
    package static func part(
        _ bytes: [UInt8], _ random: inout SeededRandom,
        change: (inout [UInt8], inout SeededRandom) -> Void = { Mutation.bytes(&$0, &$1) }
    ) -> [UInt8]? {
        guard var part = ForgedPart(bytes) else { return nil }
        for _ in 0...random.int(below: 3) { mutate(&part, &random, change) }
        return part.bytes()
    }

    private static func mutate(
        _ part: inout ForgedPart, _ random: inout SeededRandom, _ change: (inout [UInt8], inout SeededRandom) -> Void
    ) {
        let block = random.int(below: part.blocks.count)
        let count = part.blocks[block].chunks.count
        let chunk = random.int(below: count)
        switch random.int(below: 16) {
        case 0:
            for byte in 64..<68 { part.blocks[block].header[byte] = 0 }
            overwrite(&part.blocks[block].header, at: 64, 2, number(&random))
        case 1:
            overwrite(&part.footer, at: 72 + 8 * random.int(below: 2), 3, number(&random))
        case 2 where count > 0:
            part.blocks[block].chunks.remove(at: chunk)
        case 3 where count > 0:
            part.blocks[block].chunks.insert(part.blocks[block].chunks[chunk], at: random.int(below: count))
        case 4 where count > 0:
            let other = part.blocks[block].chunks[random.int(below: count)]
            part.blocks[block].chunks[chunk].bytes = other.bytes
            part.blocks[block].chunks[chunk].rawLength = other.rawLength
            part.blocks[block].chunks[chunk].isCompressed = other.isCompressed
        case 5 where count > 0:
            part.blocks[block].chunks[chunk].rawLength = UInt32(truncatingIfNeeded: number(&random))
        case 6 where count > 0:
            part.blocks[block].chunks[chunk].id = UInt32(truncatingIfNeeded: number(&random))
        case 7 where count > 0:
            // Compressed bytes as they are: this is for the decompressor.
            change(&part.blocks[block].chunks[chunk].bytes, &random)
        default:
            guard count > 0 else { return }
            part.blocks[block].chunks[chunk].decompress()
            guard !part.blocks[block].chunks[chunk].isCompressed else { return }
            change(&part.blocks[block].chunks[chunk].bytes, &random)
            part.blocks[block].chunks[chunk].rawLength = UInt32(part.blocks[block].chunks[chunk].bytes.count)
        }
    }
}
