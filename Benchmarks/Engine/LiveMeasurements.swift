import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension OpenedStore {
    /// All segments for single profiles spread over the store, each at the instant of one of its events.
    func live(_ definitions: Definitions, profiles: Int) async throws -> Figures.Live {
        let plan = Plan(definitions.program, settings: snapshot.settings)
        let ranks = try await BatchEvaluator(plan: plan, source: snapshot, workers: threads).ranks(at: now)
        let names = Set(definitions.segments)
        // The first round warms up.
        _ = try decide(plan, ranks, names, profiles)
        return try decide(plan, ranks, names, profiles)
    }

    private func decide(
        _ plan: Plan, _ ranks: RankThresholds, _ names: Set<Text>, _ profiles: Int
    ) throws -> Figures.Live {
        let evaluator = LiveEvaluator(plan: plan)
        var fetching: [UInt64] = []
        var evaluating: [UInt64] = []
        var members = 0
        for number in stride(from: 0, to: snapshot.profileCount, by: max(1, snapshot.profileCount / profiles)) {
            let start = Usage.ofThread
            let block = try snapshot.history(of: ProfileNumber(number), projection: plan.projectionForValidity)
            let fetched = Usage.ofThread
            guard let block, let time = instant(in: block, number) else { continue }
            let begun = Usage.ofThread
            let state = evaluator.state(of: block, at: time, ranks: ranks, definitions: names)
            let done = Usage.ofThread
            fetching.append(fetched - start)
            evaluating.append(done - begun)
            members += state.segments.count
        }
        guard !fetching.isEmpty else { throw BenchmarkError("the store has no events") }
        return Figures.Live(
            definitions: names.count, fetchMicroseconds: Spread(nanoseconds: fetching),
            evaluateMicroseconds: Spread(nanoseconds: evaluating), members: members)
    }

    /// The time of one of a profile's events, up to the instant of the measurement; which one follows from the number.
    private func instant(in block: HistoryBlock, _ number: Int) -> Timestamp? {
        let times = block.times.filter { $0 <= now.milliseconds }.sorted()
        guard !times.isEmpty else { return nil }
        return Timestamp(milliseconds: times[number % times.count])
    }
}
