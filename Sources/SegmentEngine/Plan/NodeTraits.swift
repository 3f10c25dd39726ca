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

    /// A rank asked about at the instants from `oldest` to `newest` ms before now, both included.
    struct RankUse: Hashable, Sendable {
        var rank: Int
        /// `Int64.max`: since ever.
        var oldest: Int64
        var newest: Int64
    }

    /// Reads one event: its properties, its time.
    var readsRow = false
    /// Reads one item of an event.
    var readsItem = false
    /// Reads the events of the group it stands in; otherwise it is the profile's wherever it stands.
    var readsGroup = false
    var clock = Clock.still
    var ranks: Set<RankUse> = []

    static let constant = NodeTraits()

    func joined(with other: NodeTraits) -> NodeTraits {
        NodeTraits(
            readsRow: readsRow || other.readsRow, readsItem: readsItem || other.readsItem,
            readsGroup: readsGroup || other.readsGroup, clock: max(clock, other.clock),
            ranks: ranks.union(other.ranks))
    }

    static func joined(_ all: some Sequence<NodeTraits>) -> NodeTraits {
        all.reduce(.constant) { $0.joined(with: $1) }
    }

    /// The ranks when the node is asked not at now, but from `oldest` to `newest` ms before.
    func ranks(from oldest: Int64, to newest: Int64) -> Set<RankUse> {
        Set(
            ranks.map {
                RankUse(
                    rank: $0.rank, oldest: $0.oldest.addingSaturating(oldest),
                    newest: $0.newest.addingSaturating(newest))
            })
    }
}
