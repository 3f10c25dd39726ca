package import EventModel
package import EventStore
import SegmentLanguage

/// Evaluates a plan for single profiles, with the instant up to which each answer is sure.
///
/// A live system asks again when a message arrives that `Plan.affected(by:)` names, and at `validUntil`; then it is
/// always exactly right (ranks are as fresh as the thresholds given).
package struct LiveEvaluator: Sendable {
    package let plan: Plan

    package init(plan: Plan) {
        self.plan = plan
    }

    /// One definition's answer for one profile.
    package struct Answer: Hashable, Sendable {
        /// Membership, for a segment.
        package var isMember: Bool?
        /// The value, for a metric.
        package var value: Value?
        /// The earliest instant at which the answer could be another if nothing arrived; nil: never.
        package var validUntil: Timestamp?
    }

    /// All answers for one profile.
    package struct State: Sendable {
        package var answers: [Text: Answer] = [:]
        /// Whether the profile exists yet.
        package var exists = false

        package var segments: [Text] { answers.filter { $0.value.isMember == true }.map(\.key).sorted() }

        /// The earliest of the answers' instants; nil: nothing changes by the clock alone.
        package var validUntil: Timestamp? { answers.values.compactMap(\.validUntil).min() }
    }

    /// The answers for the first profile of a block, at an instant.
    ///
    /// - Parameters:
    ///   - block: as `Plan.projectionForValidity` asks for, so that the profile's next event is known.
    ///   - definitions: which to evaluate; nil: all.
    package func state(
        of block: HistoryBlock, at now: Timestamp, ranks: RankThresholds, definitions: Set<Text>? = nil
    ) -> State {
        var state = State()
        guard block.profileCount > 0 else { return state }
        let session = LiveSession(plan: plan, ranks: ranks, definitions: definitions)
        let memory = session.begin(block, at: now)
        state.exists = memory.exists
        for (index, name) in session.names.enumerated() {
            state.answers[name] = session.answer(index, memory)
        }
        return state
    }

    /// The lines of the cart of the first profile of a block; none for a plan that never asks for carts.
    package func cart(of block: HistoryBlock, at now: Timestamp) -> [CartLine] {
        guard block.profileCount > 0 else { return [] }
        let evaluator = ProfileEvaluator(plan: plan, block: block, ranks: RankThresholds.none(for: plan).tables)
        evaluator.begin(profile: 0)
        return CartHistory.lines(of: evaluator, at: now.milliseconds)
    }

    /// Why the first profile of a block is in a segment or not, or what a metric is made of.
    ///
    /// Nil when the plan has no such definition or the profile does not exist yet.
    package func explain(
        _ name: Text, _ block: HistoryBlock, at now: Timestamp, ranks: RankThresholds
    ) -> Explanation? {
        guard let entry = plan.entries.first(where: { $0.definition.name == name }), block.profileCount > 0 else {
            return nil
        }
        let evaluator = ProfileEvaluator(plan: plan, block: block, ranks: ranks.tables)
        evaluator.begin(profile: 0)
        guard evaluator.created <= now.milliseconds else { return nil }
        let frame = evaluator.frame(at: now.milliseconds, wantsValidity: true)
        let next = evaluator.nextRowTime(after: now.milliseconds)
        var explanation: Explanation
        switch entry.body {
        case .segment(let condition): explanation = condition.explain(frame)
        case .metric(let value): explanation = Explanation(metric: value, frame)
        }
        if next != never {
            let next = Timestamp(milliseconds: next)
            explanation.validUntil = explanation.validUntil.map { min($0, next) } ?? next
        }
        return explanation
    }
}
