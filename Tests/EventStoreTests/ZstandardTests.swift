import EventModel
import Testing

@testable import EventStore

@Suite struct ZstandardTests {
    @Test func `what was compressed comes back`() throws {
        for count in [400, 1_000, 70_000, 1 << 20] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 3 % 50) }
            for content in [Zstandard.Content.texts, .codes] {
                let compressed = try #require(Zstandard.compress(bytes, as: content))
                let raw = compressed.withUnsafeBytes { Zstandard.decompress($0, size: count) }
                #expect(raw.map { Array($0.bytes) } == bytes)
                #expect(compressed.withUnsafeBytes { Zstandard.decompress($0, size: count - 1) } == nil)
                #expect(compressed.dropLast().withUnsafeBytes { Zstandard.decompress($0, size: count) } == nil)
            }
        }
    }

    @Test func `codes in which nothing comes twice are shorter by how frequent each is`() throws {
        var random = SplitMix64(seed: 2)
        let codes = (0..<60_000).map { _ in UInt8(truncatingIfNeeded: UInt64.random(in: 0..<12, using: &random)) }
        // Less than four bits of eight.
        let compressed = try #require(Zstandard.compress(codes, as: .codes))
        #expect(compressed.count < codes.count * 15 / 32)
    }

    @Test func `bytes that shrink beyond what readers take stay as they are`() {
        #expect(Zstandard.compress([UInt8](repeating: 0, count: 32 << 20)) == nil)
        #expect(Zstandard.compress([UInt8](repeating: 0, count: 1 << 20)) != nil)
    }

    @Test func `a few bytes that stand for half a gigabyte are refused before they are decompressed`() {
        // A frame with its size in four bytes, and a block of one repeated byte.
        let bomb: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0, 0, 0, 0x20, 0x03, 0, 0x10, 0x41]
        #expect(bomb.withUnsafeBytes { Zstandard.decompress($0, size: 1 << 29) } == nil)
        #expect(!Zstandard.isPossible(1 << 29, from: bomb.count))
    }
}
