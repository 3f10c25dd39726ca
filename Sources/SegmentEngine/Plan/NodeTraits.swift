/// What a node's answer depends on besides the profile's visible rows.
struct NodeTraits: Sendable {
    /// How an answer changes by the clock alone.
    enum Clock: Int, Sendable, Comparable {
        /// Never.
        case still
        /// At single instants, which the node names.
        case steps
        /// All the time, as `now` does.
        case flows

        static func < (left: Clock, right: Clock) -> Bool { left.rawValue < right.rawValue }
    }

    /// Reads one event: its properties, its time.
    var readsRow = false
    /// Reads one item of an event.
    var readsItem = false
    /// Reads the events of the group it stands in; otherwise it is the profile's wherever it stands.
    var readsGroup = false
    var clock = Clock.still

    static let constant = NodeTraits()

    func joined(with other: NodeTraits) -> NodeTraits {
        NodeTraits(
            readsRow: readsRow || other.readsRow, readsItem: readsItem || other.readsItem,
            readsGroup: readsGroup || other.readsGroup, clock: max(clock, other.clock))
    }

    static func joined(_ all: some Sequence<NodeTraits>) -> NodeTraits {
        all.reduce(.constant) { $0.joined(with: $1) }
    }
}
