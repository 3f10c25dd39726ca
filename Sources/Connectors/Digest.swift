internal import Crypto

/// SHA-256 over the parts of an identity, each preceded by its length, so that no two lists of parts read the same.
package struct IdentityHasher {
    private var sha = SHA256()

    package init() {}

    /// Adds one part.
    package mutating func add(_ bytes: some Sequence<UInt8>) {
        let part = Array(bytes)
        var length = UInt64(part.count).littleEndian
        withUnsafeBytes(of: &length) { sha.update(bufferPointer: $0) }
        sha.update(data: part)
    }
}
