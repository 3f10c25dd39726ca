internal import CBytes

/// Pages of memory that grow without being copied.
package enum Pages {
    /// Sizes are rounded up to this.
    package static let size = 1 << 16

    /// Makes room for `count` bytes, which are zero beyond the old ones.
    ///
    /// - Parameter old: what an earlier call gave; nil for new pages.
    package static func resize(
        _ old: UnsafeMutableRawBufferPointer?, to count: Int
    ) -> UnsafeMutableRawBufferPointer {
        let bytes = (count + size - 1) / size * size
        guard let start = shoal_pages_resize(old?.baseAddress, old?.count ?? 0, bytes) else {
            preconditionFailure("no memory for \(bytes) bytes")
        }
        return UnsafeMutableRawBufferPointer(start: start, count: bytes)
    }

    package static func free(_ pages: UnsafeMutableRawBufferPointer) {
        if let start = pages.baseAddress { shoal_pages_free(start, pages.count) }
    }
}
