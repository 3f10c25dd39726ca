internal import CBytes

/// SHA-256 (FIPS 180-4) of bytes that lie in one piece.
///
/// Choose it where millions of short pieces are hashed; for anything that comes in parts there is swift-crypto.
package enum Digest256 {
    /// The first 128 bits of the digest, highest first.
    package static func first128(_ bytes: UnsafeRawBufferPointer) -> (high: UInt64, low: UInt64) {
        withDigest(bytes, shoal_sha256) { digest in
            (
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    /// The first 128 bits of the digests of many pieces, as `first128` gives them one by one.
    ///
    /// - Parameters:
    ///   - bytes: the pieces, each in whole blocks of 64 bytes with room for 9 bytes of padding, which are overwritten.
    ///   - blocks: the block at which each piece begins.
    ///   - lengths: how many bytes each has.
    package static func first128(
        _ bytes: UnsafeMutableRawBufferPointer, blocks: [UInt32], lengths: [UInt32],
        _ body: (_ index: Int, _ high: UInt64, _ low: UInt64) -> Void
    ) {
        precondition(blocks.count == lengths.count, "\(blocks.count) places for \(lengths.count) lengths")
        for (block, length) in zip(blocks, lengths) {
            let end = Int(block) * blockSize + paddedCount(Int(length))
            precondition(end <= bytes.count, "a piece ends at \(end) of \(bytes.count) bytes")
        }
        withUnsafeTemporaryAllocation(byteCount: max(blocks.count, 1) * 16, alignment: 16) { digests in
            shoal_sha256_many(
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), blocks, lengths, blocks.count,
                OpaquePointer(digests.baseAddress).map { UnsafeMutablePointer($0) })
            for index in blocks.indices {
                body(
                    index, UInt64(bigEndian: digests.loadUnaligned(fromByteOffset: index * 16, as: UInt64.self)),
                    UInt64(bigEndian: digests.loadUnaligned(fromByteOffset: index * 16 + 8, as: UInt64.self)))
            }
        }
    }

    package static let blockSize = 64

    /// How many bytes so many are with their padding.
    @inline(__always)
    package static func paddedCount(_ length: Int) -> Int { ((length + 8) / blockSize + 1) * blockSize }

    /// All 32 bytes.
    package static func bytes(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        withDigest(bytes, shoal_sha256) { Array($0) }
    }

    /// The same without the processor's own instructions, for comparison in tests.
    package static func bytesWithoutInstructions(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        withDigest(bytes, shoal_sha256_plain) { Array($0) }
    }

    @inline(__always)
    private static func withDigest<Result>(
        _ bytes: UnsafeRawBufferPointer,
        _ hash: (UnsafeRawPointer?, Int, UnsafeMutablePointer<UInt8>?) -> Void,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        var digest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        return withUnsafeMutableBytes(of: &digest) { digest in
            hash(bytes.baseAddress, bytes.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self))
            return body(UnsafeRawBufferPointer(digest))
        }
    }
}

/// Asks the processor to bring some memory nearer before it is needed.
@inline(__always)
package func prefetch(_ address: UnsafeRawPointer) { shoal_prefetch(address) }
