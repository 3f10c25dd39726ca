package import EventModel
package import SegmentLanguage

/// What the metric `typical_gap` of the ready segments says: how long the store's shoppers usually wait between orders.
///
/// It is the median, over everybody with orders on two or more days, of their own (last - first) / (days - 1).
package struct TypicalGap: Hashable, Sendable {
    package static let name: Text = "typical_gap"
    /// What counts while nobody has ordered on two days.
    package static let unknown = TypicalGap(hours: 60 * 24, repeatBuyers: 0)

    /// Whole hours, at least 24; whole days from ten days on.
    package let hours: Int64
    /// Of how many profiles it is the median.
    package let repeatBuyers: Int

    private init(hours: Int64, repeatBuyers: Int) {
        self.hours = hours
        self.repeatBuyers = repeatBuyers
    }

    /// - Parameter meanGaps: values of `meanGap`, in any order; what is no length of time is passed over.
    package init(meanGaps: some Swift.Sequence<Value>) {
        let gaps = meanGaps.compactMap(\.wholeMilliseconds).sorted()
        guard let upper = gaps.dropFirst(gaps.count / 2).first else {
            self = .unknown
            return
        }
        let lower = gaps[(gaps.count - 1) / 2]
        let median = lower + (upper - lower) / 2
        let hours = max(24, Self.rounded(median, to: 3_600_000))
        let days = Self.rounded(median, to: Timestamp.millisecondsPerDay)
        self.init(hours: hours < 10 * 24 ? hours : days * 24, repeatBuyers: gaps.count)
    }

    private static func rounded(_ milliseconds: Int64, to unit: Int64) -> Int64 {
        milliseconds / unit + (milliseconds % unit >= unit - unit / 2 ? 1 : 0)
    }

    /// In the segment language: `40 hours`, `23 days`.
    package var text: String {
        if hours % 24 != 0 { return "\(hours) hours" }
        return hours == 24 ? "1 day" : "\(hours / 24) days"
    }

    /// One profile's own mean time between days with an order; null below two such days.
    package static let meanGap: SegmentLanguage.Value = {
        func orders(_ aggregate: Aggregate) -> SegmentLanguage.Value {
            SegmentLanguage.Value(.aggregate(aggregate, of: nil, EventQuery(.named("Order Completed"))))
        }
        let span = SegmentLanguage.Value(.arithmetic(orders(.last), .subtract, orders(.first)))
        let gaps = SegmentLanguage.Value(.arithmetic(orders(.days), .subtract, SegmentLanguage.Value(.number(1))))
        return SegmentLanguage.Value(.arithmetic(span, .divide, gaps))
    }()
}

extension Value {
    /// A length of time that is not negative, cut to whole milliseconds.
    fileprivate var wholeMilliseconds: Int64? {
        guard case .duration(let length) = self, !length.isNegative else { return nil }
        return length.floorToInt().flatMap { Int64(exactly: $0) }
    }
}
