import EventModel

/// A segment that another definition speaks of.
struct SegmentReference: Sendable {
    let name: Text
    let condition: ConditionNode

    /// Whether the profile is a member at an instant, and until when that is sure, rows still to come included.
    ///
    /// Before its first message a profile is no member of anything.
    func membership(at instant: Int64, _ evaluator: ProfileEvaluator, wantsValidity: Bool = true) -> Truth {
        if evaluator.created > instant { return Truth(false, until: evaluator.created) }
        let frame = evaluator.frame(at: instant, wantsValidity: wantsValidity)
        defer { evaluator.release(frame) }
        let truth = condition.evaluate(frame, .none)
        guard wantsValidity else { return truth }
        return Truth(truth.holds, until: min(truth.until, evaluator.nextRowTime(after: instant, concerning: condition)))
    }
}
