import Analytics
import Columns
package import EventModel
package import EventStore
import SegmentEngine
import SegmentLanguage

/// How the store did in the last 30 days, beside the 30 before.
package struct OverviewFigures: Sendable {
    /// A figure of both stretches of time.
    package struct Pair: Sendable, Hashable {
        package let now: Decimal128
        package let before: Decimal128
    }

    package static let days = 30

    package let asOf: Timestamp
    /// Of orders as they were placed; refunds are not taken off.
    package let revenue: Pair
    package let orders: Pair
    /// Profiles with any event; with an order; with their first order.
    package let active: Pair
    package let buyers: Pair
    package let newBuyers: Pair
    package let visits: Pair
    package let profiles: Int
    /// By day of the workspace's zone, the oldest first.
    package let byDay: [(day: CalendarDay, revenue: Decimal128, orders: Decimal128)]
    /// Items of orders of the last 30 days, most frequent first.
    package let products: [(name: String, count: Int)]
    package let categories: [(name: String, count: Int)]

    /// What is asked, in the language.
    private static let definitions = """
        segment active: did any event in last 30 days
        segment active_before: did any event from 60 days ago to 30 days ago
        segment ordering: did "Order Completed" in last 30 days
        segment ordering_before: did "Order Completed" from 60 days ago to 30 days ago
        segment ordering_first: in segment ordering and did not "Order Completed" before 30 days ago
        segment ordering_first_before: in segment ordering_before and did not "Order Completed" before 60 days ago
        metric revenue_now: sum(revenue of "Order Completed" in last 30 days)
        metric revenue_before: sum(revenue of "Order Completed" from 60 days ago to 30 days ago)
        metric orders_now: count("Order Completed" in last 30 days)
        metric orders_before: count("Order Completed" from 60 days ago to 30 days ago)
        metric visits_now: count(visit in last 30 days)
        metric visits_before: count(visit from 60 days ago to 30 days ago)
        """

    /// - Complexity: O(history of everybody), three times.
    @concurrent
    package static func make(_ store: EventStore, at now: Timestamp) async throws -> OverviewFigures {
        let snapshot = try store.snapshot()
        let settings = snapshot.settings
        let (program, _) = Binder.bind([Parser.parse(definitions)], zone: settings.zone)
        let evaluator = BatchEvaluator(plan: Plan(program, settings: settings), source: snapshot, workers: 1)
        let result = try await evaluator.evaluate(at: now)
        func size(_ name: Text) -> Decimal128 { Decimal128(result.members[name]?.count ?? 0) }
        func pair(of first: Text, _ second: Text) -> Pair { Pair(now: size(first), before: size(second)) }
        func sum(_ name: Text) -> Decimal128 {
            var sum = Decimal128.ExactSum()
            for (_, value) in result.metrics[name] ?? [:] { if case .number(let number) = value { sum.add(number) } }
            return sum.value() ?? .zero
        }
        let input = ReportInput(snapshot, at: now, workers: 1)
        let window = DurationLiteral(Decimal128(days), .days).map { Window.inLast($0) }
        let ordered = EventQuery(.named("Order Completed"), window: window)
        func top(_ path: [Text]) async throws -> [(name: Text, count: Int)] {
            let value = SegmentLanguage.Value(.property(PropertyPath(.items, path)))
            let answer = try await TopQuery(value, of: ordered, limit: 6).answer(from: input)
            return answer.lists.first?.entries.map { ($0.value, $0.count) } ?? []
        }
        return OverviewFigures(
            asOf: now, revenue: Pair(now: sum("revenue_now"), before: sum("revenue_before")),
            orders: Pair(now: sum("orders_now"), before: sum("orders_before")),
            active: pair(of: "active", "active_before"),
            buyers: pair(of: "ordering", "ordering_before"),
            newBuyers: pair(of: "ordering_first", "ordering_first_before"),
            visits: Pair(now: sum("visits_now"), before: sum("visits_before")), profiles: result.population.count,
            byDay: try await byDay(input, ordered, in: settings.zone),
            products: try await top(["product_id"]).map { product, count in
                let name = settings.catalogue.value(productID: product, path: ["name"])?.identity
                return ((name ?? product).string, count)
            }, categories: try await top(["category"]).map { ($0.name.string, $0.count) })
    }

    private static func byDay(
        _ input: ReportInput, _ ordered: EventQuery, in zone: Zone
    ) async throws -> [(day: CalendarDay, revenue: Decimal128, orders: Decimal128)] {
        let revenue = SegmentLanguage.Value(.property(PropertyPath(.properties, ["revenue"])))
        let answer = try await TrendQuery([.sum(revenue, ordered), .events(ordered)], by: .day).answer(from: input)
        var found: [CalendarDay: [Decimal128?]] = [:]
        for point in answer.points { found[point.firstDay] = point.values }
        let today = zone.day(of: input.now)
        return (0..<days).reversed().map { ago in
            let day = today.adding(days: -ago)
            let values = found[day] ?? []
            return (day, values.first.flatMap { $0 } ?? .zero, values.last.flatMap { $0 } ?? .zero)
        }
    }
}
