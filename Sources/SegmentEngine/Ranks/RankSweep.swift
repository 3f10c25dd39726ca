import SegmentLanguage

/// Follows the bands of a family of ranks while profiles come into the population, move and leave it.
enum RankSweep {
    /// A profile's place from an instant on; nil: not in the population.
    struct Move: Sendable {
        var instant: Int64
        var profile: Int
        var key: RankKey?
    }

    /// Adds to the timeline of each band an entry at the start of an interval, and one for each later instant at
    /// which it changes.
    ///
    /// Complexity: O(moves log moves).
    static func extend(
        _ timelines: inout [RankTimeline], _ bands: [RankBand], moves: [Move], over interval: ClosedRange<Int64>
    ) {
        let moves = moves.sorted { $0.instant < $1.instant }
        let keys = Set(moves.compactMap(\.key)).sorted()
        var place: [RankKey: Int] = [:]
        for (index, key) in keys.enumerated() { place[key] = index }
        var present = CountTree(count: keys.count)
        var current: [Int: Int] = [:]
        var index = 0
        var instant = interval.lowerBound
        while true {
            while index < moves.count, moves[index].instant <= instant {
                let move = moves[index]
                if let old = current.removeValue(forKey: move.profile) { present.add(-1, at: old) }
                if let key = move.key, let new = place[key] {
                    present.add(1, at: new)
                    current[move.profile] = new
                }
                index += 1
            }
            for (index, band) in bands.enumerated() {
                timelines[index].append(
                    bounds(of: band, count: present.total) { keys[present.index(ofPosition: $0)] }, from: instant)
            }
            guard index < moves.count else { return }
            instant = moves[index].instant
        }
    }

    /// The ends of a band among `count` places; nil when nobody is in it.
    static func bounds(of band: RankBand, count: Int, _ key: (Int) -> RankKey) -> RankBounds? {
        let positions = band.positions(of: count)
        guard !positions.isEmpty else { return nil }
        return RankBounds(lowest: key(positions.lowerBound), highest: key(positions.upperBound - 1))
    }
}

/// Counts at places 0..<count, with the place of the k-th counted thing in logarithmic time (a Fenwick tree).
struct CountTree {
    private var sums: [Int]
    private(set) var total = 0

    init(count: Int) {
        sums = Array(repeating: 0, count: count + 1)
    }

    mutating func add(_ amount: Int, at place: Int) {
        total += amount
        var index = place + 1
        while index < sums.count {
            sums[index] += amount
            index += index & -index
        }
    }

    /// The place of the counted thing with `position` things before it; `position` is below `total`.
    func index(ofPosition position: Int) -> Int {
        var index = 0
        var rest = position
        var step = 1
        while step * 2 < sums.count { step *= 2 }
        while step > 0 {
            if index + step < sums.count, sums[index + step] <= rest {
                index += step
                rest -= sums[index]
            }
            step /= 2
        }
        return index
    }
}
