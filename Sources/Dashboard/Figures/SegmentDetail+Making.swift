import Analytics
import Columns
import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension SegmentDetail {
    /// The steps of the history, in days before now; the segment need not have existed then.
    private static let historyDays = stride(from: 360, to: 0, by: -30)

    /// - Complexity: O(history of everybody) for each step of the history, and a few times more.
    @concurrent
    static func make(_ name: Text, _ program: Program, _ store: EventStore, at now: Timestamp) async throws
        -> SegmentDetail
    {
        let snapshot = try store.snapshot()
        let own: [OwnMetric] = [.netOrders, .netRevenue, .country, .visitCountry, .channel]
        let plan = Plan(program.selecting([name], adding: own.map(\.definition)), settings: snapshot.settings)
        let evaluator = BatchEvaluator(plan: plan, source: snapshot, workers: 1)
        var history: [Step] = []
        var before: Bitmap?
        func append(_ members: Bitmap, at instant: Timestamp) {
            let staying = before.map { members.intersectionCount($0) }
            history.append(
                Step(
                    instant: instant, size: members.count, entered: staying.map { members.count - $0 },
                    left: before.flatMap { old in staying.map { old.count - $0 } }))
            before = members
        }
        for days in historyDays {
            let instant = now.adding(milliseconds: -Int64(days) * Timestamp.millisecondsPerDay)
            let past = try await evaluator.evaluate(at: instant, BatchEvaluator.Request(definitions: [name]))
            append(past.members[name] ?? Bitmap(), at: instant)
        }
        let present = try await evaluator.evaluate(at: now)
        let members = present.members[name] ?? Bitmap()
        append(members, at: now)
        let category = SegmentLanguage.Value(.property(PropertyPath(.items, ["category"])))
        let bought = try await TopQuery(category, of: EventQuery(.named("Order Completed")), limit: 8).answer(
            from: ReportInput(snapshot, at: now, among: members, workers: 1))
        return SegmentDetail(
            definitions: program.definitions, asOf: now, history: history,
            categories: bought.lists.first?.entries.map { ($0.value.string, $0.count) } ?? [],
            countries: tally(members) { present.text(of: .country, $0) ?? present.text(of: .visitCountry, $0) },
            channels: tally(members) { present.text(of: .channel, $0) },
            spend: SpendDistribution(
                members.compactMap { member in
                    let profile = ProfileNumber(member)
                    let hasBought = (present.number(of: .netOrders, profile) ?? .zero) > .zero
                    return hasBought ? present.number(of: .netRevenue, profile) : nil
                }))
    }

    /// How many members have each value, most first; those without one are left out.
    private static func tally(
        _ members: Bitmap, _ value: (ProfileNumber) -> String?
    ) -> [(name: String, count: Int)] {
        var counts: [String: Int] = [:]
        for member in members { value(ProfileNumber(member)).map { counts[$0, default: 0] += 1 } }
        return counts.map { (name: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
            .prefix(8).map(\.self)
    }
}
