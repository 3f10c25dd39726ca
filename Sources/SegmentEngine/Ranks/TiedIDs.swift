import EventModel

/// The ids of profiles with equal metrics, of which the largest comes first: one is found without sorting them all.
struct TiedIDs {
    private var ids: [Text] = []
    /// The first eight bytes of each, as numbers in the same order.
    private var prefixes: [Int64] = []

    mutating func append(_ id: Text) {
        ids.append(id)
        let prefix = id.withBytes { bytes in
            (0..<8).reduce(UInt64(0)) { $0 << 8 | ($1 < bytes.count ? UInt64(bytes[$1]) : 0) }
        }
        prefixes.append(Int64(bitPattern: prefix ^ 1 << 63))
    }

    /// The id that comes after `position` others. Complexity: O(ids), and those that begin alike are sorted.
    ///
    /// - Precondition: there are more ids than that.
    func id(after position: Int) -> Text {
        let smaller = ids.count - 1 - position
        var pool = prefixes
        let found = pool.withUnsafeMutableBufferPointer { RankPlaces.select(smaller, in: $0) }
        let alike = prefixes.indices.filter { prefixes[$0] == found.number }.map { ids[$0] }.sorted()
        return alike[smaller - found.before]
    }
}
