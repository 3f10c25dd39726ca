internal import CBytes
import Synchronization

/// Pages of memory that grow without being copied.
///
/// Touching a page for the first time costs more than most work that is done in it, so pages that were given back are kept
/// for whoever asks next, until `release`.
package enum Pages {
    /// Sizes are rounded up to this.
    package static let size = 1 << 16
    /// No more than this is kept.
    private static let keptMax = 1 << 28

    private struct Piece {
        var address: UInt
        var count: Int
    }

    /// Pieces that were given back, in ascending size.
    private static let kept = Mutex<[Piece]>([])

    /// Makes room for `count` bytes or more; what lies beyond the old ones is anything.
    ///
    /// - Parameter old: what an earlier call gave; nil for new pages.
    package static func resize(
        _ old: UnsafeMutableRawBufferPointer?, to count: Int
    ) -> UnsafeMutableRawBufferPointer {
        let bytes = (count + size - 1) / size * size
        let before = old ?? take(bytes)
        if let before, old == nil, before.count == bytes { return before }
        guard let start = shoal_pages_resize(before?.baseAddress, before?.count ?? 0, bytes) else {
            preconditionFailure("no memory for \(bytes) bytes")
        }
        return UnsafeMutableRawBufferPointer(start: start, count: bytes)
    }

    /// Room for `count` bytes or more, all of them zero, that is never touched unless it is used.
    package static func new(_ count: Int) -> UnsafeMutableRawBufferPointer {
        let bytes = (count + size - 1) / size * size
        guard let start = shoal_pages_resize(nil, 0, bytes) else { preconditionFailure("no memory for \(bytes) bytes") }
        return UnsafeMutableRawBufferPointer(start: start, count: bytes)
    }

    package static func free(_ pages: UnsafeMutableRawBufferPointer) {
        guard let start = pages.baseAddress else { return }
        let isKept = kept.withLock { kept in
            guard kept.reduce(pages.count, { $0 + $1.count }) <= keptMax else { return false }
            keep(Piece(address: UInt(bitPattern: start), count: pages.count), &kept)
            return true
        }
        if !isKept { shoal_pages_free(start, pages.count) }
    }

    /// Gives back to the system what is kept.
    package static func release() {
        let pieces = kept.withLock { kept in
            defer { kept = [] }
            return kept
        }
        for piece in pieces { shoal_pages_free(UnsafeMutableRawPointer(bitPattern: piece.address), piece.count) }
    }

    /// So many bytes of the smallest piece that has them, else the largest piece; nil when nothing is kept.
    private static func take(_ count: Int) -> UnsafeMutableRawBufferPointer? {
        let piece = kept.withLock { kept -> Piece? in
            guard let place = kept.firstIndex(where: { $0.count >= count }) ?? kept.indices.last else { return nil }
            var piece = kept.remove(at: place)
            if piece.count > count {
                keep(Piece(address: piece.address + UInt(count), count: piece.count - count), &kept)
                piece.count = count
            }
            return piece
        }
        return piece.map {
            UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: $0.address), count: $0.count)
        }
    }

    private static func keep(_ piece: Piece, _ kept: inout [Piece]) {
        kept.insert(piece, at: kept.firstIndex { $0.count >= piece.count } ?? kept.count)
    }
}
