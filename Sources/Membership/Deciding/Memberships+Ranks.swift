import Columns
import EventModel
import EventStore
import SegmentEngine
import Synchronization

extension Memberships {
    /// Finds the thresholds of ranks anew, and decides whoever stands on another side of one.
    ///
    /// Does nothing where no segment ranks.
    @concurrent
    package func refreshRanks() async throws {
        try await turnstile.pass {
            let begun = try await onQueue { () -> (TrackedSegments, Snapshot, Timestamp)? in
                guard let snapshot = try self.step() else { return nil }
                return try self.working { tracking in
                    guard !tracking.definitions.plan.rankedNames.isEmpty else { return nil }
                    tracking.decided = []
                    return (tracking.definitions, snapshot, tracking.mark.instant)
                } ?? nil
            }
            guard let (definitions, snapshot, instant) = begun else { return }
            do {
                let evaluator = BatchEvaluator(plan: definitions.plan, source: snapshot)
                let ranks = try await evaluator.ranks(at: instant)
                let names = definitions.plan.rankedNames.intersection(definitions.segments.map(\.name))
                let result = try await evaluator.evaluate(
                    at: instant, BatchEvaluator.Request(definitions: names, ranks: ranks))
                try await turn(to: ranks, result)
            } catch {
                try await onQueue { try self.working { $0.decided = nil } }
                throw error
            }
        }
        poke()
    }

    /// Goes by new thresholds from now on.
    ///
    /// Those whom they concern are many where much comes in: they are decided a few at a time, so that messages and the clock
    /// have their turn in between.
    private func turn(to ranks: RankThresholds, _ result: BatchResult) async throws {
        let concerned = try await onQueue { try self.use(ranks, result) }
        for profiles in concerned.sorted().chunks(of: StepHistories.together) {
            try await onQueue { try self.decide(Array(profiles)) }
        }
        published.withLock { $0.ranks = ranks }
    }

    /// Answers who is to be decided: those who stand on another side of a threshold, and those who were decided since the
    /// evaluation began. On the queue.
    private func use(_ ranks: RankThresholds, _ result: BatchResult) throws -> Set<ProfileNumber> {
        try step()
        return try working { tracking in
            var concerned = tracking.decided ?? []
            tracking.decided = nil
            for segment in tracking.segments {
                guard var other = result.members[segment.name] else { continue }
                other.formSymmetricDifference(segment.members)
                concerned.formUnion(other.lazy.map { ProfileNumber($0) })
            }
            tracking.session.ranks = ranks
            return concerned
        } ?? []
    }

    /// On the queue.
    private func decide(_ profiles: [ProfileNumber]) throws {
        guard let snapshot = try step() else { return }
        _ = try working { tracking in
            var step = Step(tracking, snapshot)
            try step.decide(profiles, at: tracking.mark.instant, cause: .rank)
            try commit(step.changes, tracking)
        }
    }
}
