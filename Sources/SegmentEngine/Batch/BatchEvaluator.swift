package import EventModel
package import EventStore
import SegmentLanguage
import Synchronization

/// Evaluates a plan for all profiles of a source, its blocks split over the cores.
package final class BatchEvaluator: Sendable {
    package let plan: Plan
    package let source: any HistorySource
    private let workers: Int

    /// - Parameter workers: how many blocks are decoded and evaluated at once.
    package init(plan: Plan, source: any HistorySource, workers: Int = 2) {
        self.plan = plan
        self.source = source
        self.workers = max(workers, 1)
    }

    /// What to evaluate.
    package struct Request: Sendable {
        /// Definitions to evaluate; nil: all.
        package var definitions: Set<Text>?
        /// Whether it is wanted when each profile's answers run out; costs a wider read.
        package var wantsDue = false
        /// Where the bands of ranks lie; nil: they are found for the instant.
        package var ranks: RankThresholds?

        package init(definitions: Set<Text>? = nil, wantsDue: Bool = false, ranks: RankThresholds? = nil) {
            self.definitions = definitions
            self.wantsDue = wantsDue
            self.ranks = ranks
        }
    }

    /// The members of all segments and the values of all metrics at an instant.
    ///
    /// - Parameter progress: called now and then, from any thread, with the share of the work that is done, 0...1.
    /// - Throws: what the source throws, and `CancellationError`, looked at once per block.
    @concurrent
    package func evaluate(
        at now: Timestamp, _ request: Request = Request(), progress: (@Sendable (Double) -> Void)? = nil
    ) async throws -> BatchResult {
        let entries = plan.entries.filter { request.definitions?.contains($0.definition.name) ?? true }
        let ranks =
            if let given = request.ranks { given.tables } else { try await rankTables(at: now, for: entries) }
        let projection =
            request.wantsDue
            ? plan.projectionForValidity : entries.reduce(.nothing) { $0.union($1.projection) }
        let result = Locked(
            BatchResult(
                now: now, segments: entries.filter(\.isSegment).map(\.definition.name),
                metrics: entries.filter { !$0.isSegment }.map(\.definition.name), of: source))
        try await forEachBlock(projection, ranks, progress: progress) { evaluator in
            let answers = BlockEvaluation(entries: entries, now: now, wantsDue: request.wantsDue).run(evaluator)
            result.withLock { $0.take(answers, of: entries) }
        }
        return result.withLock { $0 }
    }

    /// The bands of the ranks that definitions ask for when they are evaluated at `now`.
    @concurrent
    package func ranks(at now: Timestamp) async throws -> RankThresholds {
        RankThresholds(tables: try await rankTables(at: now, for: plan.entries))
    }

    private func rankTables(at now: Timestamp, for entries: [Plan.Entry]) async throws -> RankTables {
        var tables = RankTables(count: plan.ranks.count)
        let uses = entries.reduce(into: Set<NodeTraits.RankUse>()) { $0.formUnion($1.ranks) }
        for pass in RankPass.passes(plan.ranks, uses, now: now.milliseconds) {
            let known = tables
            let found = Locked(pass.nothingFound)
            try await forEachBlock(pass.projection, known, progress: nil) { evaluator in
                let part = pass.find(evaluator)
                found.withLock { all in pass.join(part, to: &all) }
            }
            found.withLock { all in pass.finish(&all, &tables) { source.profileID(of: $0) } }
        }
        return tables
    }

    /// Decodes the blocks, one after another on each worker, and calls `body` with each.
    private func forEachBlock(
        _ projection: Projection, _ ranks: RankTables, progress: (@Sendable (Double) -> Void)?,
        _ body: @escaping @Sendable (ProfileEvaluator) -> Void
    ) async throws {
        let count = source.blockCount
        let counter = BlockCounter()
        let (plan, source) = (plan, source)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(workers, count) {
                group.addTask {
                    // Goes from block to block and keeps its memory.
                    var evaluator: ProfileEvaluator?
                    while true {
                        let index = counter.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard index < count else { return }
                        try Task.checkCancellation()
                        let block = try source.block(index, projection: projection)
                        if let evaluator { evaluator.turn(to: block) }
                        let turned = evaluator ?? ProfileEvaluator(plan: plan, block: block, ranks: ranks)
                        evaluator = turned
                        body(turned)
                        let finished = counter.done.wrappingAdd(1, ordering: .relaxed).newValue
                        progress?(Double(finished) / Double(count))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Which block is next, and how many are done; shared by the workers.
private final class BlockCounter: Sendable {
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
}

/// Where the bands of the ranks lie at an instant, for evaluating single profiles.
package struct RankThresholds: Sendable {
    let tables: RankTables

    /// Bands without members, for plans that have no ranks.
    package static func none(for plan: Plan) -> RankThresholds {
        RankThresholds(tables: RankTables(count: plan.ranks.count))
    }
}

extension Plan.Entry {
    var isSegment: Bool { if case .segment = body { true } else { false } }

    var ranks: Set<NodeTraits.RankUse> {
        switch body {
        case .segment(let condition): condition.traits.ranks
        case .metric(let value): value.traits.ranks
        }
    }
}
