package import Columns
import EventModel
package import EventStore
package import SegmentEngine

/// Everybody in the order in which members are listed: by revenue, the most first, and those of equal revenue by their number.
///
/// Made once with the figures, so that a page of members is found without sorting them: most people have no revenue, and
/// stand in the order of their numbers anyway.
package struct RevenueOrder: Sendable {
    /// Those with revenue, the most first.
    private let earning: [ProfileNumber]
    /// Those whose refunds are more than their revenue, the worst last.
    private let owing: [ProfileNumber]
    private let others: (earning: Bitmap, owing: Bitmap)

    /// Nobody has revenue.
    package static let none = RevenueOrder([])

    /// - Complexity: O(n log n) for n people with revenue.
    package init(_ people: BatchResult) {
        self.init(
            people.population.compactMap { number in
                let profile = ProfileNumber(number)
                return people.number(of: .netRevenue, profile).map { (profile, $0.approximate) }
            })
    }

    /// - Parameter revenues: of people, each once.
    package init(_ revenues: [(profile: ProfileNumber, revenue: Double)]) {
        let sorted = revenues.filter { $0.revenue != 0 }.sorted {
            ($1.revenue, $0.profile) < ($0.revenue, $1.profile)
        }
        let split = sorted.firstIndex { $0.revenue < 0 } ?? sorted.count
        earning = sorted[..<split].map(\.profile)
        owing = sorted[split...].map(\.profile)
        others = (Self.bitmap(earning), Self.bitmap(owing))
    }

    private static func bitmap(_ profiles: [ProfileNumber]) -> Bitmap {
        var bitmap = Bitmap()
        bitmap.insert(profiles)
        return bitmap
    }

    /// All of some members in order, one after another as they are asked for.
    package func all(of members: Bitmap) -> some Sequence<ProfileNumber> {
        var neither = members
        neither.subtract(others.earning)
        neither.subtract(others.owing)
        let parts: [AnySequence<ProfileNumber>] = [
            AnySequence(earning.lazy.filter { members.contains(Int($0)) }),
            AnySequence(neither.lazy.map { ProfileNumber($0) }),
            AnySequence(owing.lazy.filter { members.contains(Int($0)) }),
        ]
        return parts.joined()
    }

    /// Some of them.
    ///
    /// - Complexity: O(people) at most, without sorting and without memory for each.
    package func slice(of members: Bitmap, from start: Int, count: Int) -> [ProfileNumber] {
        guard start < members.count else { return [] }
        return Array(all(of: members).dropFirst(start).prefix(count))
    }
}
