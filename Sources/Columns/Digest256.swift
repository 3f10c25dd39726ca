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
