import Synchronization

/// Counts connections, and says which are too many.
final class ConnectionCounter: Sendable {
    private let most: Int
    private let opened = Atomic(0)

    init(most: Int) { self.most = most }

    /// A connection was opened.
    ///
    /// - Returns: whether there may be so many.
    func open() -> Bool { opened.add(1, ordering: .relaxed).newValue <= most }

    func close() { opened.subtract(1, ordering: .relaxed) }

    /// How many are open.
    var count: Int { opened.load(ordering: .relaxed) }
}
