import EventModel
import EventStore
import SegmentLanguage

/// Follows the bands of a family of ranks while profiles come into the population, move and leave it.
enum RankSweep {
    /// A profile's metric from an instant on; nil: not in the population.
    struct Move: Sendable {
        var instant: Int64
        var profile: ProfileNumber
        var value: RankValue?
    }

    /// Adds to the timeline of each band an entry at the start of an interval, and one for each later instant at
    /// which it changes.
    ///
    /// Complexity: O(moves log moves).
    static func extend(
        _ timelines: inout [RankTimeline], _ bands: [RankBand], moves unsorted: consuming [Move],
        over interval: ClosedRange<Int64>, id: (ProfileNumber) -> Text
    ) {
        unsorted.sort { $0.instant < $1.instant }
        let moves = unsorted
        let places = MovePlaces(moves, id)
        var present = CountTree(count: places.count)
        var current: [ProfileNumber: UInt32] = [:]
        var ends: [Range<Int>?] = Array(repeating: nil, count: bands.count)
        var index = 0
        var instant = interval.lowerBound
        while true {
            while index < moves.count, moves[index].instant <= instant {
                let profile = moves[index].profile
                if let old = current.removeValue(forKey: profile) { present.add(-1, at: Int(old)) }
                if let new = places.ofMove(index) {
                    present.add(1, at: Int(new))
                    current[profile] = new
                }
                index += 1
            }
            for (number, band) in bands.enumerated() {
                let positions = band.positions(of: present.total)
                var now = 0..<0
                if !positions.isEmpty {
                    let lowest = present.index(ofPosition: positions.lowerBound)
                    now = lowest..<(present.index(ofPosition: positions.upperBound - 1) + 1)
                }
                if now == ends[number] { continue }
                ends[number] = now
                func key(_ place: Int) -> RankKey? {
                    let move = moves[places.move(at: place)]
                    return move.value.map { RankKey($0, id: id(move.profile)) }
                }
                var bounds: RankBounds?
                if !now.isEmpty, let lowest = key(now.lowerBound), let highest = key(now.upperBound - 1) {
                    bounds = RankBounds(lowest: lowest, highest: highest)
                }
                timelines[number].append(bounds, from: instant)
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

/// The places that profiles take in a rank in the course of time, in its order.
private struct MovePlaces {
    private static let nowhere = UInt32.max
    /// By move.
    private var places: [UInt32]
    /// By place, a move to it.
    private var moves: [UInt32] = []

    init(_ all: [RankSweep.Move], _ id: (ProfileNumber) -> Text) {
        places = Array(repeating: Self.nowhere, count: all.count)
        var ranked: [UInt32] = []
        ranked.reserveCapacity(all.count)
        for (index, move) in all.enumerated() where move.value != nil { ranked.append(UInt32(index)) }
        ranked.sort { left, right in
            guard let left = all[Int(left)].value, let right = all[Int(right)].value else { return false }
            return left < right
        }
        var start = 0
        while start < ranked.count {
            var end = start + 1
            while end < ranked.count, all[Int(ranked[end])].value == all[Int(ranked[start])].value { end += 1 }
            // Of equal metrics the largest id comes first.
            var movesOfProfile: [ProfileNumber: [UInt32]] = [:]
            for move in ranked[start..<end] { movesOfProfile[all[Int(move)].profile, default: []].append(move) }
            let profiles =
                movesOfProfile.count == 1
                ? Array(movesOfProfile.keys)
                : movesOfProfile.keys.map { (id: id($0), number: $0) }.sorted { $0.id > $1.id }.map(\.number)
            for profile in profiles {
                let place = UInt32(moves.count)
                for move in movesOfProfile[profile] ?? [] {
                    places[Int(move)] = place
                    if moves.count == place { moves.append(move) }
                }
            }
            start = end
        }
    }

    var count: Int { moves.count }

    /// Nil for a move out of the rank.
    func ofMove(_ index: Int) -> UInt32? { places[index] == Self.nowhere ? nil : places[index] }

    func move(at place: Int) -> Int { Int(moves[place]) }
}

/// Counts at places 0..<count, with the place of the k-th counted thing in logarithmic time (a Fenwick tree).
struct CountTree {
    private var sums: [Int32]
    private(set) var total = 0

    init(count: Int) {
        sums = Array(repeating: 0, count: count + 1)
    }

    mutating func add(_ amount: Int, at place: Int) {
        total += amount
        var index = place + 1
        let added = Int32(amount)
        while index < sums.count {
            sums[index] += added
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
            if index + step < sums.count, Int(sums[index + step]) <= rest {
                index += step
                rest -= Int(sums[index])
            }
            step /= 2
        }
        return index
    }
}
