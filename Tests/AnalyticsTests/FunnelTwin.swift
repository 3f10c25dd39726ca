import EventModel
import ReferenceEvaluation
import SegmentLanguage
import TestSupport

@testable import Analytics

/// The times between the steps of a funnel, found by trying all events of each profile in turn.
///
/// Which events are those of a step the reference evaluator says, asked about each message as if it were the only one.
struct FunnelTwin {
    let times: [FunnelQuery.StepTimes]

    init(_ workspace: RandomCase, _ now: Timestamp, _ query: FunnelQuery) {
        let twin = Twin(workspace, at: now)
        let visits = OverviewTwin(twin, workspace, Period(from: now, to: now))
        var before: [[Int64]] = query.steps.dropFirst().map { _ in [] }
        var first = before
        for history in Dictionary(grouping: twin.events, by: \.profile).values {
            let places = query.steps.map { step in
                history.indices.filter { Self.matches(history, $0, step, workspace, visits, now) }
            }
            switch query.order {
            case .ordered: Self.ordered(history, places, query.within.milliseconds, &before, &first)
            case .loose: Self.loose(history, places, query.within.milliseconds, &first)
            }
        }
        times = zip(before, first).map {
            FunnelQuery.StepTimes(fromBefore: Self.spread($0), fromFirst: Self.spread($1))
        }
    }

    private static func ordered(
        _ history: [Twin.Event], _ places: [[Int]], _ within: Int64, _ before: inout [[Int64]], _ first: inout [[Int64]]
    ) {
        var best: [Int] = []
        for start in places[0] {
            var chain = [start]
            for step in places.dropFirst() {
                guard let next = step.first(where: { $0 > chain[chain.count - 1] }),
                    history[next].time.milliseconds(since: history[start].time) <= within
                else { break }
                chain.append(next)
            }
            if chain.count > best.count { best = chain }
        }
        for step in best.indices.dropFirst() {
            before[step - 1].append(history[best[step]].time.milliseconds(since: history[best[step - 1]].time))
            first[step - 1].append(history[best[step]].time.milliseconds(since: history[best[0]].time))
        }
    }

    private static func loose(
        _ history: [Twin.Event], _ places: [[Int]], _ within: Int64, _ first: inout [[Int64]]
    ) {
        for (index, step) in places.dropFirst().enumerated() {
            let times = places[0].flatMap { start in
                step.filter { $0 > start }.map { history[$0].time.milliseconds(since: history[start].time) }
            }
            guard let shortest = times.min(), shortest <= within else { return }
            first[index].append(shortest)
        }
    }

    /// The smallest value that is not below 50, or 90, of 100 values.
    private static func spread(_ times: [Int64]) -> FunnelQuery.Spread? {
        func value(_ percent: Int) -> Int64? {
            times.filter { candidate in times.count { $0 <= candidate } * 100 >= times.count * percent }.min()
        }
        guard let median = value(50), let p90 = value(90) else { return nil }
        return FunnelQuery.Spread(median: median, p90: p90)
    }

    /// Whether an event is one of a step: a visit begins with it, or it alone would be counted.
    private static func matches(
        _ history: [Twin.Event], _ place: Int, _ step: EventQuery, _ workspace: RandomCase, _ visits: OverviewTwin,
        _ now: Timestamp
    ) -> Bool {
        var step = step
        if step.events == .visit {
            guard visits.visits(of: history).contains(where: { $0.events[0].id == history[place].id }) else {
                return false
            }
            step.events = .anyEvent
        }
        guard let message = workspace.messages.first(where: { $0.messageID == history[place].id }) else { return false }
        let alone = ReferenceEvaluator(
            program: Program(inDependencyOrder: [
                Definition(name: "step", body: .segment(Condition(.did(step, count: nil))))
            ]), settings: workspace.settings, messages: [message])
        return alone.segments(at: now)["step"]?.isEmpty == false
    }
}
