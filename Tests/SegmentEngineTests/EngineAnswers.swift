import EventModel
import EventStore

@testable import SegmentEngine

/// What the engine says of all profiles, in the form of `evaluate`'s output.
struct EngineAnswers {
    var segments: [Text: Set<Text>] = [:]
    var metrics: [Text: [Text: JSONValue]] = [:]

    init(_ plan: Plan, _ source: any HistorySource, at now: Timestamp) async throws {
        let result = try await BatchEvaluator(plan: plan, source: source).evaluate(at: now)
        for name in result.members.keys { segments[name] = Set(result.ids(of: name) ?? []) }
        for name in result.metrics.keys {
            var values: [Text: JSONValue] = [:]
            for (id, value) in result.values(of: name) ?? [] { values[id] = value.json }
            metrics[name] = values
        }
    }
}
