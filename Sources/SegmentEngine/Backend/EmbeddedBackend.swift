package import EventModel
package import EventStore

/// Answers from histories in this process.
package struct EmbeddedBackend: BehaviorBackend {
    package let plan: Plan
    package let source: any HistorySource
    private let batch: BatchEvaluator
    private let live: LiveEvaluator

    package init(plan: Plan, source: any HistorySource, workers: Int = 2) {
        self.plan = plan
        self.source = source
        batch = BatchEvaluator(plan: plan, source: source, workers: workers)
        live = LiveEvaluator(plan: plan)
    }

    @concurrent
    package func evaluate(
        at now: Timestamp, _ request: BatchEvaluator.Request = BatchEvaluator.Request(),
        progress: (@Sendable (Double) -> Void)? = nil
    ) async throws -> BatchResult {
        try await batch.evaluate(at: now, request, progress: progress)
    }

    @concurrent
    package func state(of id: Text, at now: Timestamp) async throws -> LiveEvaluator.State? {
        guard let block = try history(of: id) else { return nil }
        return live.state(of: block, at: now, ranks: try await batch.ranks(at: now))
    }

    @concurrent
    package func memberSince(
        _ segments: Set<Text>, of id: Text, at now: Timestamp
    ) async throws -> [Text: MembershipStart]? {
        try history(of: id).map { live.memberSince(segments, of: $0, at: now) }
    }

    @concurrent
    package func cart(of id: Text, at now: Timestamp) async throws -> [CartLine]? {
        try history(of: id).map { live.cart(of: $0, at: now) }
    }

    @concurrent
    package func explain(_ definition: Text, profile id: Text, at now: Timestamp) async throws -> Explanation? {
        guard let block = try history(of: id) else { return nil }
        return live.explain(definition, block, at: now, ranks: try await batch.ranks(at: now))
    }

    private func history(of id: Text) throws -> HistoryBlock? {
        guard let number = source.profileNumber(for: id) else { return nil }
        return try source.history(of: number, projection: plan.projectionForValidity)
    }
}
