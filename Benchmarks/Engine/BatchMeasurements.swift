import EventModel
import EventStore
import SegmentEngine
import SegmentLanguage

extension OpenedStore {
    /// All segments of a file in one evaluation, with compiling.
    func together(_ definitions: Definitions) async throws -> Figures.Together {
        let names = Set(definitions.segments)
        let (result, cost) = try await Cost.of(repetitions) { try await evaluate(definitions.program, names) }
        let members = definitions.segments.map { ($0.string, Self.membership($0, in: result)) }
        return Figures.Together(
            cost: cost,
            members: Dictionary(members.compactMap { name, held in held.map { (name, $0) } }) { first, _ in first })
    }

    /// Each segment in an evaluation of its own, with compiling.
    ///
    /// - Parameter only: the names wanted; none means all.
    func alone(_ definitions: Definitions, only: [String]) async throws -> [String: Figures.Single] {
        var all: [String: Figures.Single] = [:]
        for name in definitions.segments where only.isEmpty || only.contains(name.string) {
            let program = definitions.alone(name)
            let (result, cost) = try await Cost.of(repetitions) { try await evaluate(program, [name]) }
            Progress.say("  \(name)  \(cost.cpuMs) ms CPU")
            all[name.string] = Figures.Single(cost: cost, members: Self.membership(name, in: result))
        }
        return all
    }

    func evaluate(_ program: Program, _ names: Set<Text>) async throws -> BatchResult {
        let plan = Plan(program, settings: snapshot.settings)
        let evaluator = BatchEvaluator(plan: plan, source: snapshot, workers: threads)
        return try await evaluator.evaluate(at: now, BatchEvaluator.Request(definitions: names))
    }
}
