import EventModel
import Synchronization

/// What was decoded of some blocks of a part, for the next reader. Bounded; when full it starts anew.
final class BlockCache<Decoded: Sendable>: Sendable {
    private let most: Int
    private let decoded = Locked<[Int: Decoded]>([:])

    /// - Parameter most: how many blocks it keeps.
    init(most: Int) { self.most = most }

    /// What is kept of a block; nil when nothing is.
    func known(_ block: Int) -> Decoded? { decoded.withLock { $0[block] } }

    /// What is kept of a block, else what `decode` gives.
    func value(
        of block: Int, _ decode: () throws(EventStoreError) -> Decoded
    ) throws(EventStoreError) -> Decoded {
        if let known = known(block) { return known }
        let fresh = try decode()
        decoded.withLock { decoded in
            if decoded.count >= most { decoded = [:] }
            decoded[block] = fresh
        }
        return fresh
    }
}
