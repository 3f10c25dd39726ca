import SegmentLanguage

/// Follows the band of a rank while profiles come into the population, move and leave it.
struct RankSweep {
    /// A profile's place from an instant on; nil: not in the population.
    struct Move {
        var instant: Int64
        var profile: Int
        var key: RankKey?
    }

    /// Adds to the timeline of the band an entry at `start`, and one for each later instant at which it changes.
    ///
    /// Complexity: O(moves log moves).
    static func extend(_ timeline: inout RankTimeline, _ band: RankBand, moves: [Move], start: Int64) {
        let moves = moves.sorted { $0.instant < $1.instant }
        let keys = Set(moves.compactMap(\.key)).sorted()
        var place: [RankKey: Int] = [:]
        for (index, key) in keys.enumerated() { place[key] = index }
        var present = CountTree(count: keys.count)
        var current: [Int: Int] = [:]
        var index = 0
        var instant = start
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
            timeline.append(bounds(of: band, in: present, keys), from: instant)
            guard index < moves.count else { return }
            instant = moves[index].instant
        }
    }

    private static func bounds(of band: RankBand, in present: CountTree, _ keys: [RankKey]) -> RankBounds? {
        let positions = band.positions(of: present.total)
        guard !positions.isEmpty else { return nil }
        return RankBounds(
            lowest: keys[present.index(ofPosition: positions.lowerBound)],
            highest: keys[present.index(ofPosition: positions.upperBound - 1)])
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
