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

    /// The ends of a band; nil when nobody is in it. Complexity: O(profiles), and ties are sorted by id.
    ///
    /// - Parameter drift: see `RankKey`.
    func bounds(of band: RankBand, drift: Decimal128, id: (ProfileNumber) -> Text) -> RankBounds? {
        let positions = band.positions(of: numbers.count)
        guard !positions.isEmpty, let lowest = key(at: positions.lowerBound, drift, id),
            let highest = key(at: positions.upperBound - 1, drift, id)
        else { return nil }
        return RankBounds(lowest: lowest, highest: highest)
    }

    /// All places one by one, in no particular order.
    func keys(drift: Decimal128, id: (ProfileNumber) -> Text) -> [RankKey] {
        zip(numbers, profiles).compactMap { number, profile in
            RankKey(kind.value(of: number), drift: drift, id: id(profile))
        }
    }

    /// The place with so many before it.
    private func key(at position: Int, _ drift: Decimal128, _ id: (ProfileNumber) -> Text) -> RankKey? {
        var pool = numbers
        let number = pool.withUnsafeMutableBufferPointer { Self.select(position, in: $0) }
        var before = 0
        var ties: [Text] = []
        for (other, profile) in zip(numbers, profiles) {
            if other < number { before += 1 } else if other == number { ties.append(id(profile)) }
        }
        // Of equal metrics the largest id comes first.
        ties.sort(by: >)
        return RankKey(kind.value(of: number), drift: drift, id: ties[position - before])
    }

    /// The number with `position` numbers before it in ascending order; moves the numbers about.
    static func select(_ position: Int, in numbers: UnsafeMutableBufferPointer<Int64>) -> Int64 {
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
            if position < less { high = less } else if position >= more { low = more } else { return pivot }
        }
        return numbers[low]
    }
}
