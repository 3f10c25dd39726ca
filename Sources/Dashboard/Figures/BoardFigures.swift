package import Columns
package import EventModel
package import SegmentEngine
import SegmentLanguage

/// What the board of segments shows besides live members: money, and the past.
package struct BoardFigures: Sendable {
    /// How many weeks the past goes back.
    package static let weeks = 8

    /// The definitions that it is of.
    let definitions: [Definition]
    package let asOf: Timestamp
    /// Everybody, with orders, revenue, name, address and when last seen.
    package let people: BatchResult
    package let byRevenue: RevenueOrder
    /// Net revenue of everybody.
    package let totalRevenue: Decimal128
    /// By segment.
    package let revenue: [Text: Decimal128]
    package let orders: [Text: Decimal128]
    /// Sizes at the end of each week, the oldest first, the last one a week ago.
    package let pastSizes: [Text: [Int]]
    /// Who was a member a week ago.
    package let membersAWeekAgo: [Text: Bitmap]
    package let flow: SegmentFlow

    /// Metrics of everybody that pages ask for.
    static let metrics: [OwnMetric] = [.netOrders, .netRevenue, .email, .personName, .lastSeen]
}

/// What the page of one segment shows from its history.
package struct SegmentDetail: Sendable {
    /// Its definition with those it refers to.
    let definitions: [Definition]
    package let asOf: Timestamp
    /// At instants of equal distance, the last one being `asOf`; members who came and left since the one before.
    package let history: [Step]
    /// Members by category of what they bought, most frequent first; counted in items.
    package let categories: [(name: String, count: Int)]
    /// Members by country, and by the channel that brought most of their visits.
    package let countries: [(name: String, count: Int)]
    package let channels: [(name: String, count: Int)]
    package let spend: SpendDistribution?

    package struct Step: Sendable {
        package let instant: Timestamp
        package let size: Int
        /// Nil at the first.
        package let entered: Int?
        package let left: Int?
    }
}

/// How members spread over what they spent, net of refunds.
package struct SpendDistribution: Sendable {
    /// From `lower` up to before `upper`; the last one has no upper bound.
    package struct Band: Sendable {
        package let lower: Double
        package let upper: Double?
        package let count: Int
    }

    package let median: Decimal128
    package let average: Decimal128
    package let bands: [Band]

    /// - Parameter amounts: one a member with orders; nil when there are none.
    package init?(_ amounts: [Decimal128]) {
        let sorted = amounts.sorted()
        var sum = Decimal128.ExactSum()
        for amount in sorted { sum.add(amount) }
        guard let average = sum.average(), let largest = sorted.last else { return nil }
        self.average = average
        median = sorted[(sorted.count - 1) / 2]
        let values = sorted.map(\.approximate)
        // Few have spent very much: the scale is made for nine of ten, and the rest stand together at its end.
        let usual = min(values[(values.count - 1) * 9 / 10], largest.approximate)
        let width = Self.step(max(usual, 1) / 8)
        let count = max(1, Int((max(usual, 1) / width).rounded(.up)))
        var counts = [Int](repeating: 0, count: count + 1)
        for value in values { counts[min(max(Int((value / width).rounded(.down)), 0), count)] += 1 }
        bands = counts.enumerated().map { index, amount in
            Band(
                lower: width * Double(index), upper: index < count ? width * Double(index + 1) : nil, count: amount)
        }
    }

    /// 1, 2 or 5 times a power of ten, at least so large.
    private static func step(_ value: Double) -> Double {
        var power = 1.0
        while power * 10 <= value { power *= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value } ?? value
    }
}
