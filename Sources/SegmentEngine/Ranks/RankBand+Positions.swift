import EventModel
import SegmentLanguage

extension RankBand {
    /// The positions of the band among `count` ranked profiles, smallest metric first.
    func positions(of count: Int) -> Range<Int> {
        switch self {
        case .top(let percent): return count - Self.share(percent, of: count)..<count
        case .bottom(let percent): return 0..<Self.share(percent, of: count)
        case .quintile(let quintile):
            guard (1...5).contains(quintile) else { return 0..<0 }
            // floor(5 i / n) + 1 = k for i from ceil((k - 1) n / 5) up to before ceil(k n / 5).
            return ((quintile - 1) * count + 4) / 5..<(quintile * count + 4) / 5
        }
    }

    /// ceil(n p / 100), at most n.
    private static func share(_ percent: Decimal128, of count: Int) -> Int {
        guard !percent.isNegative, let hundredfold = percent.multiplied(by: Decimal128(count)),
            let exact = hundredfold.divided(by: 100)
        else { return 0 }
        // Rounding up is the negative of rounding the negative down.
        guard let floor = exact.negated.floorToInt() else { return count }
        return min(-floor, count)
    }
}
