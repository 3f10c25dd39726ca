import EventModel
import EventStore
import SegmentLanguage

/// The metrics of ranked profiles at one instant, as whole numbers of one kind: enough to find where bands lie without
/// sorting everybody.
struct RankPlaces: Sendable {
    private let kind: ProfileColumn.Kind
    private var numbers: [Int64]
    private var profiles: [ProfileNumber]

    /// The places of those of a column's profiles whose value is not null.
    init(_ ranked: [Int32], _ column: ProfileColumn, _ block: HistoryBlock) {
        kind = column.kind
        numbers = []
        profiles = []
        numbers.reserveCapacity(ranked.count)
        profiles.reserveCapacity(ranked.count)
        for profile in ranked where !column.isNull(profile) {
            numbers.append(column.numbers[Int(profile)])
            profiles.append(block.profileNumbers[Int(profile)])
        }
    }

    /// All places together; nil when they are not of one kind.
    init?(joining parts: [RankPlaces]) {
        guard let first = parts.first(where: { !$0.numbers.isEmpty }) ?? parts.first else { return nil }
        kind = first.kind
        numbers = []
        profiles = []
        for part in parts where !part.numbers.isEmpty {
            guard part.kind == kind else { return nil }
            numbers += part.numbers
            profiles += part.profiles
        }
    }

    /// The ends of some bands; nil where nobody is in one. Complexity: O(profiles), and ties are sorted by id.
    ///
    /// - Parameter drift: see `RankValue`.
    func bounds(of bands: [RankBand], drift: Decimal128, id: (ProfileNumber) -> Text) -> [RankBounds?] {
        let positions = bands.map { $0.positions(of: numbers.count) }
        let keys = keys(
            at: Set(positions.filter { !$0.isEmpty }.flatMap { [$0.lowerBound, $0.upperBound - 1] }), drift, id)
        return positions.map { positions in
            guard !positions.isEmpty, let lowest = keys[positions.lowerBound],
                let highest = keys[positions.upperBound - 1]
            else { return nil }
            return RankBounds(lowest: lowest, highest: highest)
        }
    }

    /// All places one by one, in no particular order.
    func keys(drift: Decimal128, id: (ProfileNumber) -> Text) -> [RankKey] {
        zip(numbers, profiles).compactMap { number, profile in
            RankKey(kind.value(of: number), drift: drift, id: id(profile))
        }
    }

    /// The places with so many before them.
    private func keys(
        at positions: Set<Int>, _ drift: Decimal128, _ id: (ProfileNumber) -> Text
    ) -> [Int: RankKey] {
        var pool = numbers
        // Of each number that is at one of the positions, how many are smaller, and who has it.
        var before: [Int64: Int] = [:]
        var numberAt: [Int: Int64] = [:]
        pool.withUnsafeMutableBufferPointer { pool in
            var sorted = 0
            for position in positions.sorted() {
                // What lies before the last position found is smaller, or equal.
                let rest = UnsafeMutableBufferPointer(rebasing: pool[sorted...])
                let found = Self.select(position - sorted, in: rest)
                numberAt[position] = found.number
                if before[found.number] == nil { before[found.number] = sorted + found.before }
                sorted += found.before
            }
        }
        let wanted = before.keys.sorted()
        var tied = wanted.map { _ in TiedIDs() }
        for (number, profile) in zip(numbers, profiles) {
            if let place = wanted.firstIndex(of: number) { tied[place].append(id(profile)) }
        }
        var keys: [Int: RankKey] = [:]
        for (position, number) in numberAt {
            guard let place = wanted.firstIndex(of: number), let first = before[number] else { continue }
            keys[position] = RankKey(
                kind.value(of: number), drift: drift, id: tied[place].id(after: position - first))
        }
        return keys
    }

    /// The number with `position` numbers before it in ascending order, and how many are smaller; moves the numbers
    /// about, so that those come first.
    static func select(
        _ position: Int, in numbers: UnsafeMutableBufferPointer<Int64>
    ) -> (number: Int64, before: Int) {
        var (low, high) = (0, numbers.count)
        var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
        while high - low > 1 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let pivot = numbers[low + Int(seed >> 33) % (high - low)]
            // low..<less are smaller, less..<index equal, more..<high larger.
            var (less, index, more) = (low, low, high)
            while index < more {
                let number = numbers[index]
                if number < pivot {
                    numbers.swapAt(less, index)
                    less += 1
                    index += 1
                } else if number > pivot {
                    more -= 1
                    numbers.swapAt(index, more)
                } else {
                    index += 1
                }
            }
            if position < less { high = less } else if position >= more { low = more } else { return (pivot, less) }
        }
        return (numbers[low], low)
    }
}
